import type { Surroundings } from './surroundings';

/** Between one batch and the next: many a second are drawn ten times a second, a lone one with the next frame. */
const betweenMs = 100;

/** Gathers what arrives within one frame, so that a burst is drawn once. */
export class Frames<T> {
  private waiting: T[] = [];
  private appliedAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly around: Pick<Surroundings, 'now' | 'later' | 'nextFrame'>,
    private readonly apply: (batch: readonly T[]) => void,
  ) {}

  add(item: T): void {
    this.waiting.push(item);
    if (this.waiting.length > 1) return;
    const waitMs = this.appliedAt + betweenMs - this.around.now();
    // A clock that was set back must not keep anything waiting.
    const withFrame = (): void => this.around.nextFrame(() => this.flush());
    if (waitMs <= 0 || waitMs > betweenMs) withFrame();
    else this.around.later(waitMs, withFrame);
  }

  /** Applies at once what waits, so that a reply is never applied before the pushes that came ahead of it. */
  flush(): void {
    const batch = this.waiting;
    if (batch.length === 0) return;
    this.waiting = [];
    this.appliedAt = this.around.now();
    this.apply(batch);
  }

  /** Drops what waits. */
  clear(): void {
    this.waiting = [];
  }
}
