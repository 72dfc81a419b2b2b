import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readId } from '@/lib/domain/ids';
import { type AgentsDoor, openDoor } from '@/tests/downstream/agents-door';
import { RawAgent, type RawReply } from '@/tests/downstream/raw-agent';
import { gate, ScriptedDesk } from '@/tests/downstream/scripted-desk';

let desk: ScriptedDesk;
let door: AgentsDoor;
let key: string;

beforeEach(async () => {
  desk = new ScriptedDesk();
  door = await openDoor(desk);
  key = door.addAgent('tester').key;
});

afterEach(async () => {
  await door.close();
  if (door.complaints.length > 0) throw new Error(`Something was logged as an error: ${door.complaints.join('\n')}`);
});

async function rawAgent(version?: string): Promise<RawAgent> {
  const agent = new RawAgent(door.url, key, version);
  expect((await agent.initialize()).status).toBe(200);
  return agent;
}

function callBody(id: string, mark: string): { readonly body: object } {
  const params = { name: 'scripted__work', arguments: { mark } };
  return { body: { jsonrpc: '2.0', id, method: 'tools/call', params } };
}

const ping = { jsonrpc: '2.0', id: 'ping', method: 'ping' };

describe('a session survives our restart', () => {
  test('I5 POST, GET and DELETE go on with the same id; what initialize agreed on still holds', async () => {
    const agent = await rawAgent('2025-03-26');
    door.kill();
    expect((await agent.post([ping])).status).toBe(200);
    const stream = await agent.stream({ lastEventId: null });
    expect(stream.status).toBe(200);
    door.kill();
    expect((await agent.send('DELETE')).status).toBe(200);
    expect((await agent.post(ping)).status).toBe(404);
  });

  test('many that come back at once take it up once', async () => {
    const agent = await rawAgent();
    door.kill();
    const found = gate();
    desk.finding = found.passed;
    const replies = Array.from({ length: 20 }, (_, n) => agent.post({ ...ping, id: n }));
    await desk.until(() => desk.resumptions.length > 0 || undefined);
    found.open();
    expect((await Promise.all(replies)).map(({ status }) => status)).toEqual(Array<number>(20).fill(200));
    expect(desk.resumptions).toHaveLength(1);
    const id = readId('session', agent.sessionId);
    const stream = await agent.stream({ lastEventId: null });
    if (id !== null) desk.sessions.get(id)?.listener?.listChanged('tools');
    expect((await stream.nextMessage())?.data).toContain('list_changed');
  });

  test('I11 another agent that comes first neither gets it nor keeps its own from it', async () => {
    const agent = await rawAgent();
    door.kill();
    const thief = new RawAgent(door.url, door.addAgent('thief').key);
    thief.sessionId = agent.sessionId;
    const found = gate();
    desk.finding = found.passed;
    const stolen = thief.post(ping);
    await desk.until(() => desk.resumptions.length === 1 || undefined);
    const own = agent.post(ping);
    await desk.until(() => desk.resumptions.length === 2 || undefined);
    found.open();
    expect((await own).status).toBe(200);
    const unknown = new RawAgent(door.url, thief.key);
    unknown.sessionId = 'ses_000000000000';
    expect((await stolen).text).toBe((await unknown.post(ping)).text);
  });

  test('I11 it belongs to its own path, also when the wrong one asks first', async () => {
    const agent = await rawAgent();
    door.kill();
    const elsewhere = new RawAgent(`${door.url}/scripted`, key);
    elsewhere.sessionId = agent.sessionId;
    expect((await elsewhere.post(ping)).status).toBe(404);
    expect((await agent.post(ping)).status).toBe(200);
  });

  test('one alone learns again what its server offers, when it is asked for', async () => {
    const agent = new RawAgent(`${door.url}/scripted`, key);
    await agent.initialize();
    door.kill();
    expect(await agent.request('tools/list')).toHaveProperty('result.tools');
    expect(await agent.request('logging/setLevel', { level: 'error' })).toMatchObject({ error: { code: -32601 } });
  });
});

