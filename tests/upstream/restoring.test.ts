import { describe, expect, it } from 'vitest';
import type { JsonObject } from '@/lib/domain/json';
import type { OutgoingAnswer } from '@/server/engine/ports/upstream';
import { startEverything } from '@/tests/servers/everything';
import { startFastMcp } from '@/tests/servers/fastmcp';
import { freePort } from '@/tests/servers/free-port';
import { type KitchenSink, type KitchenSinkOptions, startKitchenSink } from '@/tests/servers/kitchen-sink';
import { startTcpProxy, type TcpProxy } from '@/tests/support/tcp-proxy';
import { leftBy, placesOf, restore } from '@/tests/upstream/earlier-life';
import { call, during, open, type Opened, orderFor, outcomeOf, textOf } from '@/tests/upstream/harness';
import type { RecordingInbox } from '@/tests/upstream/recording-inbox';
import {
  handshakeFor,
  openStream,
  resultFor,
  sendEvent,
  sendJson,
  sendStatus,
  startScripted,
} from '@/tests/upstream/scripted-server';

const answer = { action: 'accept', content: { value: 'after the restart' } } as const;

interface Stage extends Omit<Opened, 'outcome'> {
  readonly kitchen: KitchenSink;
  readonly proxy: TcpProxy;
  readonly connection: Awaited<ReturnType<typeof open>>['connection'];
}

async function stage(options: KitchenSinkOptions = {}): Promise<Stage> {
  const kitchen = await during(startKitchenSink(options));
  const proxy = await during(startTcpProxy(kitchen.url));
  return { kitchen, proxy, ...(await open(proxy.url)) };
}

/** The two ways a life ends: in order, or with its sockets cut under it. */
const deaths: readonly (readonly [string, (life: Pick<Stage, 'upstream' | 'proxy'>) => Promise<void>])[] = [
  ['was stopped', ({ upstream }) => upstream.stop()],
  [
    'had its sockets cut',
    async ({ upstream, proxy }) => {
      proxy.cut();
      await upstream.stop();
      proxy.restore();
    },
  ],
];

const toFirst = (inbox: RecordingInbox): OutgoingAnswer => {
  const rpcId = inbox.of('serverRequest')[0]?.args[0].rpcId;
  if (rpcId === undefined) throw new Error('nothing was asked');
  return { rpcId, result: answer };
};

describe.each(deaths)('a connection of a life that %s', (_how, die) => {
  it('brings the result of an answer given before the streams are asked for; one execution, one question (I3, I5)', async () => {
    const first = await stage();
    await first.connection.sendCall(call('write_after_asking'));
    await first.inbox.waitFor('serverRequest');
    await die(first);
    const { connection, inbox } = restore(leftBy(first, first.proxy.url));
    expect(connection.facts).toEqual(first.connection.facts);
    expect(await connection.respond(toFirst(first.inbox))).toMatchObject({ ok: true });
    await first.kitchen.records.waitFor('answer_received');
    expect(inbox.heard).toEqual([]);
    connection.resume();
    const result = await outcomeOf(inbox, 'call_write_after_asking');
    expect(JSON.parse(textOf(result))).toEqual({ answer, written: 1 });
    await inbox.waitFor('reattached');
    expect(first.kitchen.records.executions('write_after_asking')).toHaveLength(1);
    expect(first.kitchen.records.of('session_opened')).toHaveLength(1);
    expect(inbox.of('serverRequest')).toEqual([]);
    expect(inbox.of('reattaching')).toHaveLength(1);
    expect(inbox.of('reattached')).toHaveLength(1);
  });

  it('waits on, and brings the result of an answer given afterwards (I5)', async () => {
    const first = await stage();
    await first.connection.sendCall(call('ask_twice'));
    await first.inbox.waitFor('serverRequest');
    await die(first);
    const { connection, inbox } = restore(leftBy(first, first.proxy.url));
    connection.resume();
    await inbox.waitFor('reattached');
    await connection.respond(toFirst(first.inbox));
    const second = await inbox.waitFor('serverRequest');
    expect(second.args[0].params['message']).toBe('Second question');
    await connection.respond({ rpcId: second.args[0].rpcId, result: answer });
    expect(JSON.parse(textOf(await outcomeOf(inbox, 'call_ask_twice')))).toEqual({ first: answer, second: answer });
    expect(inbox.of('serverRequest')).toHaveLength(1);
  });
});

