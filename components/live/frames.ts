/** Gathers what arrives within one frame, so that a burst is drawn once. */
export class Frames<T> {
  private waiting: T[] = [];

  constructor(
    private readonly nextFrame: (run: () => void) => void,
    private readonly apply: (batch: readonly T[]) => void,
  ) {}

  add(item: T): void {
    this.waiting.push(item);
    if (this.waiting.length === 1) this.nextFrame(() => this.flush());
  }

  /** Applies at once what waits, so that a reply is never applied before the pushes that came ahead of it. */
  flush(): void {
    const batch = this.waiting;
    if (batch.length === 0) return;
    this.waiting = [];
    this.apply(batch);
  }

  /** Drops what waits. */
  clear(): void {
    this.waiting = [];
  }
}
