import type { Push } from '@/lib/protocol/pushes';
import type { Listing } from './listing';
import type { LiveParts } from './live-parts';
import type { SessionsLook } from './state/sessions';

/** Stands before `Listing`: the list of sessions is loaded with the first look at it, beside what people came for. */
export class ListingGate {
  private listing: Listing | null = null;
  private state: 'unloaded' | 'loading' = 'unloaded';
  /** What is looked at once it is loaded. */
  private look: SessionsLook | null = null;

  constructor(private readonly parts: LiveParts) {}

  open(look: SessionsLook): void {
    if (this.listing !== null) return this.listing.open(look);
    this.look = look;
    this.load();
  }

  /** Looks at what is counted beside the navigation, where nobody looks at a list, also one that is still to come. */
  openIfNone(look: SessionsLook): void {
    if (this.look === null && this.parts.store.state.sessions.status === 'idle') this.open(look);
  }

  more(): void {
    this.listing?.more();
  }

  resync(): void {
    if (this.look !== null) this.load();
    this.listing?.resync();
  }

  take(pushes: readonly Push[]): void {
    this.listing?.take(pushes);
  }

  private load(): void {
    if (this.state === 'loading') return;
    this.state = 'loading';
    const loaded = import('./listing').then(({ Listing: List }) => {
      this.listing = new List(this.parts);
      if (this.look !== null) this.listing.open(this.look);
      this.look = null;
    });
    // What cannot be fetched now is fetched when the line is back.
    loaded.catch(() => {
      this.state = 'unloaded';
    });
  }
}
