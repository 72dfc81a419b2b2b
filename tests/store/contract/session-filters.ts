import fc from 'fast-check';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import type { SessionEnd, SessionEvent } from '@/lib/domain/event';
import type { AgentId } from '@/lib/domain/ids';
import { isWithin, notNarrowed, saysText, sessionEnds, type SessionNarrowing } from '@/lib/domain/session-query';
import type { SessionSummary } from '@/lib/domain/summary';
import type { Commit, SessionQuery, Store } from '@/server/engine/ports/store';
import { listSessions, sessionEndCounts, sessionPicks } from '@/server/store/session-lists';
import type { Subject } from '../contract';
import { opened } from '../opened';
import { linesThat, planOf, queriesOf, sorts, walksTable } from '../query-plan';
import { commitOf, eventOf, newCallId, newSessionId, summaryOf } from '../samples';

const agents = ['ada', 'bo', 'cy'] as const;
const servers = ['files', 'bank', "o'hare", 'Élan'] as const;
const many = 2_400;

/** Every way a session can stand, again and again; several start at one instant. */
function someSessions(count: number): readonly Commit[] {
  return Array.from({ length: count }, (_, at) => {
    const id = newSessionId();
    const used = servers.filter((_server, index) => (at >> index) % 2 === 1);
    const name = agents[at % 3] ?? 'ada';
    const plain = summaryOf(id, { startedAt: Math.floor(at / 2), name, servers: used });
    const { state: _state, ...facts } = plain.session;
    const end = sessionEnds[at % 5];
    const session: SessionSummary['session'] =
      end === undefined
        ? { ...facts, agent: { id: `agt_${name}` as AgentId, name }, state: 'active' }
        : { ...facts, agent: { id: `agt_${name}` as AgentId, name }, ...over(end, at) };
    return commitOf(id, {
      summary: { ...plain, session },
      events: used.map((server, index) => received(id, index + 1, server)),
    });
  });
}

function over(end: SessionEnd, at: number): { state: 'ended'; end: SessionEnd; reason: string; endedAt: number } {
  return { state: 'ended', end, reason: 'done', endedAt: at };
}

function received(id: Commit['sessionId'], seq: number, server: string): SessionEvent {
  const facts = { title: 'x', annotations: {}, risk: 'writes', argumentsBytes: 2 } as const;
  const plain = { questionsTeam: null, sampling: 'person' } as const;
  return eventOf(id, seq, { type: 'call.received', callId: newCallId(), server, tool: 'x', ...facts, ...plain });
}

async function save(store: Store, commits: readonly Commit[]): Promise<readonly SessionSummary[]> {
  for (let from = 0; from < commits.length; from += 300) {
    expect(await store.commit(commits.slice(from, from + 300))).toEqual({ ok: true });
  }
  return commits
    .flatMap(({ summary }) => summary ?? [])
    .sort((a, b) => b.session.startedAt - a.session.startedAt || (a.session.sessionId < b.session.sessionId ? 1 : -1));
}

const narrowings: fc.Arbitrary<SessionNarrowing> = fc.record({
  agentId: fc.constantFrom(null, ...agents.map((name) => `agt_${name}` as AgentId), 'agt_nobody' as AgentId),
  server: fc.constantFrom(null, ...servers, 'none'),
  moods: fc.constant([]),
  ends: fc.subarray([...sessionEnds]),
  startedFrom: fc.constantFrom(null, 100, 590),
  startedBefore: fc.constantFrom(null, 600, 1_100),
});

/** Reads page by page to the end. */
async function readAll(
  store: Store,
  query: Omit<SessionQuery, 'before' | 'limit'>,
): Promise<readonly SessionSummary[]> {
  const all: SessionSummary[] = [];
  for (;;) {
    const last = all.at(-1)?.session ?? null;
    const before = last === null ? null : { startedAt: last.startedAt, sessionId: last.sessionId };
    const page = await store.sessions({ ...query, before, limit: 130 });
    all.push(...page);
    if (page.length < 130) return all;
  }
}