describe('two calls in flight', () => {
  it('each go on from their own place, and neither gets the other’s result (I5)', async () => {
    const first = await stage();
    await first.connection.sendCall(call('ask_simple', {}, 'call_asking'));
    await first.inbox.waitFor('serverRequest');
    await first.connection.sendCall(call('slow', {}, 'call_slow'));
    await first.inbox.waitFor('progress');
    const order = leftBy(first, first.proxy.url);
    expect(order.cursors.map((place) => place.stream).toSorted()).toEqual(['call_asking', 'call_slow']);
    await first.upstream.stop();
    first.kitchen.release();
    await first.kitchen.records.waitFor('execution_finished');
    const { connection, inbox } = restore(order);
    connection.resume();
    expect(textOf(await outcomeOf(inbox, 'call_slow'))).toBe('released');
    await connection.respond(toFirst(first.inbox));
    expect(JSON.parse(textOf(await outcomeOf(inbox, 'call_asking')))).toEqual(answer);
    expect(inbox.of('progress')).toEqual([]);
    expect(inbox.of('callResult')).toHaveLength(2);
    const asked = first.kitchen.records.of('http_received').flatMap(({ lastEventId }) => lastEventId ?? []);
    for (const place of order.cursors) expect(asked).toContain(place.eventId);
  });

  it('do not get in the way of new calls, lists and pings without a handshake', async () => {
    const first = await stage();
    await first.connection.sendCall(call('slow'));
    await first.inbox.waitFor('progress');
    await first.upstream.stop();
    const { connection, inbox } = restore(leftBy(first, first.proxy.url));
    expect(await connection.request('ping', {}, 5_000)).toEqual({ ok: true, result: {} });
    connection.resume();
    expect(await connection.sendCall(call('slow'))).toMatchObject({ ok: false, code: 'refused' });
    expect(JSON.stringify(await connection.request('tools/list', {}, 5_000))).toContain('write_after_asking');
    await connection.sendCall(call('echo', { message: 'new' }, 'call_new'));
    expect(textOf(await outcomeOf(inbox, 'call_new'))).toBe('echo: new');
    first.kitchen.release();
    expect(textOf(await outcomeOf(inbox, 'call_slow'))).toBe('released');
    expect(first.kitchen.records.executions('slow')).toHaveLength(1);
    expect(first.kitchen.records.of('session_opened')).toHaveLength(1);
  });
});

