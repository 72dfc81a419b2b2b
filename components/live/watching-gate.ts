import type { SessionId } from '@/lib/domain/ids';
import type { Push } from '@/lib/protocol/pushes';
import type { LiveParts } from './live-parts';
import type { Watching } from './watching';

interface Look {
  readonly sessionId: SessionId;
  readonly at: 'events' | 'raw';
  close: (() => void) | null;
}

/** Stands before `Watching`, which brings the timeline's whole fold: it is loaded with the first session looked at. */
export class WatchingGate {
  private watching: Watching | null = null;
  private loading: Promise<void> | null = null;
  private readonly looks = new Set<Look>();

  constructor(private readonly parts: LiveParts) {}

  open(sessionId: SessionId): () => void {
    return this.look({ sessionId, at: 'events', close: null });
  }

  openRaw(sessionId: SessionId): () => void {
    return this.look({ sessionId, at: 'raw', close: null });
  }

  /** Tries again after a failure. */
  read(sessionId: SessionId): void {
    this.load();
    this.watching?.read(sessionId);
  }

  /** What is done once it is loaded; null when it could not be. */
  async when<T>(run: (watching: Watching) => Promise<T>): Promise<T | null> {
    this.load();
    await this.loading;
    return this.watching === null ? null : run(this.watching);
  }

  resync(): void {
    if (this.looks.size > 0) this.load();
    this.watching?.resync();
  }

  /** Folds the pushes of one frame into what is on screen, and reads again what fell behind. */
  take(pushes: readonly Push[]): void {
    this.watching?.take(pushes);
  }

  private look(look: Look): () => void {
    this.looks.add(look);
    this.load();
    this.settle();
    return () => {
      this.looks.delete(look);
      look.close?.();
    };
  }

  private load(): void {
    if (this.watching !== null || this.loading !== null) return;
    const loaded = import('./watching').then((file) => {
      this.watching = new file.Watching(this.parts);
      this.settle();
    });
    // A part of the page that cannot be fetched now is fetched when the line is back.
    const failed = (): void => {
      this.loading = null;
    };
    this.loading = loaded.catch(failed);
  }

  private settle(): void {
    if (this.watching === null) return;
    for (const look of this.looks) {
      look.close ??= look.at === 'events' ? this.watching.open(look.sessionId) : this.watching.openRaw(look.sessionId);
    }
  }
}
