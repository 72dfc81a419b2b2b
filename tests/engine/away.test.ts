import { afterEach, describe, expect, it } from 'vitest';
import type { Change } from '@/server/engine/ports/publisher';
import { openLook } from '@/lib/domain/queue-query';
import { startKitchenSink } from '@/tests/servers/kitchen-sink';
import { ruleOf } from '@/tests/support/desk';
import { startTcpProxy } from '@/tests/support/tcp-proxy';
import { must, person, Workplace } from './workplace';

type Told = Extract<Change, { readonly change: 'request' }>;

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});

async function setUp() {
  const kitchen = await startKitchenSink();
  open.push(kitchen);
  const network = await startTcpProxy(kitchen.url);
  open.push(network);
  const told: Told[] = [];
  const place = await Workplace.open({
    servers: [{ name: 'kitchen', transport: { kind: 'http', url: network.url, headers: {}, sign: null } }],
    settings: {
      rules: [ruleOf({ id: 'writes', decision: 'hold', tool: 'write' }), ruleOf({ id: 'all', decision: 'allow' })],
    },
    publish: (change) => {
      if (change.change === 'request') told.push(change);
    },
  });
  open.push(place);
  return { kitchen, network, place, told };
}

describe('a server that goes away and comes back', () => {
  it('I5 I12 is told with the question that needs it and with what is held, and so is its return; the answer is kept', async () => {
    const { kitchen, network, place, told } = await setUp();
    const session = await place.session();
    const asking = place.call(session, 'ask_simple');
    const question = await place.opened(({ kind }) => kind === 'form');
    place.call(session, 'write', { note: 'later' });
    const held = await place.opened(({ kind }) => kind === 'approval');
    const both = [question.requestId, held.requestId].toSorted();
    const before = told.length;

    network.cut();
    const broke = await place.untilEvent(session, ({ type }) => type === 'connection.reattaching');
    const away = told.slice(before);
    expect(away.map(({ item }) => item.request.requestId).toSorted()).toEqual(both);
    for (const { item, seq, before: saw } of away) {
      expect(item.away).toMatchObject({ server: 'kitchen', state: 'reattaching', sinceAt: broke.at });
      // Newer than any copy a browser has, though nothing of the request itself changed.
      expect(seq).toBe(broke.seq);
      expect(item.request.seq).toBeLessThan(seq);
      expect(saw).toEqual(item.request);
    }
    const page = { look: openLook, after: null, limit: 10 };
    const listed = must(await place.engine.people.queue(person('approver'), page));
    expect(listed.items.map((item) => [item.away?.state, item.seq >= broke.seq])).toEqual([
      ['reattaching', true],
      ['reattaching', true],
    ]);
    must(await place.answer(question, 'accept', { content: { value: 'kept' } }));

    network.restore();
    expect(must(await asking.outcome)).toMatchObject({ outcome: 'completed' });
    await place.untilEvent(session, ({ type, seq }) => type === 'connection.ready' && seq > broke.seq);
    expect(kitchen.records.of('answer_received')).toMatchObject([{ result: { content: { value: 'kept' } } }]);
    const last = told.findLast(({ item }) => item.request.requestId === held.requestId);
    expect(last?.item.away).toBeNull();
    const after = must(await place.engine.people.queue(person('approver'), page));
    expect(after.items).toMatchObject([{ request: { requestId: held.requestId }, away: null }]);
  });

  it('is called away among the servers from when it was lost until it is back', async () => {
    const { network, place } = await setUp();
    const session = await place.session();
    place.call(session, 'ask_simple');
    await place.opened();
    const states = (): readonly string[] =>
      must(place.engine.servers(person('admin'))).servers.map(({ state }) => state);
    expect(states()).toEqual(['reachable']);
    network.cut();
    const broke = await place.untilEvent(session, ({ type }) => type === 'connection.reattaching');
    expect(states()).toEqual(['away']);
    network.restore();
    await place.untilEvent(session, ({ type, seq }) => type === 'connection.ready' && seq > broke.seq);
    expect(states()).toEqual(['reachable']);
  });

  it('who approved a call that could not be sent is told why, not only that it ended', async () => {
    const { network, place } = await setUp();
    const session = await place.session();
    const call = place.call(session, 'write', { note: 'never' });
    const held = await place.opened();
    network.cut();
    must(await place.answer(held, 'accept'));
    expect(await call.outcome).toMatchObject({ ok: true });
    const lost = await place.until(held.requestId, ({ state }) => state === 'undelivered');
    expect(lost).toMatchObject({
      why: expect.stringMatching(/^The call failed: kitchen did not list its tools: .*ECONN/),
    });
  });
});
