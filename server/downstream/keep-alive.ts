import type { Clock } from '@/server/engine/ports/clock';
import type { EventStream } from './event-stream';

/** Shorter than what proxies allow a quiet response. */
export const keepAliveMs = 15_000;

/** One timer for all streams: a comment now and then, so that nothing between an agent and us ends a quiet one. */
export class KeepAlive {
  private readonly streams = new Set<EventStream>();
  private stopSweep: (() => void) | null = null;

  constructor(private readonly clock: Clock) {}

  add(stream: EventStream): void {
    this.streams.add(stream);
    if (this.stopSweep === null) this.sweepLater();
  }

  remove(stream: EventStream): void {
    this.streams.delete(stream);
  }

  stop(): void {
    this.stopSweep?.();
    this.stopSweep = null;
    this.streams.clear();
  }

  private sweepLater(): void {
    this.stopSweep = this.clock.after(keepAliveMs, () => {
      this.stopSweep = null;
      for (const stream of this.streams) stream.beat();
      if (this.streams.size > 0) this.sweepLater();
    });
  }
}
