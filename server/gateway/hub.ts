import type { Change, Publisher } from '@/server/engine/ports/publisher';

/** Takes what the engine publishes to whoever listens; made before either side. */
export class Hub implements Publisher {
  private readonly listeners = new Set<(change: Change) => void>();

  publish(change: Change): void {
    for (const listener of this.listeners) listener(change);
  }

  /** The returned function ends it. */
  listen(listener: (change: Change) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}