describe('a restored connection', () => {
  it('that drops and dies again with no event in between still brings its result (I5)', async () => {
    const first = await stage();
    await first.connection.sendCall(call('ask_simple'));
    await first.inbox.waitFor('serverRequest');
    const order = leftBy(first, first.proxy.url);
    await first.upstream.stop();
    const second = restore(order);
    second.connection.resume();
    await second.inbox.waitFor('reattached');
    first.proxy.drop();
    await second.inbox.waitFor('reattached', 2);
    expect(placesOf(second.inbox)).toEqual([]);
    await second.upstream.stop();
    const third = restore(order);
    third.connection.resume();
    await third.inbox.waitFor('reattached');
    await third.connection.respond(toFirst(first.inbox));
    expect(JSON.parse(textOf(await outcomeOf(third.inbox, 'call_ask_simple')))).toEqual(answer);
    expect(first.kitchen.records.executions('ask_simple')).toHaveLength(1);
    expect(third.inbox.of('serverRequest')).toEqual([]);
  });

  it('goes on from the place of the event that opens a stream, before any message (I5)', async () => {
    const first = await stage();
    const held = first.kitchen.records.waitFor('execution_started');
    await first.connection.sendCall(call('ask_simple'));
    await held;
    const moved = await first.inbox.waitFor('placeMoved');
    expect(moved.args[0].stream).toBe('call_ask_simple');
    await first.inbox.waitFor('serverRequest');
    await first.upstream.stop();
    const order = { ...leftBy(first, first.proxy.url), cursors: [moved.args[0]], questions: [] };
    const { connection, inbox } = restore(order);
    connection.resume();
    const asked = await inbox.waitFor('serverRequest');
    await connection.respond({ rpcId: asked.args[0].rpcId, result: answer });
    expect(JSON.parse(textOf(await outcomeOf(inbox, 'call_ask_simple')))).toEqual(answer);
    expect(first.inbox.of('placeMoved')).toHaveLength(1);
  });

  it('asks nobody again when the server replays a question that waits, or one answered just now (I1)', async () => {
    const first = await stage();
    await first.connection.sendCall(call('ask_simple'));
    await first.inbox.waitFor('serverRequest');
    const opening = first.inbox.of('placeMoved').map(({ args }) => args[0]);
    await first.upstream.stop();
    const order = { ...leftBy(first, first.proxy.url), cursors: opening };
    const waiting = restore(order);
    waiting.connection.resume();
    await waiting.inbox.waitFor('reattached');
    const isReplayed = ({
      args: [{ direction, message }],
    }: {
      args: readonly [{ direction: string; message: unknown }];
    }) => direction === 'in' && JSON.stringify(message).includes('elicitation/create');
    await waiting.inbox.until(() => waiting.inbox.of('traffic').some(isReplayed), 'the replay');
    await waiting.upstream.stop();
    const answering = restore(order);
    await answering.connection.respond(toFirst(first.inbox));
    answering.connection.resume();
    expect(JSON.parse(textOf(await outcomeOf(answering.inbox, 'call_ask_simple')))).toEqual(answer);
    expect(answering.inbox.of('traffic').some(isReplayed)).toBe(true);
    expect([...waiting.inbox.of('serverRequest'), ...answering.inbox.of('serverRequest')]).toEqual([]);
    expect(first.kitchen.records.of('answer_received')).toHaveLength(1);
  });

  it('gives a question that a server replays on every stream to no call on a guess, and asks no answered one again (I1)', async () => {
    const ask = (id: number, message: string): JsonObject => ({
      jsonrpc: '2.0',
      id,
      method: 'elicitation/create',
      params: { message, requestedSchema: { type: 'object', properties: {} } },
    });
    const server = await during(
      startScripted(({ method, message, headers, response }) => {
        if (message?.['method'] === 'tools/call') {
          openStream(response);
          const isFirst = message['id'] === 'call_one';
          sendEvent(response, isFirst ? ask(1, 'one') : ask(2, 'two'), isFirst ? 'one-1' : 'two-1');
          return true;
        }
        if (method !== 'GET' || headers['last-event-id'] === undefined) return false;
        openStream(response);
        sendEvent(response, ask(1, 'one'), 'again-1');
        sendEvent(response, ask(3, 'whose?'), 'again-3');
        return true;
      }),
    );
    const first = await open(server.url);
    await first.connection.sendCall(call('one'));
    await first.connection.sendCall(call('two'));
    await first.inbox.until(() => first.inbox.of('serverRequest').length === 2, 'both questions');
    await first.upstream.stop();
    const { connection, inbox } = restore({ ...leftBy(first, server.url, [1]), mcpSessionId: 'kept' });
    connection.resume();
    const asked = await inbox.waitFor('serverRequest');
    await inbox.waitFor('reattached');
    expect(asked.args).toMatchObject([{ rpcId: 3 }, { callRpcId: null }]);
    expect(inbox.of('serverRequest')).toHaveLength(1);
  });

  it('takes the standalone stream up from its own place, with what was asked meanwhile (I5)', async () => {
    const first = await stage({ questionsOn: 'standalone' });
    await first.connection.sendCall(call('ask_twice'));
    await first.inbox.waitFor('serverRequest');
    await first.upstream.stop();
    const { connection, inbox } = restore(leftBy(first, first.proxy.url));
    await connection.respond(toFirst(first.inbox));
    await first.kitchen.records.waitFor('answer_received');
    connection.resume();
    const second = await inbox.waitFor('serverRequest');
    expect(second.args[0].params['message']).toBe('Second question');
    expect(second.args[1]).toMatchObject({ callRpcId: null, place: { stream: 'standalone' } });
    await connection.respond({ rpcId: second.args[0].rpcId, result: answer });
    expect(JSON.parse(textOf(await outcomeOf(inbox, 'call_ask_twice')))).toEqual({ first: answer, second: answer });
  });

  it('with a standalone place the server does not know begins that stream anew', async () => {
    const first = await stage({ questionsOn: 'standalone' });
    await first.upstream.stop();
    const order = { ...leftBy(first, first.proxy.url), cursors: [{ stream: 'standalone', eventId: 'never-heard-of' }] };
    const { connection, inbox } = restore(order, { refusedMs: 100 });
    connection.resume();
    await inbox.waitFor('reattached');
    await connection.sendCall(call('ask_simple'));
    const asked = await inbox.waitFor('serverRequest');
    await connection.respond({ rpcId: asked.args[0].rpcId, result: answer });
    expect(JSON.parse(textOf(await outcomeOf(inbox, 'call_ask_simple')))).toEqual(answer);
  });
});

