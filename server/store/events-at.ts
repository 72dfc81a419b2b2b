import type { Kysely } from 'kysely';
import type { SessionEvent } from '@/lib/domain/event';
import type { SessionId } from '@/lib/domain/ids';
import { plainText } from './json-text';
import { readEvent } from './read-rows';
import type { Database } from './schema';

/** A statement takes so many values on either database. */
const atOnce = 500;

/** Single events of a session by their places, each found by the primary key. */
export async function eventsAt(
  db: Kysely<Database>,
  id: SessionId,
  seqs: readonly number[],
): Promise<readonly SessionEvent[]> {
  const wanted = [...new Set(seqs)].sort((a, b) => a - b);
  const found: SessionEvent[] = [];
  for (let from = 0; from < wanted.length; from += atOnce) {
    const rows = await db
      .selectFrom('hp_event')
      .select(['session_id', 'seq', 'type', 'body'])
      .where('session_id', '=', plainText(id))
      .where('seq', 'in', wanted.slice(from, from + atOnce))
      .orderBy('seq')
      .execute();
    found.push(...rows.map(readEvent));
  }
  return found;
}
