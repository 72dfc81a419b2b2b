import fc from 'fast-check';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { factsOf } from '@/lib/domain/overview/facts';
import { answeredWhats, binOf, quarterMs, type TallyFact, type TimeSpan } from '@/lib/domain/overview/tally';
import type { Commit, Store } from '@/server/engine/ports/store';
import { readTallies, readTallyTotals } from '@/server/store/tallies';
import type { Subject } from '../contract';
import { opened } from '../opened';
import { linesThat, planOf, queriesOf, walksTable } from '../query-plan';
import { team } from '../queue-model';
import {
  commitOf,
  completedCall,
  eventOf,
  newCallId,
  newRequestId,
  newSessionId,
  requestOf,
  summaryOf,
  workingCall,
} from '../samples';

const baseAt = 1_764_000_000_000;
const many = 1_500;

/** A decision that ended a request, a call or a session at some instant of three days. */
function endedAt(at: number, number: number): Commit {
  const sessionId = newSessionId();
  const [requestId, callId] = [newRequestId(), newCallId()];
  const summary = summaryOf(sessionId, { startedAt: at - 5, state: number % 4 === 3 ? 'ended' : 'active' });
  const envelope = { ...eventOf(sessionId, 1, { type: 'request.released', requestId }), at };
  switch (number % 4) {
    case 0: {
      const facts = {
        server: `server ${number % 3}`,
        tool: number % 5 === 0 ? null : 'x',
        ...(number % 8 === 0 ? { team: team('Pay') } : {}),
      };
      const request = requestOf(sessionId, requestId, {
        state: 'answered',
        openedAt: at - 1,
        callId,
        facts: { ...facts, kind: 'form', openedAt: at - 1 - number * 37 },
      });
      if (!('answer' in request)) throw new Error('it is answered');
      const { answer } = request;
      const said = { type: 'request.answered', requestId, ...answer, as: null } as const;
      return commitOf(sessionId, {
        summary,
        requests: [{ ...request, answer: { ...answer, savedAt: at } }],
        events: [{ ...envelope, ...said }],
      });
    }
    case 1: {
      const request = requestOf(sessionId, requestId, { state: 'expired', openedAt: at - 60_000 });
      const expired = { ...request, endedAt: at } as typeof request;
      return commitOf(sessionId, {
        summary,
        requests: [expired],
        events: [{ ...envelope, type: 'request.expired', requestId }],
      });
    }
    case 2: {
      const call = { ...completedCall(workingCall(callId)), endedAt: at } as Commit['calls'][number];
      const said = { type: 'call.completed', callId, isError: false, resultBytes: 1, summary: 'ok' } as const;
      return commitOf(sessionId, { summary, calls: [call], events: [{ ...envelope, ...said }] });
    }
    default: {
      const session = { ...summary.session, endedAt: at } as (typeof summary)['session'];
      const said = { type: 'session.ended', end: 'closed', reason: 'done' } as const;
      return commitOf(sessionId, { summary: { ...summary, session }, events: [{ ...envelope, ...said }] });
    }
  }
}

/** Over three days, at instants that are no quarters of anything. */
function someEnds(): readonly Commit[] {
  return Array.from({ length: many }, (_, number) => endedAt(baseAt + ((number * 7_919) % 4_321) * 60_007, number));
}

async function save(store: Store, commits: readonly Commit[]): Promise<readonly TallyFact[]> {
  for (let from = 0; from < commits.length; from += 250)
    expect(await store.commit(commits.slice(from, from + 250))).toEqual({ ok: true });
  return commits.flatMap((commit) => factsOf({ ...commit, session: commit.summary?.session ?? null }));
}

/** The same by adding up every fact. */
function added(
  facts: readonly TallyFact[],
  { fromAt, untilAt }: TimeSpan,
): ReadonlyMap<string, readonly [number, number]> {
  const sums = new Map<string, readonly [number, number]>();
  for (const { at, what, team: of, server, tool, ms } of facts) {
    if (at < fromAt || at >= untilAt) continue;
    const name = JSON.stringify([what, of, server, tool, answeredWhats.includes(what) ? binOf(ms) : 0]);
    const [count, total] = sums.get(name) ?? [0, 0];
    sums.set(name, [count + 1, total + Math.round(ms)]);
  }
  return sums;
}

async function read(store: Store, span: TimeSpan): Promise<ReadonlyMap<string, readonly [number, number]>> {
  const rows = await store.tallies(span);
  return new Map(
    rows.map(({ what, team: of, server, tool, bin, count, ms }) => [
      JSON.stringify([what, of, server, tool, bin]),
      [count, ms],
    ]),
  );
}

const quarters = fc
  .tuple(fc.integer({ min: -10, max: 340 }), fc.integer({ min: 0, max: 340 }))
  .map(([first, length]): TimeSpan => {
    const fromAt = Math.floor(baseAt / quarterMs) * quarterMs + first * quarterMs;
    return { fromAt, untilAt: fromAt + length * quarterMs };
  });
const everything: TimeSpan = { fromAt: 0, untilAt: baseAt * 2 };

