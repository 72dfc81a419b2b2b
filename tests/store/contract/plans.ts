import { type Kysely, type KyselyPlugin, sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { agentCallReads } from '@/server/store/agent-calls';
import { listRequests, listSessions, requestEvents, requestsOfCall } from '@/server/store/lists';
import { loadLive } from '@/server/store/load-live';
import { pastCalls } from '@/server/store/past-calls';
import { queueCounts, queuePage } from '@/server/store/queue-rows';
import type { Database } from '@/server/store/schema';
import type { Subject } from '../contract';
import type { Opened } from '../opened';
import { lookOf, team } from '../queue-model';
import { agent, newCallId, newRequestId, newSessionId } from '../samples';

interface Asked {
  readonly text: string;
  readonly parameters: readonly unknown[];
}

/** Runs `read` and gives the queries it sent, as the database got them. */
async function queriesOf(
  db: Kysely<Database>,
  read: (db: Kysely<Database>) => Promise<unknown>,
): Promise<readonly Asked[]> {
  const compiled = new WeakMap<object, Asked>();
  const sent: Asked[] = [];
  const recorder: KyselyPlugin = {
    transformQuery({ node, queryId }) {
      const { sql: text, parameters } = db.getExecutor().compileQuery(node, queryId);
      compiled.set(queryId, { text, parameters });
      return node;
    },
    // Asked only of what was sent: a query within another is compiled too.
    transformResult({ result, queryId }) {
      const one = compiled.get(queryId);
      if (one !== undefined) sent.push(one);
      return Promise.resolve(result);
    },
  };
  await read(db.withPlugin(recorder));
  return sent;
}

/** How the database would find the rows: each line of its plan. */
async function planOf({ db, kind }: Opened, { text, parameters }: Asked): Promise<readonly string[]> {
  const literal = text.replaceAll(/\$(\d+)|\?/g, literals(parameters));
  if (kind === 'sqlite') {
    const { rows } = await sql<{ detail: string }>`explain query plan ${sql.raw(literal)}`.execute(db);
    return rows.map((row) => row.detail);
  }
  // Of few rows other ways are cheaper; what matters is whether an index would serve many.
  return db.transaction().execute(async (trx) => {
    for (const way of ['seqscan', 'bitmapscan', 'sort']) await sql.raw(`set local enable_${way} = off`).execute(trx);
    const { rows } = await sql<{ 'QUERY PLAN': string }>`explain ${sql.raw(literal)}`.execute(trx);
    return rows.map((row) => row['QUERY PLAN']);
  });
}

function literals(parameters: readonly unknown[]): (match: string, number: string | undefined) => string {
  let next = 0;
  return (_match, number) => {
    const value = parameters[number === undefined ? next : Number(number) - 1];
    next += 1;
    return typeof value === 'number' ? String(value) : `'${String(value)}'`;
  };
}

/** `f` is the page itself. */
const walksTable = { sqlite: /^SCAN (?!f$)(?!.*USING )/, postgres: /Seq Scan/ } as const;
const walksNames = {
  sqlite: /COVERING INDEX hp_session_search/,
  postgres: /Index Scan.* using hp_session_by_/,
} as const;
const walksOrder = {
  deadline: 'hp_request_by_deadline',
  opened: 'hp_request_by_opening',
  ended: 'hp_request_by_end',
} as const;
const sorts = { sqlite: /TEMP B-TREE/, postgres: /Sort/ } as const;

function linesThat(match: RegExp, plan: readonly string[]): readonly string[] {
  return plan.filter((line) => match.test(line));
}

export function planTests(subject: Subject): void {
  describe('what the past costs', () => {
    it('is nothing at start: live work is found through indexes alone (I5)', async () => {
      const subjectNow = subject.opened();
      const asked = await queriesOf(subjectNow.db, (db) => loadLive(db, subjectNow.kind));
      expect(asked).toHaveLength(6);
      for (const one of asked) {
        const plan = await planOf(subjectNow, one);
        expect(plan.length).toBeGreaterThan(0);
        expect(linesThat(walksTable[subjectNow.kind], plan)).toEqual([]);
      }
    });

    it('is nothing for a new page or an agent: lists walk their index in order', async () => {
      const subjectNow = subject.opened();
      const session = { startedAt: 5, sessionId: newSessionId() };
      const request = { openedAt: 5, requestId: newRequestId() };
      const call = { createdAt: 5, callId: newCallId() };
      const asked = await queriesOf(subjectNow.db, async (db) => {
        for (const live of [true, false, null]) {
          for (const before of [null, session]) await listSessions(db, { live, search: null, before, limit: 50 });
        }
        for (const before of [null, request]) {
          await listRequests(db, { states: ['open', 'answered', 'expired'], before, limit: 50 });
        }
        const { agentTasks, agentCallByKey, agentCall } = agentCallReads(db);
        for (const before of [null, call]) await agentTasks(agent.id, { before, limit: 50 });
        await agentCallByKey(agent.id, 'k');
        await agentCall(newCallId());
        await requestsOfCall(db, newCallId());
      });
      expect(asked).toHaveLength(17);
      for (const one of asked) {
        const plan = await planOf(subjectNow, one);
        expect(plan.length).toBeGreaterThan(0);
        expect(linesThat(walksTable[subjectNow.kind], plan)).toEqual([]);
        expect(linesThat(sorts[subjectNow.kind], plan)).toEqual([]);
      }
    });

    it('is, for a search, the names alone and not the rows around them', async () => {
      const subjectNow = subject.opened();
      const session = { startedAt: 5, sessionId: newSessionId() };
      const asked = await queriesOf(subjectNow.db, async (db) => {
        for (const live of [true, false, null]) {
          for (const before of [null, session]) await listSessions(db, { live, search: 'x', before, limit: 50 });
        }
      });
      expect(asked).toHaveLength(6);
      for (const one of asked) {
        const plan = await planOf(subjectNow, one);
        expect(linesThat(walksNames[subjectNow.kind], plan)).not.toEqual([]);
        expect(linesThat(walksTable[subjectNow.kind], plan)).toEqual([]);
      }
    });

    it('is nothing to a page of the queue: each order is a walk of its own index', async () => {
      const subjectNow = subject.opened();
      const after = { at: 5, requestId: newRequestId() };
      const visible = { teams: [team('pay').id], people: [] };
      const looks = [
        { look: lookOf({}), index: walksOrder.deadline },
        { look: lookOf({ view: 'expiring' }), index: walksOrder.deadline },
        { look: lookOf({ view: 'mine', text: 'x', kinds: ['form'] }), index: walksOrder.deadline },
        { look: lookOf({ view: 'teams', order: 'opened' }), index: walksOrder.opened },
        { look: lookOf({ order: 'opened', risks: ['writes'] }), index: walksOrder.opened },
        { look: lookOf({ view: 'answered', text: 'x' }), index: walksOrder.ended },
      ];
      for (const { look, index } of looks) {
        const asked = await queriesOf(subjectNow.db, async (db) => {
          for (const place of [null, after]) await queuePage(db, { ...look, visible, after: place });
        });
        expect(asked).toHaveLength(2);
        for (const one of asked) {
          const plan = await planOf(subjectNow, one);
          expect(plan.join('\n')).toContain(index);
          expect(linesThat(walksTable[subjectNow.kind], plan)).toEqual([]);
          expect(linesThat(sorts[subjectNow.kind], plan)).toEqual([]);
        }
      }
    });

    it('is nothing to the counts, to the events of a request, or to the calls received last', async () => {
      const subjectNow = subject.opened();
      const { store, db } = subjectNow;
      const counted = await queriesOf(db, (of) => queueCounts(of, lookOf({})));
      const past = await queriesOf(db, (of) => pastCalls(of, { limit: 10, sinceAt: 5 }));
      const events = await queriesOf(db, (of) => requestEvents(of, newRequestId()));
      expect(await store.requestEvents(newRequestId())).toEqual([]);
      const wanted = ['hp_request_by_', 'hp_call_by_receipt', 'hp_event_by_request'];
      expect([counted, past, events].map((each) => each.length)).toEqual([1, 1, 1]);
      for (const [at, one] of [...counted, ...past, ...events].entries()) {
        const plan = await planOf(subjectNow, one);
        expect(plan.join('\n')).toContain(wanted[at]);
        expect(linesThat(walksTable[subjectNow.kind], plan)).toEqual([]);
        expect(linesThat(sorts[subjectNow.kind], plan)).toEqual([]);
      }
    });
  });
}
