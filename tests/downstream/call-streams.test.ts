import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { CallToolResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type AgentsDoor, openDoor } from '@/tests/downstream/agents-door';
import { type OpenStream, RawAgent, type RawEvent } from '@/tests/downstream/raw-agent';
import { gate, ScriptedDesk } from '@/tests/downstream/scripted-desk';

let desk: ScriptedDesk;
let door: AgentsDoor;
let key: string;
const clients: Client[] = [];

beforeEach(async () => {
  desk = new ScriptedDesk();
  door = await openDoor(desk);
  key = door.addAgent('tester').key;
});

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await door.close();
  if (door.complaints.length > 0) throw new Error(`Something was logged as an error: ${door.complaints.join('\n')}`);
});

async function rawAgent(version?: string, as = key): Promise<RawAgent> {
  const agent = new RawAgent(door.url, as, version);
  expect((await agent.initialize()).status).toBe(200);
  return agent;
}

function callBody(id: string | number, mark: string, meta: object | null = null): { readonly body: object } {
  const params = { name: 'scripted__work', arguments: { mark }, ...(meta === null ? {} : { _meta: meta }) };
  return { body: { jsonrpc: '2.0', id, method: 'tools/call', params } };
}

function messageOf(event: RawEvent | null): Readonly<Record<string, unknown>> {
  return JSON.parse(event?.data ?? 'null') as Record<string, unknown>;
}

async function figureOf(stream: OpenStream): Promise<{ readonly figure: number; readonly id: string }> {
  const event = await stream.nextMessage();
  const { params } = messageOf(event) as { params: { progress: number } };
  return { figure: params.progress, id: event?.id ?? '' };
}

async function connect(): Promise<Client> {
  const client = new Client({ name: 'test-agent', version: '1.2.3' });
  const transport = new StreamableHTTPClientTransport(new URL(door.url), {
    requestInit: { headers: { authorization: `Bearer ${key}` } },
    reconnectionOptions: {
      initialReconnectionDelay: 20,
      maxReconnectionDelay: 100,
      reconnectionDelayGrowFactor: 1,
      maxRetries: 100,
    },
  });
  clients.push(client);
  await client.connect(transport as Parameters<Client['connect']>[0]);
  return client;
}