describe('the standalone stream', () => {
  test('what was missed comes once; from an earlier life of ours the agent is told to look again', async () => {
    const agent = await rawAgent();
    const id = readId('session', agent.sessionId);
    if (id === null) throw new Error('no session');
    const first = await agent.stream({ lastEventId: null });
    const opening = await first.next();
    first.drop();
    desk.sessions.get(id)?.listener?.log('s', { level: 'info', logger: null, data: 'missed' });
    const second = await agent.stream({ lastEventId: opening?.id ?? '' });
    const missed = await second.nextMessage();
    expect(missed?.data).toContain('missed');
    door.kill();
    const third = await agent.stream({ lastEventId: missed?.id ?? '' });
    expect(third.status).toBe(200);
    expect((await third.nextMessage())?.data).toContain('notifications/tools/list_changed');
  });

  test('an agent that opens it and never reads is cut, and misses nothing that is kept', async () => {
    const agent = await rawAgent();
    const id = readId('session', agent.sessionId);
    if (id === null) throw new Error('no session');
    const { hostname, port } = new URL(door.url);
    const socket = connect(Number(port), hostname);
    socket.on('error', () => undefined);
    const headers = Object.entries(agent.headers()).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(`GET /mcp HTTP/1.1\r\nhost: ${hostname}\r\n${headers.join('')}\r\n`);
    await once(socket, 'readable');
    const taken = new Promise((resolve) => {
      door.http.getConnections((_error, count) => resolve(count));
    });
    expect(await taken).toBe(1);
    const listener = desk.sessions.get(id)?.listener;
    const say = (n: number): void =>
      listener?.log('s', { level: 'info', logger: null, data: `${n} ${'x'.repeat(200_000)}` });
    for (let n = 0; n < 500; n += 1) say(n);
    // The cut is seen only by who reads.
    socket.resume();
    await once(socket, 'close');
    // Of 100 MB, no more than one bound and what the operating system took.
    expect(socket.bytesRead).toBeLessThan(50 * 1024 * 1024);
    const stream = await agent.stream({ lastEventId: (await placeOf(agent)).replace(/\d+$/, '0') });
    expect((await stream.nextMessage())?.data).toContain('"498 ');
  });

  async function placeOf(agent: RawAgent): Promise<string> {
    const stream = await agent.stream({ lastEventId: null });
    const opening = await stream.next();
    stream.drop();
    return opening?.id ?? '';
  }

  test('a place that this life has not reached yet is 400', async () => {
    const agent = await rawAgent();
    const opening = await (await agent.stream({ lastEventId: null })).next();
    const ahead = (opening?.id ?? '').replace(/\d+$/, '999');
    expect((await agent.send('GET', { 'last-event-id': ahead })).status).toBe(400);
  });
});

describe('a planned stop', () => {
  test('calls stay parked, their streams end with a word to come back, nobody is said to have left', async () => {
    const agent = await rawAgent();
    const stream = await agent.stream(callBody('a', 'a'));
    const opening = await stream.next();
    const standalone = await agent.stream({ lastEventId: null });
    const raw = fetch(door.url, {
      method: 'POST',
      headers: agent.headers(),
      body: JSON.stringify(callBody('b', 'b').body),
    });
    const b = await desk.callOf('b');
    const startedAt = Date.now();
    await door.stop();
    expect(Date.now() - startedAt).toBeLessThan(5_000);
    expect(await stream.next()).toBeNull();
    expect(await standalone.nextMessage()).toBeNull();
    expect(await (await raw).text()).toMatch(/^id: c\.[\w-]+\ndata: \n\nretry: 1000\n\n$/);
    const refused: RawReply = await agent.post(ping);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
    expect(refused.text).toContain('"stopping"');
    expect(desk.partings).toEqual([]);
    door.start();
    const again = await agent.stream({ lastEventId: opening?.id ?? '' });
    desk.complete(await desk.callOf('a'), 'over the restart');
    expect((await again.nextMessage())?.data).toContain('over the restart');
    desk.complete(b, 'nobody asks');
  });

  test('who has no place to come back to gets a ticket, who has no call yet an error', async () => {
    const agent = await rawAgent('2025-06-18');
    const [first, second] = [agent.post(callBody('a', 'a').body), desk.callOf('a')];
    const callId = await second;
    const recorded = gate();
    desk.recording = recorded.passed;
    const unsaved = agent.post(callBody('b', 'b').body);
    await desk.until(() => desk.ordered === 2 || undefined);
    const stopping = door.stop();
    expect((await first).text).toContain(`"holdpoint/ticket":"${callId}"`);
    expect((await unsaved).text).toContain('"stopping"');
    await stopping;
    recorded.open();
    await desk.callOf('b');
  });
});
