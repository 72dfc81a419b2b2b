import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { longSession } from '@/bench/long-session';
import type { SessionEvent } from '@/lib/domain/event';
import type { RequestId, SessionId } from '@/lib/domain/ids';
import { emptyTimeline, foldTimeline, type Timeline } from '@/lib/domain/timeline';
import { openLanes } from '@/lib/domain/timeline/clocks';
import { isLookedFor, rowGroups } from '@/lib/domain/timeline/find';
import { concernOf, rowOf } from '@/lib/domain/timeline/row';
import type { Store } from '@/server/engine/ports/store';
import { searchSession } from '@/server/engine/session-search';
import { allowed, call1, log, opened, received, sent, started, type Step } from '@/tests/timeline/events';
import { randomLog } from '@/tests/timeline/random-log';
import { person, Workplace } from '@/tests/engine/workplace';
import { startKitchenSink } from '@/tests/servers/kitchen-sink';
import { ruleOf } from '@/tests/support/desk';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});

const ola = person('observer', 'Ola Berg');
const long = longSession({ events: 2_000, startedAt: 1_764_000_000_000 });

async function setUp(): Promise<Workplace> {
  const kitchen = await startKitchenSink();
  open.push(kitchen);
  const place = await Workplace.open({
    servers: [{ name: 'kitchen', transport: { kind: 'http', url: kitchen.url, headers: {}, sign: null } }],
    settings: { rules: [ruleOf({ id: 'rest', decision: 'allow' })] },
  });
  open.push(place);
  const written = await place.store.commit([long]);
  if (!written.ok) throw new Error(written.message);
  return place;
}

function must<T>(
  result: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly message: string },
): T {
  if (!result.ok) throw new Error(result.message);
  return result.value;
}

describe('a page of a session', () => {
  it('the newest comes with how its calls and connections began, and no more', async () => {
    const { engine } = await setUp();
    const page = must(await engine.people.page(ola, long.sessionId, { is: 'newest' }));
    expect(page.throughSeq).toBe(2_000);
    expect(page.fromSeq).toBe(page.events[0]?.seq);
    expect(page.events).toEqual(long.events.slice(page.fromSeq - 1));
    expect(page.origins.length).toBeGreaterThan(5);
    expect(page.origins.length).toBeLessThan(60);
    const timeline = foldTimeline(emptyTimeline(), [...page.origins, ...page.events]);
    const spoken = new Set(
      page.events.flatMap((event) => ('callId' in event && event.callId !== null ? [event.callId] : [])),
    );
    expect([...spoken].filter((id) => !timeline.lanes.has(id))).toEqual([]);
    // The call that lasts from beginning to end is drawn from its beginning.
    expect([...timeline.lanes.values()].find(({ tool }) => tool === 'watch_rollout')?.from).toBe(long.events[9]?.at);
    expect(timeline.life?.startedAt).toBe(long.events[0]?.at);
  });

  it('before, around and at meet without a gap', async () => {
    const { engine } = await setUp();
    const read = async (place: Parameters<typeof engine.people.page>[2]) =>
      must(await engine.people.page(ola, long.sessionId, place));
    const before = await read({ is: 'before', seq: 1_500 });
    expect([before.fromSeq, before.throughSeq, before.events.length]).toEqual([500, 1_499, 1_000]);
    const first = await read({ is: 'before', seq: 100 });
    expect([first.fromSeq, first.throughSeq]).toEqual([1, 99]);
    const around = await read({ is: 'around', seq: 900 });
    expect(around.events.some(({ seq }) => seq === 900)).toBe(true);
    expect(around.events).toEqual(long.events.slice(around.fromSeq - 1, around.throughSeq));
    const instant = long.events[699]?.at ?? 0;
    const at = await read({ is: 'at', at: instant + 1 });
    expect(at.events.filter((event) => event.at <= instant + 1).at(-1)?.seq).toBe(700);
    expect((await read({ is: 'at', at: 5 })).events[0]?.seq).toBe(1);
  });

  it('has what is open on it, however long ago it began', async () => {
    const place = await setUp();
    const session = await place.session();
    void place.call(session, 'ask_simple', { message: 'Still there?' });
    await place.opened();
    for (let round = 0; round < 90; round += 1) await place.call(session, 'echo', { message: `${round}` }).outcome;
    const page = must(await place.engine.people.page(ola, session, { is: 'newest' }));
    expect(page.fromSeq).toBeGreaterThan(1);
    const timeline = foldTimeline(emptyTimeline(), [...page.origins, ...page.events]);
    expect(openLanes(timeline).map(({ tool, state }) => [tool, state])).toEqual([['ask_simple', 'input_required']]);
  }, 120_000);

  it('I11 of a session that is not there is not found', async () => {
    const { engine } = await setUp();
    const missing = 'ses_000000000000' as SessionId;
    expect(await engine.people.page(ola, missing, { is: 'newest' })).toMatchObject({ ok: false, code: 'not_found' });
    const order = { sessionId: missing, look: { group: 'all', search: 'x' } } as const;
    expect(await engine.people.find(ola, order, AbortSignal.timeout(1_000))).toMatchObject({ code: 'not_found' });
  });
});