describe('a call’s own stream', () => {
  test('I2 the place to come back to is given only when the call is on disk', async () => {
    const agent = await rawAgent();
    const recorded = gate();
    desk.recording = recorded.passed;
    // Not even headers: there is nothing to tell yet.
    const opened = agent.stream(callBody(1, 'a'));
    expect(await Promise.race([opened.then(() => 'opened'), agent.request('ping').then(() => 'nothing')])).toBe(
      'nothing',
    );
    recorded.open();
    const stream = await opened;
    const opening = await stream.next();
    expect(opening).toMatchObject({ data: '', id: expect.stringMatching(/^c\./) as string });
    expect(desk.calls.size).toBe(1);
    desk.complete(await desk.callOf('a'), 'done');
    expect(messageOf(await stream.next())).toMatchObject({ id: 1, result: { content: [{ text: 'done' }] } });
    expect(await stream.next()).toBeNull();
  });

  test('I5 is taken up again after a kill: progress, then the response under its own id, then the end', async () => {
    const agent = await rawAgent();
    const first = await agent.stream(callBody('mine', 'a', { progressToken: 'tok' }));
    const opening = await first.next();
    door.kill();
    const callId = await desk.callOf('a');
    const second = await agent.stream({ lastEventId: opening?.id ?? '' });
    expect(second.status).toBe(200);
    await second.next();
    desk.progress(callId, 3);
    expect(messageOf(await second.next())).toMatchObject({ params: { progressToken: 'tok', progress: 3 } });
    desk.complete(callId, 'after all');
    expect(messageOf(await second.next())).toMatchObject({ id: 'mine', result: { content: [{ text: 'after all' }] } });
    expect(await second.next()).toBeNull();
    await desk.until(() => desk.deliveries.includes(callId) || undefined);
    expect(desk.resumptions).toHaveLength(1);
  });

  test('what was delivered is delivered again to who asks again, byte for byte; after it, nothing follows', async () => {
    const agent = await rawAgent();
    const first = await agent.stream(callBody(7, 'a', { progressToken: 1 }));
    const opening = await first.next();
    const callId = await desk.callOf('a');
    desk.progress(callId, 1);
    await first.next();
    desk.complete(callId, 'ñ🙂\u2028');
    const told = await first.next();
    const texts: string[] = [];
    for (let n = 0; n < 2; n += 1) {
      door.kill();
      texts.push((await agent.send('GET', { 'last-event-id': opening?.id ?? '' })).text);
    }
    expect(texts[0]).toBe(texts[1]);
    expect(texts[0]).toContain(`id: ${told?.id}\ndata: ${told?.data}\n`);
    expect((await agent.send('GET', { 'last-event-id': told?.id ?? '' })).status).toBe(204);
  });

  test('I5 a second break before any event loses nothing: the place is said again', async () => {
    const agent = await rawAgent();
    const opening = await (await agent.stream(callBody(1, 'a'))).next();
    const again: (RawEvent | null)[] = [];
    for (let n = 0; n < 3; n += 1) {
      door.kill();
      again.push(await (await agent.stream({ lastEventId: again.at(-1)?.id ?? opening?.id ?? '' })).next());
    }
    expect(again).toEqual([opening, opening, opening]);
    const last = await agent.stream({ lastEventId: opening?.id ?? '' });
    desk.complete(await desk.callOf('a'), 'still here');
    expect((await last.nextMessage())?.data).toContain('still here');
  });

  test('figures go on rising on a stream taken up again', async () => {
    const agent = await rawAgent();
    const first = await agent.stream(callBody(1, 'a', { progressToken: 1 }));
    await first.next();
    const callId = await desk.callOf('a');
    desk.progress(callId, 5);
    desk.asks(callId);
    await figureOf(first);
    const before = await figureOf(first);
    door.kill();
    const second = await agent.stream({ lastEventId: before.id });
    await second.next();
    // What is known is said at once by the engine: the agent heard it before.
    desk.progress(callId, 5);
    desk.asks(callId);
    const [repeated, beat] = [await figureOf(second), await figureOf(second)];
    expect(before.figure).toBeGreaterThan(5);
    expect(repeated.figure).toBeGreaterThan(before.figure);
    expect(beat.figure).toBeGreaterThan(repeated.figure);
    desk.progress(callId, 6);
    expect((await figureOf(second)).figure).toBe(6);
  });

  test('an older client gets no event without data, and comes back from a real one', async () => {
    const agent = await rawAgent('2025-06-18');
    const first = await agent.stream(callBody(1, 'a', { progressToken: 1 }));
    const callId = await desk.callOf('a');
    desk.progress(callId, 1);
    const event = await first.next();
    expect(event?.data).toContain('notifications/progress');
    door.kill();
    const second = await agent.stream({ lastEventId: event?.id ?? '' });
    await desk.until(() => (desk.calls.get(callId)?.waiting.size ?? 0) > 0 || undefined);
    desk.complete(callId, 'done');
    expect((await second.next())?.data).toContain('done');
  });

  test('the SDK’s client comes back by itself after a kill, and after a stop', async () => {
    const client = await connect();
    const places: string[] = [];
    const results = ['a', 'b'].map((mark) =>
      client.callTool({ name: 'scripted__work', arguments: { mark } }, undefined, {
        timeout: 30_000,
        onresumptiontoken: (place) => places.push(place),
      }),
    );
    const [a, b] = [await desk.callOf('a'), await desk.callOf('b')];
    await expect.poll(() => places.length).toBe(2);
    door.kill();
    desk.complete(a, 'one');
    expect(await results[0]).toMatchObject({ content: [{ text: 'one' }] });
    await desk.until(() => (desk.calls.get(b)?.waiting.size ?? 0) > 0 || undefined);
    await door.stop();
    door.start();
    desk.complete(b, 'two');
    expect(await results[1]).toMatchObject({ content: [{ text: 'two' }] });
    expect(desk.calls.size).toBe(2);
  });

  test('the SDK’s client goes on from a resumption token it kept', async () => {
    const client = await connect();
    let token = '';
    const abandoned = client
      .request(
        { method: 'tools/call', params: { name: 'scripted__work', arguments: { mark: 'a' } } },
        CallToolResultSchema,
        {
          onresumptiontoken: (given) => {
            token = given;
          },
        },
      )
      .catch((error: unknown) => error);
    const callId = await desk.callOf('a');
    await expect.poll(() => token).toMatch(/^c\./);
    const resumed = client.request(
      { method: 'tools/call', params: { name: 'scripted__work', arguments: { mark: 'a' } } },
      CallToolResultSchema,
      { resumptionToken: token },
    );
    await desk.until(() => desk.partings.length > 0 || undefined);
    desk.complete(callId, 'kept');
    expect(await resumed).toMatchObject({ content: [{ text: 'kept' }] });
    expect(desk.calls.size).toBe(1);
    await client.close();
    await abandoned;
  });

  test('one that breaks is left at once; the call goes on', async () => {
    const agent = await rawAgent();
    const stream = await agent.stream(callBody(1, 'a'));
    await stream.next();
    stream.drop();
    const callId = await desk.callOf('a');
    expect(await desk.until(() => desk.partings[0])).toEqual({ callId, how: 'disconnected' });
    // Its request is over here: the id is free again.
    expect((await agent.post({ jsonrpc: '2.0', id: 1, method: 'ping' })).status).toBe(200);
  });

  test('one that breaks before its call is recorded is left as soon as it is', async () => {
    const agent = await rawAgent();
    const recorded = gate();
    desk.recording = recorded.passed;
    const aborter = new AbortController();
    const { body } = callBody(1, 'a');
    const sent = fetch(door.url, {
      method: 'POST',
      headers: agent.headers(),
      body: JSON.stringify(body),
      signal: aborter.signal,
    }).catch(() => null);
    await desk.until(() => desk.ordered > 0 || undefined);
    aborter.abort();
    await sent;
    await agent.request('ping');
    recorded.open();
    expect(await desk.until(() => desk.partings[0])).toMatchObject({ how: 'disconnected' });
  });

  test('a newer one replaces an older: each message goes to one', async () => {
    const agent = await rawAgent();
    const first = await agent.stream(callBody(1, 'a'));
    const opening = await first.next();
    const second = await agent.stream({ lastEventId: opening?.id ?? '' });
    expect(await first.next()).toBeNull();
    const third = await agent.stream({ lastEventId: opening?.id ?? '' });
    await second.next();
    expect(await second.next()).toBeNull();
    desk.complete(await desk.callOf('a'), 'once');
    expect((await third.nextMessage())?.data).toContain('once');
  });
});

