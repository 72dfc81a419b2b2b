import type { Kysely } from 'kysely';
import { migrateNotify } from './migrate';
import { markSlackMs } from './notice-store';
import type { DatabaseKind, NotifyDb } from './tables';

/**
 * Keeps a restored database from telling people again: what was pending in the backup was most likely sent since, and
 * what its events would be told of as well. How many were dropped.
 */
export async function dropRestored<Tables>(
  handle: Kysely<Tables>,
  order: { readonly kind: DatabaseKind; readonly backupAt: number; readonly now: number },
): Promise<number> {
  const { kind, backupAt, now } = order;
  await migrateNotify(handle, kind);
  // The store's handle knows only its own tables; ours are in the same database.
  const db = handle as unknown as NotifyDb;
  const words = `Restored from a backup of ${new Date(backupAt).toISOString()}: whether it was sent after that is not known.`;
  return db.transaction().execute(async (trx) => {
    const dropped = await trx
      .updateTable('hp_notice')
      .set({ state: 'dropped', last_error: words })
      .where('state', '=', 'pending')
      .executeTakeFirst();
    // Events are looked at again from a while before the mark on: past all that the backup holds and restoring wrote.
    const at = now + markSlackMs + 1;
    await trx
      .insertInto('hp_notice_mark')
      .values({ id: 1, at })
      .onConflict((conflict) => conflict.column('id').doUpdateSet({ at }))
      .execute();
    return Number(dropped.numUpdatedRows);
  });
}