export function tallyTests(subject: Subject): void {
  describe('what the overview adds up', () => {
    it('is every end once, over any quarters of an hour, by place and in all', async () => {
      const { store } = await opened(await subject.freshUrl());
      const facts = await save(store, someEnds());
      expect(facts.length).toBe(many + many / 4);
      await fc.assert(
        fc.asyncProperty(quarters, async (span) => {
          expect(await read(store, span)).toEqual(added(facts, span));
          const [totals = []] = await store.tallyTotals([span, everything]);
          const counted = new Map(totals.map(({ what, count }) => [what, count]));
          for (const { what } of totals)
            expect(counted.get(what)).toBe(
              facts.filter((fact) => fact.what === what && fact.at >= span.fromAt && fact.at < span.untilAt).length,
            );
        }),
        { numRuns: 40, seed: 21 },
      );
      expect(await store.tallyTotals([])).toEqual([]);
      await store.close();
    });

    it('counts nothing of a commit that was not taken, and nothing twice when it is said again (I1, I2)', async () => {
      const { store } = await opened(await subject.freshUrl());
      const commit = endedAt(baseAt, 4);
      expect(await store.commit([commit])).toEqual({ ok: true });
      const once = await read(store, everything);
      expect([...once.values()].map(([count]) => count)).toEqual([1, 1]);
      // The same events again: another writer was first.
      expect(await store.commit([commit])).toMatchObject({ ok: false, code: 'conflict' });
      expect(await read(store, everything)).toEqual(once);
      const beside = endedAt(baseAt, 0);
      expect(await store.commit([beside, commit])).toMatchObject({ ok: false, code: 'conflict' });
      expect(await read(store, everything)).toEqual(once);
      // A receipt that comes later is no second answer.
      const request = commit.requests.map((one) => ({ ...one, state: 'delivered' }) as typeof one);
      const event = eventOf(commit.sessionId, 2, {
        type: 'answer.moved_on',
        requestId: request[0]?.requestId ?? newRequestId(),
      });
      expect(await store.commit([commitOf(commit.sessionId, { requests: request, events: [event] })])).toEqual({
        ok: true,
      });
      expect(await read(store, everything)).toEqual(once);
      await store.close();
    });

    it.each(['nothing', 'half', 'all'])(
      'is filled in for what ended before, also when an upgrade broke off with %s counted (I5)',
      async (done) => {
        const url = await subject.freshUrl();
        const first = await opened(url);
        await save(first.store, someEnds());
        const written = await read(first.store, everything);
        await sql`insert into hp_tally_quarter values (0, 'stalled', 3, 0)`.execute(first.db);
        if (done === 'nothing')
          for (const table of ['hp_tally', 'hp_tally_quarter'])
            await sql`drop table ${sql.table(table)}`.execute(first.db);
        if (done === 'half')
          await sql`delete from hp_tally where size = 1 or at > ${baseAt + 100_000_000}`.execute(first.db);
        await sql`delete from hp_migration where name >= '0008'`.execute(first.db);
        await first.store.close();
        const again = await opened(url);
        expect(await read(again.store, everything)).toEqual(written);
        const [totals = []] = await again.store.tallyTotals([everything]);
        expect(totals.find(({ what }) => what === 'stalled')?.count).toBe(done === 'nothing' ? undefined : 3);
        expect(totals.find(({ what }) => what === 'session.closed')?.count).toBe(many / 4);
        // What is counted from then on is added to it.
        await again.store.commit([endedAt(baseAt, 3)]);
        const [more = []] = await again.store.tallyTotals([everything]);
        expect(more.find(({ what }) => what === 'session.closed')?.count).toBe(many / 4 + 1);
        await again.store.close();
      },
    );

    it('counts a stall once for what was quiet since when, also when another life says it again', async () => {
      const { store } = await opened(await subject.freshUrl());
      const fact: TallyFact = { at: baseAt + 5, what: 'stalled', team: '', server: 'bank', tool: 'pay', ms: 0 };
      for (const key of ['call_1 quiet 5', 'call_1 quiet 5', 'call_1 quiet 9', 'call_2 quiet 5', 'call_1 quiet 9'])
        await store.countStall({ key, fact });
      await Promise.all([1, 2, 3].map(() => store.countStall({ key: 'call_3 quiet 5', fact })));
      expect(
        (await store.tallies(everything)).map(({ what, server, tool, count }) => [what, server, tool, count]),
      ).toEqual([['stalled', 'bank', 'pay', 4]]);
      expect((await store.tallyTotals([everything]))[0]).toEqual([{ what: 'stalled', count: 4, ms: 0 }]);
      await store.close();
    });

    it('is read from its own rows alone, a range of each', async () => {
      const subjectNow = subject.opened();
      const day = 86_400_000;
      const spans = [
        { fromAt: day + quarterMs, untilAt: 9 * day - quarterMs },
        { fromAt: day, untilAt: day + quarterMs },
      ];
      const sent = await queriesOf(subjectNow.db, async (db) => {
        for (const span of spans) await readTallies(db, span);
        await readTallyTotals(db, spans);
      });
      expect(sent).toHaveLength(3);
      for (const one of sent) {
        const plan = await planOf(subjectNow, one);
        expect(plan.join('\n')).toMatch(
          subjectNow.kind === 'sqlite' ? /SEARCH (?:hp_tally|t) USING PRIMARY KEY/ : /hp_tally(?:_quarter)?_pkey/,
        );
        expect(
          linesThat(walksTable[subjectNow.kind], plan).filter((line) => !/SCAN (?:v|t|\d+ CONSTANT)/.test(line)),
        ).toEqual([]);
      }
    });
  });
}
