import type { Log } from '@/server/engine/ports/log';
import type { Change, Publisher } from '@/server/engine/ports/publisher';

/** Takes what the engine publishes to whoever listens; made before either side. */
export class Hub implements Publisher {
  private readonly listeners = new Set<(change: Change) => void>();

  constructor(private readonly log: Log) {}

  /** What is told is already committed: a listener that fails must not stop who told it. */
  publish(change: Change): void {
    for (const listener of this.listeners) {
      try {
        listener(change);
      } catch (error) {
        this.log.error({ err: error, change: change.change }, 'a listener failed');
      }
    }
  }

  /** The returned function ends it. */
  listen(listener: (change: Change) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}