describe('cancelling', () => {
  test.each(['before', 'after'])(
    'names only the request: also %s its broken stream was taken up again',
    async (when) => {
      const agent = await rawAgent();
      const first = await agent.stream(callBody('r', 'a'));
      const opening = await first.next();
      first.drop();
      await desk.until(() => desk.partings[0]);
      const cursor = { lastEventId: opening?.id ?? '' };
      const second = when === 'after' ? await agent.stream(cursor) : null;
      await second?.next();
      await agent.post({
        jsonrpc: '2.0',
        method: 'notifications/cancelled',
        params: { requestId: 'r', reason: 'enough' },
      });
      expect(await desk.until(() => desk.cancels[0])).toEqual({ callId: await desk.callOf('a'), reason: 'enough' });
      expect((await second?.next()) ?? null).toBeNull();
      expect((await agent.send('GET', { 'last-event-id': cursor.lastEventId })).status).toBe(204);
    },
  );

  test('another session’s request of the same id is not meant', async () => {
    const [agent, other] = [await rawAgent(), await rawAgent()];
    const stream = await agent.stream(callBody('r', 'a'));
    await stream.next();
    await other.post({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 'r' } });
    await other.request('ping');
    expect(desk.cancels).toEqual([]);
  });
});

describe('hostile places', () => {
  function forged(parts: readonly unknown[]): string {
    return `c.${Buffer.from(JSON.stringify(parts)).toString('base64url')}`;
  }

  test('I11 another agent’s place, as it is or under one’s own session, reads as one that never was', async () => {
    const victim = await rawAgent();
    const opening = await (await victim.stream(callBody(1, 'secret'))).next();
    const callId = await desk.callOf('secret');
    desk.complete(callId, 'secret words');
    const thief = await rawAgent(undefined, door.addAgent('thief').key);
    const never = await thief.send('GET', {
      'last-event-id': forged([thief.sessionId, 'call_000000000000', 0, 1, null, null]),
    });
    expect(never.status).toBe(400);
    for (const id of [
      opening?.id ?? '',
      forged([thief.sessionId, callId, 0, 1, null, null]),
      forged([thief.sessionId, callId, 0, 1, null, null, 1]),
      forged([thief.sessionId, callId, 1, 1, null, null]),
      forged([thief.sessionId, callId, 3, 1, null, null]),
    ]) {
      const reply = await thief.send('GET', { 'last-event-id': id });
      expect([reply.status, reply.text]).toEqual([400, never.text]);
    }
    expect(never.text).not.toMatch(/session/i);
    expect(desk.deliveries.filter((id) => id === callId).length).toBeLessThanOrEqual(1);
  });

  test('what is no place of ours is 400', async () => {
    const agent = await rawAgent();
    for (const id of [
      'nonsense',
      'c.',
      'c.!!!',
      'c.bm9uc2Vuc2U',
      `c.${'A'.repeat(5_000)}`,
      `c.${Buffer.from('['.repeat(500)).toString('base64url')}`,
      's.abc',
      's.abc.-1',
      's.abc.1e9',
      's.a.99999999999999999999',
      's..1',
    ]) {
      expect([id, (await agent.send('GET', { 'last-event-id': id })).status]).toEqual([id, 400]);
    }
  });

  test('members of the wrong kind are 400', async () => {
    const agent = await rawAgent();
    await (await agent.stream(callBody(1, 'a'))).next();
    const callId = await desk.callOf('a');
    const { sessionId } = agent;
    for (const parts of [
      {},
      [],
      [sessionId],
      [sessionId, callId, 9, 1, null, null],
      [sessionId, callId, '0', 1, null, null],
      [sessionId, callId, 0, {}, null, null],
      [sessionId, callId, 0, 1.5, null, null],
      [sessionId, callId, 0, 1, [], null],
      [sessionId, callId, 0, 1, null, 'x'],
      [sessionId, callId, 0, 1, null, null, 1, 1],
      [null, callId, 0, 1, null, null],
      [sessionId, '__proto__', 0, 1, null, null],
    ]) {
      expect((await agent.send('GET', { 'last-event-id': forged(parts as unknown[]) })).status).toBe(400);
    }
    const infinite = `c.${Buffer.from(`["${sessionId}","${callId}",0,1,null,1e999]`).toString('base64url')}`;
    expect((await agent.send('GET', { 'last-event-id': infinite })).status).toBe(400);
  });

  test('I11 a place is good only in its own session', async () => {
    const [agent, other] = [await rawAgent(), await rawAgent()];
    const opening = await (await agent.stream(callBody(1, 'a'))).next();
    expect((await other.send('GET', { 'last-event-id': opening?.id ?? '' })).status).toBe(400);
  });

  test.each([
    ['id', 'x'.repeat(100_000), null],
    ['token', 1, 'y'.repeat(100_000)],
    ['id of wide characters', '🙂'.repeat(300), null],
  ])('an endless %s makes the stream one that cannot be taken up again, no more', async (_name, id, token) => {
    const agent = await rawAgent();
    const stream = await agent.stream(callBody(id, 'a', token === null ? null : { progressToken: token }));
    desk.complete(await desk.callOf('a'), 'done');
    const event = await stream.next();
    expect(messageOf(event)).toMatchObject({ id, result: {} });
    expect(event?.id).toBeUndefined();
  });

  test('an agent that comes back again and again holds so many streams, and no more', async () => {
    const agent = await rawAgent();
    await (await agent.stream(callBody('own', 'a'))).next();
    const callId = await desk.callOf('a');
    for (let n = 0; n < 300; n += 1) {
      const stream = await agent.stream({ lastEventId: forged([agent.sessionId, callId, 0, n, null, null]) });
      expect(stream.status).toBe(200);
    }
    expect(desk.calls.get(callId)?.waiting.size).toBeLessThanOrEqual(132);
    const held = await new Promise<number>((resolve) => door.http.getConnections((_error, count) => resolve(count)));
    expect(held).toBeLessThan(140);
  });

  test('progress nobody reads is left out, the response is not', async () => {
    const agent = await rawAgent();
    const stream = await agent.stream(callBody(1, 'a', { progressToken: 1 }));
    const callId = await desk.callOf('a');
    const said = (): number =>
      desk.messages.filter(({ message }) => JSON.stringify(message).includes('/progress')).length;
    for (let n = 1; n <= 100_000; n += 1) desk.progress(callId, n);
    expect(said()).toBeLessThan(20_000);
    desk.complete(callId, 'the end');
    let last: RawEvent | null = null;
    for (let event = await stream.next(); event !== null; event = await stream.next()) last = event;
    expect(last?.data).toContain('the end');
  });
});
