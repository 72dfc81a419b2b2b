import type { RequestId } from '@/lib/domain/ids';
import { claimAt } from '@/lib/domain/claim';
import type { LiveParts } from './live-parts';

/** Opening one request after another tells the others only where it ended. */
const lookAfterMs = 150;
const typingForMs = 4_000;
const renewEveryMs = 20_000;

interface Look {
  readonly requestId: RequestId | null;
  readonly typing: boolean;
}

const away: Look = { requestId: null, typing: false };

/** Tells the others what this person looks at and types, and keeps their claim while they type. */
export class Attending {
  private look: Look = away;
  private told: Look = away;
  private cancelTell: (() => void) | null = null;
  private cancelTyping: (() => void) | null = null;
  private readonly renewedAt = new Map<RequestId, number>();

  constructor(private readonly parts: LiveParts) {}

  open(requestId: RequestId): () => void {
    this.set({ requestId, typing: false });
    return () => {
      if (this.look.requestId === requestId) this.set(away);
    };
  }

  typed(requestId: RequestId): void {
    this.cancelTyping?.();
    this.cancelTyping = this.parts.around.later(typingForMs, () => this.stopTyping());
    this.set({ requestId, typing: true });
    this.renew(requestId);
  }

  /** What was typed is on its way, or was taken away. */
  stopTyping(): void {
    this.cancelTyping?.();
    this.cancelTyping = null;
    if (this.look.typing) this.set({ ...this.look, typing: false });
  }

  claim(requestId: RequestId): void {
    this.renewedAt.set(requestId, this.parts.around.now());
    void this.parts.send({ type: 'request.claim', requestId });
  }

  release(requestId: RequestId): void {
    this.renewedAt.delete(requestId);
    void this.parts.send({ type: 'request.release', requestId });
  }

  resync(): void {
    this.told = away;
    this.tell();
  }

  private set(look: Look): void {
    this.look = look;
    this.cancelTell ??= this.parts.around.later(lookAfterMs, () => {
      this.cancelTell = null;
      this.tell();
    });
  }

  private tell(): void {
    const { look, told } = this;
    if (!this.parts.isOnline() || (look.requestId === told.requestId && look.typing === told.typing)) return;
    this.told = look;
    void this.parts.send({ type: 'request.look', ...look });
  }

  private renew(requestId: RequestId): void {
    const { store, around } = this.parts;
    const now = around.now();
    const { person, clockOffsetMs, details } = store.state;
    const known = details.get(requestId);
    if (person === null || known?.status !== 'ready' || !known.detail.allowed.claim.ok) return;
    if (known.detail.request.state !== 'open' || !this.parts.isOnline()) return;
    const held = claimAt(known.detail.request, now + clockOffsetMs);
    // Another's claim is theirs until it lapses: typing here does not take it.
    if (held !== null && held.by.id !== person.id) return;
    if (now - (this.renewedAt.get(requestId) ?? 0) >= renewEveryMs) this.claim(requestId);
  }
}
