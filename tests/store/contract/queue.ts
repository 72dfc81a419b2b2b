import fc from 'fast-check';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import type { HoldRequest } from '@/lib/domain/request';
import type { QueueItem } from '@/lib/domain/request-detail';
import type { QueueQuery, Store } from '@/server/engine/ports/store';
import type { Subject } from '../contract';
import { opened } from '../opened';
import { type Known, lookOf, modelCounts, modelQueue, nowAt, personId, placeOf, team } from '../queue-model';
import { queries, sessionsOfRequests } from '../queue-samples';
import { commitOf, heldCall, newCallId, newRequestId, newSessionId, requestOf, summaryOf } from '../samples';

const seed = 20_261_122;

/** Every page after another; `between` runs after each. */
async function pagesOf(
  store: Store,
  query: QueueQuery,
  between: (seen: readonly QueueItem[]) => Promise<void> = () => Promise.resolve(),
): Promise<readonly QueueItem[]> {
  const rows: QueueItem[] = [];
  for (let after: QueueQuery['after'] = null; ; ) {
    const page = await store.queue({ ...query, after });
    rows.push(...page);
    const last = page.at(-1);
    if (last === undefined || page.length < query.limit) return rows;
    after = placeOf(last.request, query.look);
    await between(rows);
  }
}

function answered(request: HoldRequest): HoldRequest {
  return requestOf(request.sessionId, request.requestId, { state: 'answered', openedAt: request.openedAt });
}

