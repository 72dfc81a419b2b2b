import { type Kysely, sql } from 'kysely';
import type { SessionEvent } from '@/lib/domain/event';
import type { Store } from '@/server/engine/ports/store';
import { readEvent } from './read-rows';
import type { Database } from './schema';

const most = 20_000;

/** Events of requests at or after an instant, by an index of their own: of whatever session, however long the past. */
export async function eventsSince(
  db: Kysely<Database>,
  { types, at, limit }: Parameters<Store['eventsSince']>[0],
): Promise<readonly SessionEvent[]> {
  const rows = await db
    .selectFrom('hp_event')
    .select(['session_id', 'seq', 'type', 'body'])
    .where('request_id', 'is not', null)
    .where('at', '>=', at)
    .where('type', 'in', [...types])
    .orderBy('at')
    .orderBy('session_id')
    .orderBy('seq')
    .limit(Math.min(Math.max(limit, 0), most))
    .execute();
  return rows.map(readEvent);
}

/** `0004_events_since`. */
export async function addEventsSince(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createIndex('hp_event_of_request_by_time')
    .ifNotExists()
    .on('hp_event')
    .columns(['at', 'session_id', 'seq'])
    .where(sql.ref('request_id'), 'is not', null)
    .execute();
}
