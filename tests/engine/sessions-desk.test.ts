import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CallId, RequestId, SessionId } from '@/lib/domain/ids';
import { noMoods, notNarrowed, type SessionNarrowing } from '@/lib/domain/session-query';
import type { SessionSummary } from '@/lib/domain/summary';
import { unknownPace } from '@/lib/domain/pace';
import type { Waits } from '@/lib/domain/verdict';
import { LiveSummaries } from '@/server/engine/live-summaries';
import type { SessionQuery, Store } from '@/server/engine/ports/store';
import { SessionsDesk } from '@/server/engine/sessions-desk';
import { type Opened, opened } from '@/tests/store/opened';
import { commitOf, newSessionId, summaryOf } from '@/tests/store/samples';
import { MovableClock, must, person, silent } from './workplace';

const clock = new MovableClock();
const someone = person('observer');
const byPage = 50;
let folder = '';
let db: Opened;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'holdpoint-sessions-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function live(at: number, waits: Waits): SessionSummary {
  return { ...summaryOf(newSessionId(), { startedAt: at, name: at % 2 === 0 ? 'ada' : 'bo' }), waits };
}

const nobody: Waits = { person: null, model: null, servers: [], quietSinceAt: 0 };

function onServer(lastSignAt: number): Waits {
  const call = { callId: 'call_0' as CallId, server: 'files', tool: 'x', pace: unknownPace };
  return { ...nobody, servers: [{ ...call, sinceAt: 0, lastSignAt }] };
}

function onPerson(): Waits {
  return { ...nobody, person: { sinceAt: 0, requestId: 'req_0' as RequestId, title: 'x', more: 0 } };
}

function ended(summary: SessionSummary): SessionSummary {
  const { state: _state, ...facts } = summary.session;
  const session = { ...facts, state: 'ended', end: 'closed', reason: 'done', endedAt: clock.now() } as const;
  return { ...summary, seq: summary.seq + 1, session };
}

/** A desk over a database of its own, which holds these. */
async function deskOver(
  summaries: readonly SessionSummary[],
): Promise<{ desk: SessionsDesk; heard: LiveSummaries; store: Store }> {
  db = await opened(`sqlite:${path.join(folder, newSessionId(), 'holdpoint.db')}`);
  const { store } = db;
  await store.commit(summaries.map((summary) => commitOf(summary.session.sessionId, { summary })));
  const heard = new LiveSummaries(store);
  return { desk: new SessionsDesk({ store, clock, log: silent, summaries: heard }), heard, store };
}

function query(narrow: Partial<SessionNarrowing>, more: Partial<SessionQuery> = {}): SessionQuery {
  return { live: null, search: null, before: null, limit: byPage, narrow: { ...notNarrowed, ...narrow }, ...more };
}

const ids = (list: readonly SessionSummary[]): readonly SessionId[] => list.map(({ session }) => session.sessionId);

describe('the list of sessions at the desk', () => {
  it('finds those that wait so over all that live, not over a page of them, and as time goes on', async () => {
    const now = clock.now();
    // More than a page of busy ones stand before the one that is quiet.
    const busy = Array.from({ length: 120 }, (_, at) => live(1_000 + at, onServer(now)));
    const quiet = live(1, onServer(now - 599_000));
    const asked = live(2, onPerson());
    const { desk, store } = await deskOver([...busy, quiet, asked]);
    expect(ids(must(await desk.list(someone, query({ moods: ['slow'] }))))).toEqual([quiet.session.sessionId]);
    expect(ids(must(await desk.list(someone, query({ moods: ['stalled'] }))))).toEqual([]);
    expect(must(await desk.counts(someone, query({})))).toMatchObject({
      live: 122,
      moods: { ...noMoods, busy: 120, slow: 1, person: 1 },
    });
    clock.move(1_000);
    expect(ids(must(await desk.list(someone, query({ moods: ['stalled', 'person'] }))))).toEqual(ids([asked, quiet]));
    const first = must(await desk.list(someone, query({ moods: ['busy'] })));
    const last = first.at(-1)?.session;
    if (last === undefined) throw new Error('nobody is busy');
    const rest = must(await desk.list(someone, query({ moods: ['busy'] }, { before: last, limit: 500 })));
    expect(new Set([...ids(first), ...ids(rest)]).size).toBe(120);
    expect(first.length + rest.length).toBe(120);
    const named = must(await desk.counts(someone, query({}, { search: 'ADA' })));
    expect(named).toMatchObject({ live: 61, moods: { ...noMoods, busy: 60, person: 1 } });
    expect(must(await desk.list(someone, query({ moods: ['person'], ends: ['lost'] })))).toEqual([]);
    expect(must(await desk.list(someone, query({ moods: ['person'] }, { live: false })))).toEqual([]);
    await store.close();
  });

  it('I12 follows what is published, also while it is still reading', async () => {
    const [a, b] = [live(1, onPerson()), live(2, onPerson())];
    const { desk, heard, store } = await deskOver([a, b]);
    const counting = desk.counts(someone, query({}));
    heard.hear({ change: 'session', summary: ended(a) });
    expect(must(await counting).live).toBe(1);
    heard.hear({ change: 'session', summary: { ...b, seq: b.seq - 1, waits: onServer(clock.now()) } });
    expect(ids(must(await desk.list(someone, query({ moods: ['person'] }))))).toEqual([b.session.sessionId]);
    heard.hear({ change: 'session', summary: live(3, onPerson()) });
    expect(must(await desk.counts(someone, query({}))).moods.person).toBe(2);
    await store.close();
  });

  it('says that the database is away, and reads once it is back', async () => {
    const { store } = await deskOver([live(1, onPerson())]);
    let isAway = true;
    const sometimes: Store = {
      ...store,
      sessions: (asked) => (isAway ? Promise.reject(new Error('away')) : store.sessions(asked)),
    };
    const desk = new SessionsDesk({ store: sometimes, clock, log: silent, summaries: new LiveSummaries(sometimes) });
    expect(await desk.counts(someone, query({}))).toMatchObject({ ok: false, code: 'cannot_save' });
    isAway = false;
    expect(must(await desk.counts(someone, query({}))).live).toBe(1);
    await store.close();
  });
});
