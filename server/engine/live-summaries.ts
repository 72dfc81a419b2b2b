import type { SessionId } from '@/lib/domain/ids';
import type { SessionSummary } from '@/lib/domain/summary';
import type { Change } from './ports/publisher';
import type { Store } from './ports/store';

const page = 1_000;

/**
 * The live sessions as they were last committed (I2), so that those who wait can be counted and chosen without reading
 * them all each time. Read once, when first asked for; kept by what is published after each commit.
 */
export class LiveSummaries {
  private readonly known = new Map<SessionId, SessionSummary>();
  private reading: Promise<void> | null = null;
  private state: 'unread' | 'reading' | 'read' = 'unread';

  constructor(private readonly store: Pick<Store, 'sessions'>) {}

  hear(change: Change): void {
    if (change.change === 'session' && this.state !== 'unread') this.take(change.summary);
  }

  /** In no order. Throws while the database is away and they were not read yet. */
  async all(): Promise<readonly SessionSummary[]> {
    if (this.state !== 'read') {
      this.reading ??= this.read();
      await this.reading;
    }
    return [...this.known.values()];
  }

  private async read(): Promise<void> {
    this.state = 'reading';
    try {
      for (let before: { startedAt: number; sessionId: SessionId } | null = null; ; ) {
        const found = await this.store.sessions({ live: true, search: null, before, limit: page });
        for (const summary of found) this.take(summary);
        const last: SessionSummary | undefined = found.at(-1);
        if (last === undefined || found.length < page) break;
        before = { startedAt: last.session.startedAt, sessionId: last.session.sessionId };
      }
      this.state = 'read';
      for (const summary of [...this.known.values()]) this.take(summary);
    } catch (error) {
      this.state = 'unread';
      this.known.clear();
      throw error;
    } finally {
      this.reading = null;
    }
  }

  /** While reading, one that ended stays: the page that is on its way may still hold it as live. */
  private take(summary: SessionSummary): void {
    const { sessionId, state } = summary.session;
    const before = this.known.get(sessionId);
    const latest = before === undefined || before.seq <= summary.seq ? summary : before;
    if (this.state === 'read' && latest === summary && state === 'ended') this.known.delete(sessionId);
    else this.known.set(sessionId, latest);
  }
}
