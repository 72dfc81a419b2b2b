import type { Log } from './ports/log';
import type { Publisher } from './ports/publisher';
import type { Commit, CommitOutcome, Store } from './ports/store';

interface Waiting {
  readonly commit: Commit;
  readonly settle: (outcome: CommitOutcome) => void;
}

/**
 * The sole write path. Commits that arrive while one is being written go together in the next
 * transaction: many effects, one fsync. An outcome is told only after it (I2).
 */
export class Committer {
  private waiting: Waiting[] = [];
  private writing = false;
  private storageOk = true;

  constructor(private readonly ports: { readonly store: Store; readonly publisher: Publisher; readonly log: Log }) {}

  /** Whether the last write succeeded. */
  get ok(): boolean {
    return this.storageOk;
  }

  commit(commit: Commit): Promise<CommitOutcome> {
    return new Promise((settle) => {
      this.waiting.push({ commit, settle });
      if (!this.writing) void this.write();
    });
  }

  private async write(): Promise<void> {
    this.writing = true;
    while (this.waiting.length > 0) {
      const batch = this.waiting;
      this.waiting = [];
      await this.writeBatch(batch);
    }
    this.writing = false;
  }

  private async writeBatch(batch: readonly Waiting[]): Promise<void> {
    const outcome = await this.ports.store.commit(batch.map((entry) => entry.commit));
    if (!outcome.ok && outcome.code === 'conflict' && batch.length > 1) {
      // One of them was overtaken; the others must not suffer for it.
      for (const entry of batch) await this.writeBatch([entry]);
      return;
    }
    this.noteStorage(outcome);
    for (const entry of batch) entry.settle(outcome);
  }

  private noteStorage(outcome: CommitOutcome): void {
    const ok = outcome.ok || outcome.code === 'conflict';
    if (!outcome.ok) this.ports.log.error({ code: outcome.code, why: outcome.message }, 'commit refused by the store');
    if (ok === this.storageOk) return;
    this.storageOk = ok;
    this.ports.publisher.publish({ change: 'storage', ok });
  }
}
