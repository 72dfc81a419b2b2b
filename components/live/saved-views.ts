import type { Result } from '@/lib/domain/refusal';
import type { SavedView } from '@/lib/protocol/command/me';
import { type LiveParts, readPatiently } from './live-parts';
import { toSend } from './queueing';
import type { Offline } from './wire';

/** This person's saved views, read once somebody wants to see them. */
export class SavedViews {
  private state: 'unwanted' | 'wanted' | 'read' = 'unwanted';

  constructor(private readonly parts: LiveParts) {}

  want(): void {
    if (this.state !== 'unwanted') return;
    this.state = 'wanted';
    void this.read();
  }

  /** The line is back: another page may have changed them. */
  resync(): void {
    if (this.state !== 'unwanted') void this.read();
  }

  /** All of them, in their order. */
  async save(views: readonly SavedView[]): Promise<Result<readonly SavedView[]> | Offline> {
    const reply = await this.parts.send({
      type: 'me.save_views',
      views: views.map(({ name, look }) => ({ name, look: toSend(look) })),
    });
    if (reply.ok) this.parts.store.change(() => ({ views: reply.value }));
    return reply;
  }

  private async read(): Promise<void> {
    if (!this.parts.isOnline()) return;
    const reply = await readPatiently(this.parts, { type: 'me.read' });
    if (reply === null || !reply.ok) return;
    this.state = 'read';
    this.parts.store.change(() => ({ views: reply.value.views }));
  }
}
