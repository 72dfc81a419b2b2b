import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CallId } from '@/lib/domain/ids';
import type { Change } from '@/server/engine/ports/publisher';
import { RawAgent } from '@/tests/downstream/raw-agent';
import { type KitchenSink, startKitchenSink } from '@/tests/servers/kitchen-sink';
import { type Holdpoint, startHoldpoint } from '@/tests/support/holdpoint';

let kitchen: KitchenSink;
let holdpoint: Holdpoint;

beforeAll(async () => {
  kitchen = await startKitchenSink();
  holdpoint = await startHoldpoint({ servers: [{ name: 'kitchen', url: kitchen.url }] });
});

afterAll(async () => {
  await holdpoint.close();
  await kitchen.close();
});

async function rawAgent(): Promise<RawAgent> {
  const agent = new RawAgent(holdpoint.mcpUrl, holdpoint.agentKey);
  await agent.initialize();
  return agent;
}

function ask(id: string): { readonly body: object } {
  return { body: { jsonrpc: '2.0', id, method: 'tools/call', params: { name: 'kitchen__ask_simple', arguments: {} } } };
}

type Events = Extract<Change, { change: 'events' }>;

function told(type: string, callId: CallId | null): (change: Change) => change is Events {
  return (change): change is Events =>
    change.change === 'events' &&
    change.events.some((event) => event.type === type && 'callId' in event && event.callId === callId);
}

describe('an agent whose stream dropped', () => {
  test('I5 takes it up again before the answer, and gets the result there', async () => {
    const agent = await rawAgent();
    const first = await agent.stream(ask('q'));
    const opening = await first.next();
    const asked = holdpoint.waitForRequest('form');
    await asked;
    first.drop();
    const second = await agent.stream({ lastEventId: opening?.id ?? '' });
    expect(second.status).toBe(200);
    await answer(asked, 'late');
    expect((await second.nextMessage())?.data).toContain('late');
    expect(await second.next()).toBeNull();
    await holdpoint.waitForChange(told('call.delivered', (await asked).request.callId));
  });

  test('I5 gets a result that came while it was away; it counts as delivered only then (I2)', async () => {
    const agent = await rawAgent();
    const first = await agent.stream(ask('q'));
    const opening = await first.next();
    const asked = holdpoint.waitForRequest('form');
    const { callId } = (await asked).request;
    // Cut on this side, so that the endpoint knows of it before the answer comes.
    holdpoint.http.closeAllConnections();
    await expect(first.next()).rejects.toThrow(/terminated|closed/);
    await answer(asked, 'while away');
    await holdpoint.waitForChange(told('call.completed', callId));
    await agent.request('ping');
    expect(holdpoint.changes.some(told('call.delivered', callId))).toBe(false);
    const second = await agent.stream({ lastEventId: opening?.id ?? '' });
    const response = await second.nextMessage();
    expect(response?.data).toContain('while away');
    expect(await second.next()).toBeNull();
    await holdpoint.waitForChange(told('call.delivered', callId));
    // Again with the same cursor: the same; with the response's own: nothing follows.
    const again = await agent.send('GET', { 'last-event-id': opening?.id ?? '' });
    expect(again.events.filter(({ data }) => data !== '')).toEqual([response]);
    expect((await agent.send('GET', { 'last-event-id': response?.id ?? '' })).status).toBe(204);
  });

  test('the SDK’s client does so by itself when every connection is cut', async () => {
    const { client } = await holdpoint.connect();
    const call = client.callTool({ name: 'kitchen__ask_twice', arguments: {} });
    await holdpoint.answerNext('form', 'accept', { value: 'one' });
    const second = holdpoint.waitForRequest('form');
    await second;
    holdpoint.http.closeAllConnections();
    await answer(second, 'two');
    expect(await call).toMatchObject({
      structuredContent: { first: { content: { value: 'one' } }, second: { content: { value: 'two' } } },
    });
  });

  test('the standalone stream: what was missed comes once, a newer stream replaces the older', async () => {
    const agent = await rawAgent();
    const first = await agent.stream({ lastEventId: null });
    await agent.request('tools/call', { name: 'kitchen__add_tool', arguments: { name: 'one_more' } });
    const heard = await first.nextMessage();
    expect(heard?.data).toContain('list_changed');
    const second = await agent.stream({ lastEventId: heard?.id ?? '' });
    expect(await first.next()).toBeNull();
    await agent.request('tools/call', { name: 'kitchen__add_tool', arguments: { name: 'and_another' } });
    expect((await second.nextMessage())?.data).toContain('list_changed');
    const third = await agent.stream({ lastEventId: null });
    expect(await second.next()).toBeNull();
    third.drop();
  });

  test.each(['nonsense', 'a.1', '_GET_stream.999999', '.', '_GET_stream.-1'])(
    'a cursor nobody gave out is 400: %s',
    async (cursor) => {
      const agent = await rawAgent();
      expect((await agent.send('GET', { 'last-event-id': cursor })).status).toBe(400);
    },
  );

  test('I11 a cursor is good only in its own session', async () => {
    const agent = await rawAgent();
    const stream = await agent.stream(ask('q'));
    const opening = await stream.next();
    const other = await rawAgent();
    expect((await other.send('GET', { 'last-event-id': opening?.id ?? '' })).status).toBe(400);
    await answer(holdpoint.waitForRequest('form'), 'done');
    expect((await stream.next())?.data).toContain('done');
  });
});

async function answer(asked: ReturnType<Holdpoint['waitForRequest']>, value: string): Promise<void> {
  const { request } = await asked;
  await holdpoint.answer(request, 'accept', { value });
}

test('nothing of all this was logged as a warning or an error', () => {
  expect(holdpoint.complaints).toEqual([]);
});
