import { sql } from 'kysely';
import type { AuditDraft } from '@/lib/domain/audit';
import type { AuthDatabase, AuthTransaction } from './tables';

const peopleLock = 4_704_110_312;

/**
 * Runs one change of people at a time, so that what was checked (the last admin, a link not yet used) is
 * still true when it is written. SQLite has one connection, whose transactions take turns; PostgreSQL's
 * nodes share an advisory lock that ends with the transaction. Waiting here first, a node holds at most one
 * connection for it, and the calls that share the pool are not held up.
 *
 * The roster is read in the same transaction and put in place before the promise resolves: whoever is told
 * that a change was made finds it there.
 */
export function changePeople<T>(database: AuthDatabase, change: (trx: AuthTransaction) => Promise<T>): Promise<T> {
  return database.turns.take(async () => {
    const { value, putInPlace } = await commit(database, change);
    putInPlace();
    return value;
  });
}

/**
 * The same with what the audit log keeps of it, in the same transaction: there is no change without its entry. `actOf`
 * gives nothing for a change that was refused, or that changed nothing.
 */
export async function changePeopleKnown<T>(
  database: AuthDatabase,
  change: (trx: AuthTransaction) => Promise<T>,
  actOf: (value: T) => AuditDraft | null,
): Promise<T> {
  const { audit } = database;
  if (audit === null) return changePeople(database, change);
  let isDue = false;
  const value = await changePeople(database, async (trx) => {
    const changed = await change(trx);
    const act = actOf(changed);
    isDue = act !== null;
    if (act !== null) await trx.insertInto('hp_audit_due').values(audit.row(act)).execute();
    return changed;
  });
  if (isDue) await audit.settle();
  return value;
}

async function commit<T>(
  { db, kind, roster }: AuthDatabase,
  change: (trx: AuthTransaction) => Promise<T>,
): Promise<{ readonly value: T; readonly putInPlace: () => void }> {
  try {
    return await db.transaction().execute(async (trx) => {
      if (kind === 'postgres') await sql`select pg_advisory_xact_lock(${peopleLock})`.execute(trx);
      const value = await change(trx);
      return { value, putInPlace: await roster.read(trx) };
    });
  } catch (error) {
    roster.doubt();
    throw error;
  }
}
