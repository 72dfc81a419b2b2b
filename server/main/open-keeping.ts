import type { Settings } from '@/server/engine/ports/servers';
import type { SessionId } from '@/lib/domain/ids';
import { rawRefusal } from '../engine/people-desk';
import type { Clock } from '../engine/ports/clock';
import type { Keeping } from '../engine/ports/keeping';
import type { Log } from '../engine/ports/log';
import { purgeAct } from '../keeping/keeping-acts';
import { KeepingDesk, type LastPurge } from '../keeping/keeping-desk';
import { MaskingBook } from '../keeping/masking-book';
import { maskingProblems } from '../keeping/masking-rules';
import { purgesOf } from '../keeping/purge-sql';
import { type PurgeRecord, Purger } from '../keeping/purger';
import { RetentionBook } from '../keeping/retention-book';
import type { KeepingDb } from '../keeping/tables';
import { ValuesDesk } from '../keeping/values-desk';
import type { StoreOpening } from '../store/open-store';
import { StartProblem } from './start-problem';

interface Parts {
  readonly opened: Extract<StoreOpening, { ok: true }>;
  readonly clock: Clock;
  readonly log: Log;
}

export interface OpenKeeping {
  /** For the engine. */
  readonly keeping: Keeping;
  readonly desk: KeepingDesk;
  readonly values: ValuesDesk;
  readonly purger: Purger;
}

/** What is masked, how long things are kept, and what is purged. Notices must have their tables before it purges. */
export async function openKeeping(
  { opened, clock, log }: Parts,
  { keeping: first }: Pick<Settings, 'keeping'>,
): Promise<OpenKeeping> {
  // The store's handle knows only its own tables; these are in the same database.
  const db = opened.db as unknown as KeepingDb;
  for (const { index, message } of maskingProblems(first.masking))
    throw new StartProblem(`Masking rule ${index + 1} of the configuration: ${message}`);
  const { store, audit } = opened;
  const masking = await MaskingBook.open({ db, audit, clock, log }, first.masking);
  const retention = await RetentionBook.open({ db, audit, clock }, first.retention);
  const keeping: Keeping = { masking, purged: (id: SessionId) => purgesOf(db, id) };
  let last: LastPurge | null = null;
  const record = (): PurgeRecord => {
    const entry = audit.gather();
    return {
      row: (counts) => entry.row(purgeAct(counts, clock.now())),
      async end(counts) {
        if (counts.length > 0) {
          last = { at: clock.now(), counts };
          log.info({ counts }, 'what was kept long enough was purged');
        }
        entry.release();
        await audit.settle();
      },
    };
  };
  const purger = new Purger({
    db,
    clock,
    log,
    retention: () => retention.current.retention,
    dropAudit: (beforeAt, limit) => audit.dropBefore(beforeAt, limit),
    shrink: opened.shrink,
    record,
  });
  const desk = new KeepingDesk({ db, masking, retention, purger, lastPurge: () => last, store, clock, log });
  const values = new ValuesDesk({ store, keeping, audit, clock, log, rawRefusal });
  return { keeping, desk, values, purger };
}
