import { type Kysely, sql } from 'kysely';
import type { SessionId } from '@/lib/domain/ids';
import type { SessionSummary } from '@/lib/domain/summary';
import type { PastCall, Store } from '@/server/engine/ports/store';
import { readJson } from './json-text';
import { pageSize } from './page-size';
import { readCall, readSummary } from './read-rows';
import type { Database } from './schema';

const mostCalls = 5_000;
/** Characters of arguments beyond which a call is left out: thousands of them are in memory at once. */
const longestArguments = 65_536;

interface FoundCall {
  readonly id: string;
  readonly session_id: SessionId;
  readonly body: string;
  readonly arguments: string;
  readonly tool: string | null;
  readonly summary: string;
}

/** The calls received last whose arguments are still kept, newest first, in one read. */
export async function pastCalls(
  db: Kysely<Database>,
  { limit, sinceAt }: Parameters<Store['pastCalls']>[0],
): Promise<readonly PastCall[]> {
  const { rows } = await sql<FoundCall>`
    select c.id, c.session_id, c.body, a.body as arguments, t.body as tool, s.summary
    from hp_call as c
    cross join hp_payload as a
    cross join hp_session as s
    left join hp_payload as t on t.owner = c.id and t.kind = 'tool'
    where c.received_at >= ${sinceAt} and a.owner = c.id and a.kind = 'arguments' and a.body <> 'null'
      and length(a.body) <= ${longestArguments} and s.id = c.session_id
    order by c.received_at desc, c.id desc
    limit ${pageSize(limit, mostCalls)}`.execute(db);
  const summaries = new Map<string, SessionSummary>();
  return rows.map((row) => {
    const summary = summaries.get(row.session_id) ?? readSummary({ id: row.session_id, summary: row.summary });
    summaries.set(row.session_id, summary);
    return pastCall(row, summary);
  });
}

function pastCall(row: FoundCall, { session }: SessionSummary): PastCall {
  const call = readCall(row);
  const body = (text: string, kind: string) => readJson(text, { table: 'hp_payload', id: `${row.id}/${kind}` });
  return {
    callId: call.callId,
    sessionId: row.session_id,
    call,
    arguments: body(row.arguments, 'arguments'),
    tool: row.tool === null ? null : body(row.tool, 'tool'),
    agent: session.agent,
    client: session.client?.name ?? null,
    scope: session.scope,
  };
}
