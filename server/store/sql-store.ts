import type { Kysely } from 'kysely';
import type { AgentId, SessionId } from '@/lib/domain/ids';
import type { Log } from '@/server/engine/ports/log';
import type { Commit, CommitOutcome, Store } from '@/server/engine/ports/store';
import type { AuditChain } from './audit/audit-chain';
import { agentCallReads } from './agent-calls';
import { commitFailure } from './commit-failure';
import { controlStore } from './control';
import { plainText, readJson } from './json-text';
import { eventsAt } from './events-at';
import { eventsSince } from './events-since';
import { listRequests, requestEvents, requestsOfCall } from './lists';
import { loadLive } from './load-live';
import { paceRows } from './pace-rows';
import { pageSize } from './page-size';
import { pastCalls } from './past-calls';
import { queueCounts, queuePage } from './queue-rows';
import { readCall, readEvent, readRaw, readRequest, readSummary } from './read-rows';
import type { Database, DatabaseKind } from './schema';
import { listSessions, sessionEndCounts, sessionPicks } from './session-lists';
import { countStall } from './stalls';
import { readTallies, readTallyTotals } from './tallies';
import { planProbe, planWrites } from './write-plan';
import type { Writer } from './writer';

export interface StoreParts {
  readonly db: Kysely<Database>;
  readonly kind: DatabaseKind;
  readonly writer: Writer;
  readonly chain: AuditChain;
  readonly log: Log;
  readonly close: () => Promise<void>;
}

/** The engine's store over one Kysely schema, whichever database it is. */
export function createStore({ db, kind, writer, chain, log, close }: StoreParts): Store {
  let closing: Promise<void> | null = null;
  return {
    commit: (batch) => commit(batch, { writer, chain, log }),
    loadLive: () => loadLive(db, kind),
    sessions: (query) => listSessions(db, query),
    sessionEnds: (query) => sessionEndCounts(db, query),
    sessionPicks: () => sessionPicks(db),
    tallies: (span) => readTallies(db, span),
    countStall: (stall) => countStall(db, stall),
    tallyTotals: (spans) => readTallyTotals(db, spans),
    requests: (query) => listRequests(db, query),
    requestsOfCall: (id) => requestsOfCall(db, id),
    requestEvents: (id) => requestEvents(db, id),
    eventsSince: (query) => eventsSince(db, query),
    queue: (query) => queuePage(db, query),
    queueCounts: (query) => queueCounts(db, query),
    pastCalls: (query) => pastCalls(db, query),
    ...paceRows(db),
    close() {
      closing ??= close();
      return closing;
    },
    ...singleReads(db),
    ...pageReads(db),
    ...agentCallReads(db),
    ...controlStore(db),
  };
}

/** An empty batch finds out whether the database takes anything: it writes one row of no meaning. */
async function commit(
  batch: readonly Commit[],
  { writer, chain, log }: Pick<StoreParts, 'writer' | 'chain' | 'log'>,
): Promise<CommitOutcome> {
  try {
    const acts = batch.flatMap((one) => one.audit);
    await chain.append(acts, async (links) => {
      const plan = batch.length === 0 ? planProbe(Date.now()) : planWrites(batch, links);
      if (plan.puts.length > 0 || plan.dropConnections.length > 0) await writer.write(plan);
    });
    return { ok: true };
  } catch (error) {
    const failure = commitFailure(error);
    log.warn(
      { code: failure.code, why: failure.message, sessions: batch.map((one) => one.sessionId) },
      'a commit failed',
    );
    return failure;
  }
}

function singleReads(db: Kysely<Database>): Pick<Store, 'session' | 'call' | 'request' | 'payload' | 'agentOf'> {
  return {
    async session(id) {
      const row = await db
        .selectFrom('hp_session')
        .select(['id', 'summary'])
        .where('id', '=', plainText(id))
        .executeTakeFirst();
      return row === undefined ? null : readSummary(row);
    },
    async call(id) {
      const row = await db
        .selectFrom('hp_call')
        .select(['id', 'session_id', 'body'])
        .where('id', '=', plainText(id))
        .executeTakeFirst();
      return row === undefined ? null : { sessionId: row.session_id as SessionId, call: readCall(row) };
    },
    async request(id) {
      const row = await db
        .selectFrom('hp_request')
        .select(['id', 'body'])
        .where('id', '=', plainText(id))
        .executeTakeFirst();
      return row === undefined ? null : readRequest(row);
    },
    async payload(owner, kind) {
      const row = await db
        .selectFrom('hp_payload')
        .select('body')
        .where('owner', '=', plainText(owner))
        .where('kind', '=', kind)
        .executeTakeFirst();
      return row === undefined ? null : readJson(row.body, { table: 'hp_payload', id: `${owner}/${kind}` });
    },
    async agentOf(id) {
      const row = await db
        .selectFrom('hp_session')
        .select('agent_id')
        .where('id', '=', plainText(id))
        .executeTakeFirst();
      return row === undefined ? null : (row.agent_id as AgentId);
    },
  };
}

/** What the column holds. */
const highestSeq = 2_147_483_647;

type PageReads = Pick<Store, 'events' | 'eventsBefore' | 'eventsAt' | 'seqAt' | 'raw' | 'rawBefore'>;

function pageReads(db: Kysely<Database>): PageReads {
  return {
    eventsAt: (id, seqs) => eventsAt(db, id, seqs),
    async events(id, page) {
      const rows = await db
        .selectFrom('hp_event')
        .select(['session_id', 'seq', 'type', 'body'])
        .where('session_id', '=', plainText(id))
        .where('seq', '>', page.afterSeq)
        .orderBy('seq')
        .limit(pageSize(page.limit))
        .execute();
      return rows.map(readEvent);
    },
    async eventsBefore(id, { beforeSeq, limit, types }) {
      let query = db
        .selectFrom('hp_event')
        .select(['session_id', 'seq', 'type', 'body'])
        .where('session_id', '=', plainText(id))
        .where('seq', '<', Math.min(beforeSeq, highestSeq));
      if (types !== null) query = query.where('type', 'in', [...types]);
      const rows = await query.orderBy('seq', 'desc').limit(pageSize(limit)).execute();
      return rows.reverse().map(readEvent);
    },
    async seqAt(id, at) {
      const row = await db
        .selectFrom('hp_event')
        .select((builder) => builder.fn.max('seq').as('seq'))
        .where('session_id', '=', plainText(id))
        .where('at', '<=', Math.trunc(at))
        .executeTakeFirst();
      return Number(row?.seq ?? 0);
    },
    async raw(id, page) {
      const rows = await db
        .selectFrom('hp_raw_message')
        .select(['session_id', 'seq', 'body'])
        .where('session_id', '=', plainText(id))
        .where('seq', '>', page.afterSeq)
        .orderBy('seq')
        .limit(pageSize(page.limit))
        .execute();
      return rows.map(readRaw);
    },
    async rawBefore(id, page) {
      const rows = await db
        .selectFrom('hp_raw_message')
        .select(['session_id', 'seq', 'body'])
        .where('session_id', '=', plainText(id))
        .$if(page.beforeSeq !== null, (select) => select.where('seq', '<', page.beforeSeq ?? 0))
        .orderBy('seq', 'desc')
        .limit(pageSize(page.limit))
        .execute();
      return rows.map(readRaw).reverse();
    },
  };
}