export function queueTests(subject: Subject): void {
  describe('the queue', () => {
    it('is what a plain filter of all requests would find, in its order, for whoever looks (I11)', async () => {
      const { store, db } = await opened(await subject.freshUrl());
      const world = fc.tuple(sessionsOfRequests, fc.array(queries, { minLength: 4, maxLength: 8 }));
      let found = 0;
      await fc.assert(
        fc.asyncProperty(world, async ([sessions, looks]) => {
          await sql`delete from hp_request`.execute(db);
          const known: Known[] = sessions.flatMap(({ agent, requests }) =>
            requests.map((request) => ({ request, agent })),
          );
          const commits = sessions.map(({ sessionId, agent, requests }) =>
            commitOf(sessionId, { requests, summary: summaryOf(sessionId, { name: agent }) }),
          );
          expect(await store.commit(commits)).toEqual({ ok: true });
          for (const query of looks) {
            const rows = await pagesOf(store, query);
            const wanted = modelQueue(known, query);
            expect(rows.map(({ request, agent }) => ({ request, agent }))).toEqual(wanted);
            expect(await store.queueCounts(query)).toEqual(modelCounts(known, query));
            found += wanted.length;
          }
        }),
        { seed, numRuns: 60 },
      );
      // Otherwise nothing was compared.
      expect(found).toBeGreaterThan(500);
      await store.close();
    });

    it.each(['deadline', 'opened'] as const)(
      'gives each row once by %s, whatever is answered between two pages (I12)',
      async (order) => {
        const { store } = await opened(await subject.freshUrl());
        const sessionId = newSessionId();
        const requests = Array.from({ length: 40 }, (_, at) =>
          requestOf(sessionId, newRequestId(), { openedAt: nowAt + (at % 4) }),
        );
        const save = (changed: readonly HoldRequest[]) =>
          store.commit([commitOf(sessionId, { requests: changed, summary: summaryOf(sessionId) })]);
        await save(requests);
        const query = { ...lookOf({ order }), limit: 7 };
        const gone = new Set<string>();
        const rows = await pagesOf(store, query, async (seen) => {
          const ids = new Set(seen.map(({ request }) => request.requestId));
          const over = [
            requests.find(({ requestId }) => ids.has(requestId) && !gone.has(requestId)),
            requests.find(({ requestId }) => !ids.has(requestId) && !gone.has(requestId)),
          ].filter((request) => request !== undefined);
          for (const { requestId } of over) gone.add(requestId);
          await save(over.map(answered));
        });
        const ids = rows.map(({ request }) => request.requestId);
        expect(new Set(ids).size).toBe(ids.length);
        // Only what was answered before its page came is not there.
        const missing = requests.filter(({ requestId }) => !ids.includes(requestId));
        expect(missing.length).toBeGreaterThan(0);
        expect(missing.every(({ requestId }) => gone.has(requestId))).toBe(true);
        const over = await pagesOf(store, { ...query, look: { ...query.look, view: 'answered' } });
        expect(new Set(over.map(({ request }) => request.requestId))).toEqual(gone);
        await store.close();
      },
    );

    it('shows a request with its call and agent, and orders equal ones by id, byte by byte', async () => {
      const { store } = await opened(await subject.freshUrl());
      const sessionId = newSessionId();
      const callId = newCallId();
      const ids = ['req_a', 'req_B', 'req_0', 'req__', 'req_Z'] as HoldRequest['requestId'][];
      const requests = ids.map((id) => requestOf(sessionId, id, { callId }));
      const call = heldCall(callId);
      await store.commit([
        commitOf(sessionId, { requests, calls: [call], summary: summaryOf(sessionId, { name: 'Zoë\u0000' }) }),
      ]);
      const rows = await pagesOf(store, { ...lookOf({}), limit: 2 });
      expect(rows.map(({ request }) => request.requestId)).toEqual(['req_0', 'req_B', 'req_Z', 'req__', 'req_a']);
      expect(rows.map((row) => row.call)).toEqual(ids.map(() => call));
      expect(new Set(rows.map((row) => row.agent))).toEqual(new Set(['Zoë\uFFFD']));
      await store.close();
    });

    it('follows a request as it is assigned, escalated, claimed and answered (I11)', async () => {
      const { store } = await opened(await subject.freshUrl());
      const sessionId = newSessionId();
      const id = newRequestId();
      const me = lookOf({}).me;
      const visible = { teams: [team('pay').id], people: [personId('ada')] };
      const save = (choice: Parameters<typeof requestOf>[2]) =>
        store.commit([
          commitOf(sessionId, { requests: [requestOf(sessionId, id, choice)], summary: summaryOf(sessionId) }),
        ]);
      const counts = () => store.queueCounts({ visible, me, now: nowAt });
      const none = { mine: 0, teams: 0, expiring: 0, open: 0, answered: 0 };
      const facts = { team: team('Payments') };
      await save({ facts });
      expect(await counts()).toEqual(none);
      await save({ facts: { ...facts, alsoTeams: [team('Pay')] } });
      expect(await counts()).toEqual({ ...none, open: 1, teams: 1, expiring: 1 });
      const claim = { by: { id: personId('ada'), name: 'Ada' }, untilAt: nowAt + 1 };
      await save({ facts: { ...facts, alsoTeams: [team('Pay')] }, claim });
      expect(await counts()).toMatchObject({ mine: 1 });
      expect(await store.queueCounts({ visible, me, now: nowAt + 1 })).toMatchObject({ mine: 0 });
      await save({ facts: { ...facts, assignedTo: { id: personId('ada'), name: 'Ada' } } });
      expect(await counts()).toEqual({ ...none, open: 1, mine: 1, expiring: 1 });
      await save({ facts: { ...facts, assignedTo: { id: personId('ada'), name: 'Ada' } }, state: 'answered' });
      expect(await counts()).toEqual(none);
      const over = { ...lookOf({ view: 'answered' }), visible };
      expect(await store.queue(over)).toHaveLength(1);
      expect(await store.queue({ ...over, visible: { teams: [], people: [] } })).toEqual([]);
      await store.close();
    });

    it('bears looks that nobody would make', async () => {
      const { store } = subject.opened();
      const names = Array.from({ length: 3_000 }, (_, at) => team(`team-${at}`).id);
      const long = lookOf({ text: '%_\\ '.repeat(5_000), teams: names, kinds: [] });
      const visible = { teams: names, people: names.map((name) => personId(name)) };
      expect(await store.queue({ ...long, visible, me: { ...long.me, teams: names } })).toEqual([]);
      const { open } = await store.queueCounts({ ...long, visible, me: { ...long.me, teams: names } });
      expect(open).toBeGreaterThanOrEqual(0);
      expect(await store.queue({ ...lookOf({ text: '\u0000' }), limit: Number.NaN })).toEqual([]);
    });
  });
}