export function sessionFilterTests(subject: Subject): void {
  describe('sessions, filtered', () => {
    it('are those that a plain filter over all of them finds, in order, page by page, and counted alike', async () => {
      const { store } = await opened(await subject.freshUrl());
      const all = await save(store, someSessions(many));
      const looks = fc.record({
        live: fc.constantFrom(null, true, false),
        narrow: narrowings,
        search: fc.constantFrom(null, 'ADA', 'bank', '%'),
      });
      await fc.assert(
        fc.asyncProperty(looks, async ({ live, narrow, search }) => {
          const fits = (summary: SessionSummary): boolean =>
            (live === null || live === (summary.session.state !== 'ended')) &&
            isWithin(summary, narrow, 0) &&
            saysText(summary, search ?? '');
          const found = await readAll(store, { live, search, narrow });
          expect(found.map(({ session }) => session.sessionId)).toEqual(
            all.filter(fits).map(({ session }) => session.sessionId),
          );
          const counts = await store.sessionEnds({ search, narrow: { ...narrow, ends: [] } });
          const over = all.filter(
            (summary) => isWithin(summary, { ...narrow, ends: [] }, 0) && saysText(summary, search ?? ''),
          );
          for (const end of sessionEnds) {
            expect(counts[end]).toBe(
              over.filter(({ session }) => session.state === 'ended' && session.end === end).length,
            );
          }
        }),
        { numRuns: 60, seed: 8 },
      );
      expect(await store.sessionPicks()).toEqual({
        agents: agents.map((name) => ({ id: `agt_${name}`, name })),
        servers: [...servers].sort(),
      });
      await store.close();
    });

    it('are saved and found whatever names were chosen, of any length and letters', async () => {
      const { store } = await opened(await subject.freshUrl());
      // Four bytes each, and no two beside each other alike: nothing makes them shorter.
      const letters = Array.from({ length: 9_000 }, (_, at) => String.fromCodePoint(0x1f300 + ((at * 7_919) % 700)));
      const ids = [newSessionId(), newSessionId()];
      const commits = ids.map((id, at) => {
        const plain = summaryOf(id, { startedAt: at, name: at === 0 ? letters.join('') : 'x'.repeat(9_000) });
        return commitOf(id, { summary: plain });
      });
      expect(await store.commit(commits)).toEqual({ ok: true });
      const found = async (search: string): Promise<readonly string[]> =>
        (await store.sessions({ live: null, search, before: null, limit: 5 })).map(({ session }) => session.sessionId);
      expect(await found(letters.slice(3, 9).join(''))).toEqual([ids[0]]);
      expect(await found('xxxx')).toEqual([ids[1]]);
      await store.close();
    });

    it('leave and enter a filter with the commit that says so', async () => {
      const { store } = await opened(await subject.freshUrl());
      const id = newSessionId();
      const ids = async (narrow: Partial<SessionNarrowing>): Promise<readonly string[]> =>
        (await readAll(store, { live: null, search: null, narrow: { ...notNarrowed, ...narrow } })).map(
          ({ session }) => session.sessionId,
        );
      await store.commit([commitOf(id, { summary: summaryOf(id), events: [received(id, 1, 'files')] })]);
      expect([await ids({ server: 'files' }), await ids({ server: 'bank' }), await ids({ ends: ['closed'] })]).toEqual([
        [id],
        [],
        [],
      ]);
      const ended = summaryOf(id, { state: 'ended' });
      await store.commit([
        commitOf(id, { summary: ended, events: [received(id, 2, 'bank'), received(id, 3, 'files')] }),
      ]);
      expect([await ids({ server: 'files' }), await ids({ server: 'bank' }), await ids({ ends: ['closed'] })]).toEqual([
        [id],
        [id],
        [id],
      ]);
      expect(await ids({ ends: ['lost', 'idle'] })).toEqual([]);
      await store.close();
    });

    it.each([0, 400, 700])('are found as well when an upgrade was cut short after %i of them (I5)', async (done) => {
      const url = await subject.freshUrl();
      const first = await opened(url);
      const all = await save(first.store, someSessions(1_001));
      const rows = async (of: typeof first): Promise<unknown> => [
        (await sql`select id, ended from hp_session order by id`.execute(of.db)).rows,
        (await sql`select server, started_at, session_id from hp_session_server order by 1, 2, 3`.execute(of.db)).rows,
      ];
      const written = await rows(first);
      await sql`update hp_session set ended = null where id not in (select id from hp_session order by id limit ${done})`.execute(
        first.db,
      );
      await sql`delete from hp_session_server where session_id not in (select id from hp_session order by id limit ${done})`.execute(
        first.db,
      );
      await sql`drop index hp_session_by_agent`.execute(first.db);
      await sql`delete from hp_migration where name >= '0008'`.execute(first.db);
      await first.store.close();
      const again = await opened(url);
      expect(await rows(again)).toEqual(written);
      const narrow = { ...notNarrowed, server: 'bank' };
      const found = await readAll(again.store, { live: null, search: null, narrow });
      expect(found).toHaveLength(all.filter((summary) => isWithin(summary, narrow, 0)).length);
      await again.store.close();
    });

    it('cost no more than their page: each filter walks an index in order', async () => {
      const subjectNow = subject.opened();
      const wanted: readonly [Partial<SessionNarrowing>, Pick<SessionQuery, 'live' | 'search'>, RegExp][] = [
        [{ agentId: 'agt_ada' as AgentId }, { live: false, search: null }, /hp_session_by_agent/],
        [
          { server: 'files', agentId: 'agt_ada' as AgentId },
          { live: null, search: null },
          // A row is large: on SQLite those that another filter leaves out are not read.
          /(?:x USING[^\n]*\n[^\n]* s USING COVERING INDEX hp_session_names|hp_session_server_pkey)/,
        ],
        [{ ends: ['lost'], agentId: 'agt_ada' as AgentId }, { live: null, search: null }, /hp_session_by_agent_end/],
        [{ ends: ['lost'] }, { live: null, search: null }, /hp_session_by_end/],
        [{ startedFrom: 5, startedBefore: 9 }, { live: null, search: null }, /hp_session_(?:by_|names)/],
        [
          { ends: ['lost'], agentId: 'agt_ada' as AgentId, server: 'files' },
          { live: null, search: 'x' },
          /hp_session_(?:by_|names)/,
        ],
      ];
      for (const [narrow, asked, index] of wanted) {
        const sent = await queriesOf(subjectNow.db, async (db) => {
          for (const before of [null, { startedAt: 5, sessionId: newSessionId() }]) {
            await listSessions(db, { ...asked, narrow: { ...notNarrowed, ...narrow }, before, limit: 50 });
          }
        });
        expect(sent).toHaveLength(2);
        for (const one of sent) {
          const plan = await planOf(subjectNow, one);
          expect(plan.join('\n')).toMatch(index);
          expect(linesThat(walksTable[subjectNow.kind], plan)).toEqual([]);
          expect(linesThat(sorts[subjectNow.kind], plan)).toEqual([]);
        }
      }
    });

    it('are counted and offered without reading those that are not asked for', async () => {
      const subjectNow = subject.opened();
      const counted = await queriesOf(subjectNow.db, (db) =>
        sessionEndCounts(db, { search: null, narrow: notNarrowed }),
      );
      const offered = await queriesOf(subjectNow.db, sessionPicks);
      const named = await queriesOf(subjectNow.db, (db) => sessionEndCounts(db, { search: 'x', narrow: notNarrowed }));
      expect(named).toHaveLength(1);
      for (const one of named) {
        const plan = (await planOf(subjectNow, one)).join('\n');
        expect(plan).toMatch(/COVERING INDEX hp_session_names|Index Only Scan.* using hp_session_names/);
      }
      expect([counted.length, offered.length]).toEqual([4, 2]);
      for (const one of [...counted, ...offered]) {
        const plan = await planOf(subjectNow, one);
        expect(plan.join('\n')).toMatch(/hp_session_by_end|hp_session_by_agent|hp_session_server/);
        expect(linesThat(/^SCAN (?!each|counted)(?!.*USING )|Seq Scan/, plan)).toEqual([]);
      }
    });
  });
}