describe('a search through a session', () => {
  it('finds by words, tool, person and kind as the page does, the newest first when there are too many', async () => {
    const { engine } = await setUp();
    const find = async (search: string, group: 'all' | 'logs' = 'all') =>
      must(
        await engine.people.find(
          ola,
          { sessionId: long.sessionId, look: { group, search } },
          new AbortController().signal,
        ),
      );
    const ofTool = await find('LOOKUP_order');
    expect(ofTool.total).toBeGreaterThan(100);
    expect(ofTool.origins.some(({ type }) => type === 'call.received')).toBe(true);
    expect((await find('Read 17 rows')).events).toMatchObject([{ type: 'call.log' }]);
    expect((await find('read', 'logs')).events.every(({ type }) => type === 'call.log')).toBe(true);
    expect((await find('%')).total).toBe(0);
    const all = await find('');
    expect([all.total, all.events.length, all.events.at(-1)?.seq]).toEqual([2_000, 300, 2_000]);
  });

  it('I12 finds what the whole fold finds, with how it began, in random sessions', async () => {
    await fc.assert(
      fc.asyncProperty(randomLog, looks, async (events, look) => {
        const timeline = foldTimeline(emptyTimeline(), events);
        const matching = events.filter((event) => isLookedFor(rowOf(timeline, event), look));
        const found = await searchSession(storeOf(events), { id: long.sessionId, look }, never);
        expect(found.total).toBe(matching.length);
        expect(found.events).toEqual(matching.slice(-300));
        expect(found.origins).toEqual(originsIn(timeline, found.events));
      }),
      { numRuns: 200 },
    );
  });

  it('of a call that asks without end comes with how it began and the newest questions', async () => {
    const asks = Array.from({ length: 2_000 }, (_, index): Step[] => {
      const requestId = `req_${String(index).padStart(12, '0')}` as RequestId;
      return [
        [2, opened(requestId, call1)],
        [2, { type: 'request.withdrawn', requestId, why: 'taken back' }],
      ];
    });
    const events = log([[0, started], [1, received(call1)], [1, allowed(call1)], [1, sent(call1)], ...asks.flat()]);
    const look = { group: 'all', search: 'taken back' } as const;
    const found = await searchSession(storeOf(events), { id: long.sessionId, look }, never);
    expect(found.total).toBe(2_000);
    expect(found.origins.length).toBeLessThanOrEqual(100);
    expect(found.origins[0]?.type).toBe('call.received');
    expect(found.origins.at(-1)?.seq).toBe((found.events.at(-1)?.seq ?? 0) - 1);
  });

  it('stops reading when whoever asked is gone', async () => {
    const gone = new AbortController();
    let reads = 0;
    const store = storeOf(long.events);
    const counting: typeof store = {
      ...store,
      events: (id, page) => {
        reads += 1;
        if (reads === 2) gone.abort();
        return store.events(id, page);
      },
      eventsAt: () => Promise.reject(new Error('nobody wants it')),
    };
    const look = { group: 'all', search: '' } as const;
    const found = await searchSession(counting, { id: long.sessionId, look }, gone.signal);
    expect([reads, found.total]).toEqual([2, 1_000]);
  });
});

const never = new AbortController().signal;
const looks = fc.record({
  group: fc.constantFrom('all', ...rowGroups),
  search: fc.constantFrom('', 'request_account', 'run 2', 'ANA', 'reattached', 'question', '7', 'no one', 'answer.'),
});

function storeOf(events: readonly SessionEvent[]): Pick<Store, 'events' | 'eventsAt'> {
  return {
    events: async (_id, { afterSeq, limit }) => events.slice(afterSeq, afterSeq + limit),
    eventsAt: async (_id, seqs) => events.filter(({ seq }) => seqs.includes(seq)),
  };
}

/** As the whole fold has it: how the calls and questions of these events began. */
function originsIn(timeline: Timeline, events: readonly SessionEvent[]): readonly SessionEvent[] {
  const origins = new Map<number, SessionEvent>();
  for (const event of events) {
    const { callId, requestId } = concernOf(timeline, event);
    const id = callId ?? requestId;
    for (const own of (id === null ? undefined : timeline.drawnFrom.tracks.get(id))?.events ?? [])
      if (['call.received', 'call.sent', 'request.opened'].includes(own.type) && own.seq <= event.seq)
        origins.set(own.seq, own);
  }
  return [...origins.values()].sort((a, b) => a.seq - b.seq);
}
