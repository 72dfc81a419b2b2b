import type { Kysely } from 'kysely';
import type { SessionEvent } from '@/lib/domain/event';
import type { CallId, RequestId } from '@/lib/domain/ids';
import type { HoldRequest, RequestState } from '@/lib/domain/request';
import type { RequestQuery } from '@/server/engine/ports/store';
import { plainText } from './json-text';
import { pageSize } from './page-size';
import { readEvent, readRequest } from './read-rows';
import type { Database, RequestRow } from './schema';

/** Every request of a call, as they were opened. */
export async function requestsOfCall(db: Kysely<Database>, id: CallId): Promise<readonly HoldRequest[]> {
  const rows = await db
    .selectFrom('hp_request')
    .select(['id', 'body'])
    .where('call_id', '=', plainText(id))
    .orderBy('opened_at')
    .orderBy('id')
    .execute();
  return rows.map(readRequest);
}

/** A request has a handful; a claim renewed for days has many more. */
const mostRequestEvents = 20_000;

/** What happened to one request, in order. */
export async function requestEvents(db: Kysely<Database>, id: RequestId): Promise<readonly SessionEvent[]> {
  const rows = await db
    .selectFrom('hp_event')
    .select(['session_id', 'seq', 'type', 'body'])
    .where('request_id', '=', plainText(id))
    .orderBy('session_id')
    .orderBy('seq')
    .limit(mostRequestEvents)
    .execute();
  return rows.map(readEvent);
}

type RequestPageRow = Pick<RequestRow, 'id' | 'opened_at' | 'body'>;

/** Requests, the latest opened first. Each state is one walk of its index, so that old ones cost nothing. */
export async function listRequests(db: Kysely<Database>, query: RequestQuery): Promise<readonly HoldRequest[]> {
  const limit = pageSize(query.limit);
  const states = [...new Set(query.states)];
  const pages = await Promise.all(states.map((state) => requestsIn(db, state, { before: query.before, limit })));
  const rows = pages.flat().sort(latestFirst).slice(0, limit);
  return rows.map(readRequest);
}

function requestsIn(
  db: Kysely<Database>,
  state: RequestState,
  page: Omit<RequestQuery, 'states'>,
): Promise<RequestPageRow[]> {
  const { before, limit } = page;
  return db
    .selectFrom('hp_request')
    .select(['id', 'opened_at', 'body'])
    .where('state', '=', state)
    .$if(before !== null, (select) =>
      select.where((eb) =>
        eb(eb.refTuple('opened_at', 'id'), '<', eb.tuple(before?.openedAt ?? 0, before?.requestId ?? '')),
      ),
    )
    .orderBy('opened_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}

function latestFirst(a: RequestPageRow, b: RequestPageRow): number {
  if (a.opened_at !== b.opened_at) return b.opened_at - a.opened_at;
  return a.id < b.id ? 1 : -1;
}
