import type { Clock } from '@/server/engine/ports/clock';
import type { Log } from '@/server/engine/ports/log';

export interface IntakeParts<T> {
  readonly clock: Clock;
  readonly log: Log;
  /** May throw while the database is away; it is then called again with the same. */
  take(item: T): Promise<void>;
  /** More came than could be kept: what was left out has to be found again. */
  overflowed(): void;
}

const mostWaiting = 20_000;
const firstPauseMs = 500;
const longestPauseMs = 30_000;

/** One after the other, in order, each until it is done. */
export class Intake<T> {
  private waiting: T[] = [];
  private working: Promise<void> | null = null;
  private life: 'held' | 'running' | 'stopped' = 'held';
  private go: () => void = () => undefined;

  constructor(private readonly parts: IntakeParts<T>) {}

  /** Before this, items are only kept. */
  run(): void {
    if (this.life === 'held') this.life = 'running';
    this.start();
  }

  add(item: T): void {
    if (this.life === 'stopped') return;
    if (this.waiting.length >= mostWaiting) {
      this.waiting = [];
      this.parts.overflowed();
    }
    this.waiting.push(item);
    this.start();
  }

  /** Resolves when nothing waits. */
  async settled(): Promise<void> {
    while (this.working !== null) await this.working;
  }

  async stop(): Promise<void> {
    this.life = 'stopped';
    this.waiting = [];
    this.go();
    await this.settled();
  }

  private start(): void {
    if (this.life !== 'running' || this.working !== null || this.waiting.length === 0) return;
    this.working = this.work().finally(() => {
      this.working = null;
      this.start();
    });
  }

  private async work(): Promise<void> {
    let pauseMs = firstPauseMs;
    while (this.life === 'running') {
      const item = this.waiting[0];
      if (item === undefined) return;
      try {
        await this.parts.take(item);
        // Unless an overflow emptied the list meanwhile.
        if (this.waiting[0] === item) this.waiting.shift();
        pauseMs = firstPauseMs;
      } catch (error) {
        this.parts.log.warn({ err: error }, 'a notice could not be written; it is tried again');
        await this.pause(pauseMs);
        pauseMs = Math.min(pauseMs * 2, longestPauseMs);
      }
    }
  }

  private async pause(ms: number): Promise<void> {
    if (this.life === 'stopped') return;
    await new Promise<void>((resolve) => {
      const cancel = this.parts.clock.after(ms, resolve);
      this.go = () => {
        cancel();
        resolve();
      };
    });
  }
}
