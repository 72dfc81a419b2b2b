import type { Log } from './ports/log';
import type { Publisher } from './ports/publisher';
import type { Commit, CommitOutcome, Store } from './ports/store';

/** Asked for when its transaction is made, so that it holds all that was decided until then; null when that is nothing. */
export type Stage = () => Commit | null;

interface Waiting {
  readonly stage: Stage;
  readonly settle: (outcome: CommitOutcome) => void;
  readonly fail: (error: unknown) => void;
}

interface Staged {
  readonly commit: Commit;
  readonly settle: (outcome: CommitOutcome) => void;
}

/**
 * The sole write path. What one turn of the event loop brings, and what arrives while a transaction is
 * written, go together in the next: many effects, one fsync. An outcome is told only after it (I2).
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

  commit(stage: Stage): Promise<CommitOutcome> {
    return new Promise((settle, fail) => {
      this.waiting.push({ stage, settle, fail });
      if (!this.writing) void this.write();
    });
  }

  private async write(): Promise<void> {
    this.writing = true;
    while (this.waiting.length > 0) {
      await restOfTurn();
      const batch = this.waiting;
      this.waiting = [];
      const staged = batch.flatMap(stageOne);
      if (staged.length > 0) await this.writeBatch(staged);
    }
    this.writing = false;
  }

  private async writeBatch(batch: readonly Staged[]): Promise<void> {
    const outcome = await this.ports.store.commit(batch.map((entry) => entry.commit));
    if (!outcome.ok && outcome.code === 'conflict' && batch.length > 1) {
      // One of them was overtaken; the others must not suffer for it.
      for (const entry of batch) await this.writeBatch([entry]);
      return;
    }
    this.noteStorage(outcome);
    for (const entry of batch) entry.settle(outcome);
  }

  /** The database answered again; the next write tells whether it also takes what it is given. */
  noteBack(): void {
    if (!this.writing) this.setOk(true);
  }

  private noteStorage(outcome: CommitOutcome): void {
    const ok = outcome.ok || outcome.code === 'conflict';
    if (!outcome.ok) this.ports.log.error({ code: outcome.code, why: outcome.message }, 'commit refused by the store');
    this.setOk(ok);
  }

  private setOk(ok: boolean): void {
    if (ok === this.storageOk) return;
    this.storageOk = ok;
    this.ports.publisher.publish({ change: 'storage', ok });
  }
}

/** The database is synchronous: without this each message of a burst would wait for an fsync of its own. */
function restOfTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

function stageOne({ stage, settle, fail }: Waiting): readonly Staged[] {
  try {
    const commit = stage();
    if (commit !== null) return [{ commit, settle }];
    settle({ ok: true });
  } catch (error) {
    // A bug of one session; the others' decisions are written.
    fail(error);
  }
  return [];
}
