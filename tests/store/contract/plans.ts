import { describe, expect, it } from 'vitest';
import { agentCallReads } from '@/server/store/agent-calls';
import { listRequests, requestEvents, requestsOfCall } from '@/server/store/lists';
import { listSessions } from '@/server/store/session-lists';
import { loadLive } from '@/server/store/load-live';
import { pastCalls } from '@/server/store/past-calls';
import { queueCounts, queuePage } from '@/server/store/queue-rows';
import type { Subject } from '../contract';
import { lookOf, team } from '../queue-model';
import { linesThat, planOf, queriesOf, sorts, walksTable } from '../query-plan';
import { agent, newCallId, newRequestId, newSessionId } from '../samples';

const walksNames = {
  sqlite: /COVERING INDEX hp_session_names/,
  postgres: /Index Only Scan.* using hp_session_names/,
} as const;
const walksOrder = {
  deadline: 'hp_request_by_deadline',
  opened: 'hp_request_by_opening',
  ended: 'hp_request_by_end',
} as const;

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
