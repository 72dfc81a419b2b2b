import { afterEach, describe, expect, it } from 'vitest';
import { longSession } from '@/bench/long-session';
import type { SessionId } from '@/lib/domain/ids';
import { emptyTimeline, foldTimeline } from '@/lib/domain/timeline';
import { openLanes } from '@/lib/domain/timeline/clocks';
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

  it('stops when whoever asked is gone', async () => {
    const { engine } = await setUp();
    const order = { sessionId: long.sessionId, look: { group: 'all', search: '' } } as const;
    const found = must(await engine.people.find(ola, order, AbortSignal.abort()));
    expect(found.total).toBe(500);
  });
});