describe('a call without a place', () => {
  it('has lost its stream where the session lives: the answer still arrives (I3)', async () => {
    const first = await stage({ events: 'none' });
    await first.connection.sendCall(call('write_after_asking'));
    await first.inbox.waitFor('serverRequest');
    await first.upstream.stop();
    const order = leftBy(first, first.proxy.url);
    expect(order.cursors).toEqual([]);
    const { connection, inbox } = restore(order);
    connection.resume();
    const lost = await inbox.waitFor('callStreamLost');
    expect(lost.args[0]).toBe('call_write_after_asking');
    await inbox.waitFor('reattached');
    expect(await connection.respond(toFirst(first.inbox))).toMatchObject({ ok: true });
    await first.kitchen.records.waitFor('answer_received');
    expect(first.kitchen.records.executions('write_after_asking')).toHaveLength(1);
    expect(inbox.heard.map(({ kind }) => kind)).toEqual(['reattaching', 'callStreamLost', 'reattached']);
  });

  it('is not spoken of where the session is gone: the connection is lost, at once and once (I9)', async () => {
    const first = await stage({ events: 'none' });
    await first.connection.sendCall(call('slow'));
    await first.inbox.waitFor('progress');
    await first.upstream.stop();
    await first.kitchen.forgetSessions();
    const { connection, inbox } = restore(leftBy(first, first.proxy.url));
    connection.resume();
    expect((await inbox.waitFor('lost')).args[0].code).toBe('gone');
    expect(inbox.heard.map(({ kind }) => kind)).toEqual(['reattaching', 'lost']);
    expect(await connection.sendCall(call('echo'))).toMatchObject({ ok: false, code: 'gone' });
  });
});

describe('a session that is gone (I9)', () => {
  it.each([404, 400] as const)('answered with %s is told once, for all streams', async (unknownSession) => {
    const first = await stage({ unknownSession });
    await first.connection.sendCall(call('slow', {}, 'call_1'));
    await first.connection.sendCall(call('slow', {}, 'call_2'));
    await first.inbox.waitFor('progress', 2);
    await first.upstream.stop();
    await first.kitchen.forgetSessions();
    const { connection, inbox } = restore(leftBy(first, first.proxy.url));
    connection.resume();
    expect((await inbox.waitFor('lost')).args[0].code).toBe('gone');
    expect(await connection.close({ terminate: true, graceMs: 1_000 })).toMatchObject({ deleteStatus: null });
    expect(inbox.heard.map(({ kind }) => kind)).toEqual(['reattaching', 'lost']);
  });

  it('is found by an answer posted before the streams are asked for', async () => {
    const first = await stage();
    await first.connection.sendCall(call('ask_simple'));
    await first.inbox.waitFor('serverRequest');
    await first.upstream.stop();
    await first.kitchen.forgetSessions();
    const { connection, inbox } = restore(leftBy(first, first.proxy.url));
    expect(await connection.respond(toFirst(first.inbox))).toMatchObject({ ok: false, code: 'gone', status: 404 });
    connection.resume();
    await inbox.waitFor('lost');
    expect(inbox.heard.map(({ kind }) => kind)).toEqual(['lost']);
  });

  it('is found by the ping when no stream is asked for, by a server that has no GET', async () => {
    const known = { session: true };
    const server = await during(
      startScripted(({ method, response }) => {
        if (method === 'GET') return sendStatus(response, 404, 'Cannot GET /mcp');
        return !known.session && sendStatus(response, 404, 'Session not found');
      }),
    );
    const first = await open(server.url);
    await first.upstream.stop();
    const alive = restore(leftBy(first, server.url));
    alive.connection.resume();
    await alive.inbox.waitFor('reattached');
    await alive.upstream.stop();
    known.session = false;
    const { connection, inbox } = restore(leftBy(first, server.url));
    connection.resume();
    expect((await inbox.waitFor('lost')).args[0].code).toBe('gone');
    expect(inbox.of('lost')).toHaveLength(1);
  });
});

