import { type Kysely, type RawBuilder, sql } from 'kysely';
import { noCounts, type QueueCounts } from '@/lib/domain/queue-query';
import { queueItem } from '@/lib/domain/queue-item';
import type { QueueItem } from '@/lib/domain/request-detail';
import type { SessionSummary } from '@/lib/domain/summary';
import type { QueueQuery } from '@/server/engine/ports/store';
import { plainText } from './json-text';
import { pageSize } from './page-size';
import { pageConditions, viewCondition, visibleConditions } from './queue-filter';
import { readCall, readRequest, readSummary } from './read-rows';
import type { Database } from './schema';

interface Order {
  readonly column: 'due_at' | 'opened_at' | 'over_at';
  readonly direction: 'asc' | 'desc';
}

interface FoundRow {
  readonly at: number;
  readonly id: string;
  readonly body: string;
  readonly agent_name: string;
  readonly session_id: string;
  readonly session_summary: string;
  readonly call_id: string | null;
  readonly call_body: string | null;
}

/**
 * A page of the queue. The inner read walks one index and finds ids; only what it found is read whole, each with its
 * call, and its session as it is at the same moment: the item's `seq` stands for all of it. The cross joins keep SQLite
 * from walking a table instead.
 */
export async function queuePage(db: Kysely<Database>, query: QueueQuery): Promise<readonly QueueItem[]> {
  const order = orderOf(query.look);
  const place = query.after === null ? [] : [afterPlace(query.after, order)];
  const column = sql.ref(order.column);
  const { rows } = await sql<FoundRow>`
    select f.at, r.id, r.body, r.agent_name, c.id as call_id, c.body as call_body,
      s.id as session_id, s.summary as session_summary
    from (
      select id, ${column} as at from hp_request
      where ${sql.join([...pageConditions(query), ...place], sql` and `)}
      order by ${column} ${sql.raw(order.direction)}, id
      limit ${pageSize(query.limit)}
    ) as f
    cross join hp_request as r
    cross join hp_session as s
    left join hp_call as c on c.id = r.call_id
    where r.id = f.id and s.id = r.session_id`.execute(db);
  const sessions = new Map<string, SessionSummary>();
  return rows.toSorted(inOrder(order)).map((row) => queueRow(row, sessions));
}

function orderOf({ view, order }: QueueQuery['look']): Order {
  if (view === 'answered') return { column: 'over_at', direction: 'desc' };
  return order === 'opened' ? { column: 'opened_at', direction: 'desc' } : { column: 'due_at', direction: 'asc' };
}

/** The first half is what bounds the walk of the index. */
function afterPlace(
  { at, requestId }: NonNullable<QueueQuery['after']>,
  { column, direction }: Order,
): RawBuilder<boolean> {
  const by = sql.ref(column);
  const further = sql.raw(direction === 'asc' ? '>' : '<');
  return sql`(${by} ${further}= ${at} and (${by} ${further} ${at} or id > ${plainText(requestId)}))`;
}

function inOrder({ direction }: Order): (a: FoundRow, b: FoundRow) => number {
  const sign = direction === 'asc' ? 1 : -1;
  return (a, b) => (a.at === b.at ? (a.id < b.id ? -1 : 1) : sign * (a.at - b.at));
}

/** Many rows are of one session, which is read once. */
function queueRow(row: FoundRow, sessions: Map<string, SessionSummary>): QueueItem {
  const { call_id: callId, call_body: callBody, session_id: id } = row;
  const summary = sessions.get(id) ?? readSummary({ id, summary: row.session_summary });
  sessions.set(id, summary);
  const call = callId === null || callBody === null ? null : readCall({ id: callId, body: callBody });
  return { ...queueItem({ request: readRequest(row), call }, summary), agent: row.agent_name };
}

/** One walk of what is open. */
export async function queueCounts(
  db: Kysely<Database>,
  viewer: Pick<QueueQuery, 'visible' | 'me' | 'now'>,
): Promise<QueueCounts> {
  const count = (view: 'mine' | 'teams' | 'expiring'): RawBuilder<number> =>
    sql`count(case when ${viewCondition(view, viewer)} then 1 end)`;
  const { rows } = await sql<Omit<QueueCounts, 'answered'>>`
    select count(*) as "open", ${count('mine')} as "mine", ${count('teams')} as "teams",
      ${count('expiring')} as "expiring"
    from hp_request
    where ${sql.join([viewCondition('open', viewer), ...visibleConditions(viewer.visible)], sql` and `)}`.execute(db);
  return { ...noCounts, ...rows[0] };
}
