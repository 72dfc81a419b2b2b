import type { Kysely } from 'kysely';
import type { SavedSession } from '@/server/engine/ports/store';
import { readAttachment, readCall, readConnection, readCursor, readRequest, readSummary } from './read-rows';
import type { Database, DatabaseKind } from './schema';

/**
 * Live sessions with what is still open in them (I5). Reads through the partial indexes of open rows,
 * so that past work costs nothing; one snapshot, so that call and request agree.
 */
export async function loadLive(db: Kysely<Database>, kind: DatabaseKind): Promise<readonly SavedSession[]> {
  const transaction = db.transaction();
  const snapshot = kind === 'postgres' ? transaction.setIsolationLevel('repeatable read') : transaction;
  const rows = await snapshot.execute((trx) => readOpenRows(trx));
  const connections = groupBySession(rows.connections, readConnection);
  const calls = groupBySession(rows.calls, readCall);
  const requests = groupBySession(rows.requests, readRequest);
  const attachments = groupBySession(rows.attachments, readAttachment);
  const cursors = groupBySession(rows.cursors, readCursor);
  return rows.sessions.map((row) => ({
    summary: readSummary(row),
    connections: connections.get(row.id) ?? [],
    calls: calls.get(row.id) ?? [],
    requests: requests.get(row.id) ?? [],
    attachments: attachments.get(row.id) ?? [],
    cursors: cursors.get(row.id) ?? [],
    rawSeq: row.rawSeq ?? 0,
  }));
}

async function readOpenRows(db: Kysely<Database>) {
  const { sessions, connections, calls, requests, attachments, cursors } = openRowQueries(db);
  return {
    sessions: await sessions.execute(),
    connections: await connections.execute(),
    calls: await calls.execute(),
    requests: await requests.execute(),
    attachments: await attachments.execute(),
    cursors: await cursors.execute(),
  };
}

/**
 * The literals, not parameters, are what lets both planners use the partial indexes; the cross joins keep SQLite
 * from walking a whole table for the rows of a few open connections.
 */
function openRowQueries(db: Kysely<Database>) {
  const sessions = db
    .selectFrom('hp_session as s')
    .select((eb) => [
      's.id',
      's.summary',
      eb
        .selectFrom('hp_raw_message as r')
        .whereRef('r.session_id', '=', 's.id')
        .select((inner) => inner.fn.max('r.seq').as('seq'))
        .as('rawSeq'),
    ])
    .where((eb) => eb('s.live', '=', eb.lit(1)))
    .orderBy('s.started_at')
    .orderBy('s.id');
  const connections = db
    .selectFrom('hp_connection')
    .select(['id', 'session_id', 'body'])
    .where((eb) => eb('open', '=', eb.lit(1)))
    .orderBy('session_id')
    .orderBy('id');
  const calls = db
    .selectFrom('hp_call')
    .select(['id', 'session_id', 'body'])
    .where((eb) => eb('open', '=', eb.lit(1)))
    .orderBy('session_id')
    .orderBy('received_at')
    .orderBy('id');
  const requests = db
    .selectFrom('hp_request')
    .select(['id', 'session_id', 'body'])
    .where((eb) => eb('open', '=', eb.lit(1)))
    .orderBy('session_id')
    .orderBy('opened_at')
    .orderBy('id');
  const attachments = db
    .selectFrom('hp_connection as c')
    .crossJoin('hp_attachment as a')
    .whereRef('a.connection_id', '=', 'c.id')
    .select(['a.connection_id', 'c.session_id', 'a.body'])
    .where((eb) => eb('c.open', '=', eb.lit(1)))
    .orderBy('a.connection_id');
  const cursors = db
    .selectFrom('hp_connection as c')
    .crossJoin('hp_cursor as u')
    .whereRef('u.connection_id', '=', 'c.id')
    .select(['u.connection_id', 'c.session_id', 'u.stream', 'u.event_id'])
    .where((eb) => eb('c.open', '=', eb.lit(1)))
    .orderBy('u.connection_id')
    .orderBy('u.stream');
  return { sessions, connections, calls, requests, attachments, cursors };
}

function groupBySession<Row extends { readonly session_id: string }, Item>(
  rows: readonly Row[],
  read: (row: Row) => Item | null,
): ReadonlyMap<string, readonly Item[]> {
  const groups = new Map<string, Item[]>();
  for (const row of rows) {
    const item = read(row);
    if (item === null) continue;
    const group = groups.get(row.session_id);
    if (group === undefined) groups.set(row.session_id, [item]);
    else group.push(item);
  }
  return groups;
}