describe('a server that is down', () => {
  it('when we come back is asked until it answers (I5)', async () => {
    const first = await stage();
    await first.connection.sendCall(call('ask_simple'));
    await first.inbox.waitFor('serverRequest');
    first.proxy.cut();
    await first.upstream.stop();
    const { connection, inbox, logLines } = restore(leftBy(first, first.proxy.url));
    connection.resume();
    await inbox.waitFor('reattaching');
    // Refused like the streams, which were asked for before.
    expect(await connection.respond(toFirst(first.inbox))).toMatchObject({ ok: false, status: null });
    first.proxy.restore();
    await inbox.waitFor('reattached');
    expect(await connection.respond(toFirst(first.inbox))).toMatchObject({ ok: true });
    expect(JSON.parse(textOf(await outcomeOf(inbox, 'call_ask_simple')))).toEqual(answer);
    expect(inbox.of('reattaching')).toHaveLength(1);
    expect(logLines.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('for good is lost after a time, once (I9)', async () => {
    const first = await stage();
    await first.connection.sendCall(call('slow'));
    await first.inbox.waitFor('progress');
    await first.upstream.stop();
    await first.proxy.close();
    const { connection, inbox } = restore(leftBy(first, first.proxy.url), { unreachableMs: 400 });
    connection.resume();
    expect((await inbox.waitFor('lost')).args[0].code).toBe('unreachable');
    expect(inbox.heard.map(({ kind }) => kind)).toEqual(['reattaching', 'lost']);
  });
});

describe('before it is told to resume', () => {
  it('a restored connection sends nothing, and what is cancelled or closed loses nothing else (I10)', async () => {
    const first = await stage();
    await first.connection.sendCall(call('slow', {}, 'call_1'));
    await first.connection.sendCall(call('slow', {}, 'call_2'));
    await first.inbox.waitFor('progress', 2);
    await first.upstream.stop();
    const order = leftBy(first, first.proxy.url);
    const { records } = first.kitchen;
    const before = records.of('http_received').length;
    const { connection, inbox } = restore(order);
    expect(await connection.cancelCall('call_1', 'a person said stop')).toMatchObject({ ok: true });
    expect(await records.waitFor('cancel_received')).toMatchObject({ requestId: 'call_1' });
    expect(records.of('http_received').length).toBe(before + 1);
    connection.resume();
    await inbox.waitFor('reattached');
    first.kitchen.release();
    expect(textOf(await outcomeOf(inbox, 'call_2'))).toBe('released');
    expect(inbox.of('callStreamLost')).toEqual([]);
    const again = restore(order);
    expect(await again.connection.close({ terminate: true, graceMs: 2_000 })).toMatchObject({ deleteStatus: 200 });
    again.connection.resume();
    expect(again.inbox.heard).toEqual([]);
  });

  it('one that cannot be restored says so', async () => {
    const first = await stage();
    const order = leftBy(first, first.proxy.url);
    const { upstream, inbox } = first;
    expect(upstream.restore({ ...order, mcpSessionId: 'line\nbreak' }, inbox)).toMatchObject({ ok: false });
    expect(upstream.restore({ ...order, ...orderFor({ command: 'x', args: [] }) }, inbox)).toMatchObject({ ok: false });
    await upstream.stop();
    expect(upstream.restore(order, inbox)).toMatchObject({ ok: false, message: 'Holdpoint is stopping.' });
  });
});

describe('known servers', () => {
  it('server-everything: answer, then ask for the stream, and again until the result is there (I5)', async () => {
    const server = await during(startEverything());
    const first = await open(server.url);
    await first.connection.sendCall(call('trigger-elicitation-request'));
    const asked = await first.inbox.waitFor('serverRequest');
    await first.upstream.stop();
    const { connection, inbox } = restore(leftBy(first, server.url));
    connection.resume();
    await inbox.waitFor('reattached');
    const { rpcId } = asked.args[0];
    await connection.respond({ rpcId, result: { action: 'accept', content: { name: 'Lena' } } });
    expect(JSON.stringify(await outcomeOf(inbox, 'call_trigger-elicitation-request'))).toContain('Lena');
    expect(inbox.of('serverRequest')).toEqual([]);
    expect(inbox.of('callResult')).toHaveLength(1);
  });

  it('server-everything, restarted: 400 naming the session is the end of it (I9)', async () => {
    const server = await startEverything();
    const first = await open(server.url);
    await first.connection.sendCall(call('trigger-elicitation-request'));
    await first.inbox.waitFor('serverRequest');
    await first.upstream.stop();
    await server.close();
    const { connection, inbox } = restore(leftBy(first, server.url));
    connection.resume();
    await inbox.waitFor('reattaching');
    await during(startEverything(Number(new URL(server.url).port)));
    expect((await inbox.waitFor('lost', 1, 15_000)).args[0].code).toBe('gone');
    expect(inbox.of('lost')).toHaveLength(1);
  });

  it('a FastMCP server: its question came on the standalone stream, the result comes on the call’s (I5)', async () => {
    const server = await during(startFastMcp(await freePort()));
    const first = await open(server.url);
    await first.connection.sendCall(call('elicit_value'));
    const asked = await first.inbox.waitFor('serverRequest');
    await first.upstream.stop();
    const order = leftBy(first, server.url);
    const { connection, inbox } = restore(order);
    const { rpcId } = asked.args[0];
    expect(await connection.respond({ rpcId, result: { action: 'accept', content: { value: 'yes' } } })).toMatchObject({
      ok: true,
    });
    connection.resume();
    expect(JSON.parse(textOf(await outcomeOf(inbox, 'call_elicit_value')))).toEqual({
      action: 'accept',
      content: { value: 'yes' },
    });
    expect(server.records.executions('elicit_value')).toHaveLength(1);
    expect(inbox.of('serverRequest')).toEqual([]);
  });
});

describe('a path that died without a word', () => {
  it('is found by a ping: trouble is told, and the streams are asked for again from their places (I5)', async () => {
    const dead = { pings: false };
    const streams: string[] = [];
    const server = await during(
      startScripted(({ method, headers, message, response }) => {
        if (dead.pings && message?.['method'] === 'ping') return true;
        if (method === 'GET' && headers['last-event-id'] !== undefined) {
          openStream(response);
          streams.push(String(headers['last-event-id']));
          sendEvent(response, resultFor({ id: 'call_anything' }, 'found again'), 'event-2');
          return true;
        }
        if (message?.['method'] === 'initialize') {
          return sendJson(response, handshakeFor(message), { 'mcp-session-id': 'scripted-session' });
        }
        if (message?.['method'] !== 'tools/call') return false;
        openStream(response);
        response.write('id: event-1\ndata:\n\n');
        return true;
      }),
    );
    const { connection, inbox } = await open(server.url, { takeMs: 300 });
    await connection.sendCall(call('anything'));
    await inbox.waitFor('placeMoved');
    dead.pings = true;
    expect(await connection.request('ping', {}, 200)).toMatchObject({ ok: false });
    await inbox.waitFor('reattaching');
    expect(textOf(await outcomeOf(inbox, 'call_anything'))).toBe('found again');
    expect(streams).toEqual(['event-1']);
    expect(inbox.of('reattached')).toEqual([]);
    dead.pings = false;
    await inbox.waitFor('reattached');
    expect(inbox.of('reattaching')).toHaveLength(1);
  });

  it('leaves a stream that cannot be resumed as it is: its server may only be slow', async () => {
    let pings = 0;
    const server = await during(
      startScripted(({ message, response }) => {
        if (message?.['method'] === 'ping') return ++pings === 1;
        if (message?.['method'] !== 'tools/call') return false;
        openStream(response);
        finish = () => sendEvent(response, resultFor(message, 'slow, not dead'));
        return true;
      }),
    );
    let finish = (): void => undefined;
    const { connection, inbox } = await open(server.url);
    await connection.sendCall(call('anything'));
    expect(await connection.request('ping', {}, 200)).toMatchObject({ ok: false });
    await inbox.waitFor('reattached');
    finish();
    expect(textOf(await outcomeOf(inbox, 'call_anything'))).toBe('slow, not dead');
    expect(inbox.of('callStreamLost')).toEqual([]);
  });
});
