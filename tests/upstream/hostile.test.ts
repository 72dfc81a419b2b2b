import { describe, expect, it } from 'vitest';
import { startNonsense } from '@/tests/servers/nonsense';
import { type NonsenseMode, nonsenseModes } from '@/tests/servers/nonsense-modes';
import { call, during, open, outcomeOf, textOf, tryOpen } from '@/tests/upstream/harness';
import type { RecordingInbox } from '@/tests/upstream/recording-inbox';
import { openStream, resultFor, sendEvent, sendJson, startScripted } from '@/tests/upstream/scripted-server';

const failing: Partial<Record<NonsenseMode, string>> = {
  html: 'not_mcp',
  invalid_json: 'not_mcp',
  wrong_jsonrpc_version: 'not_mcp',
  initialize_without_result: 'not_mcp',
  unknown_protocol_version: 'bad_version',
  status_500: 'unreachable',
  status_401: 'unauthorized',
  redirect: 'not_mcp',
  never_answers: 'unreachable',
  session_gone_404: 'not_mcp',
  session_gone_400: 'not_mcp',
};

describe('a server that breaks the handshake', () => {
  it.each(Object.entries(failing))('%s: open says %s, in words, and tells the inbox nothing', async (mode, code) => {
    const server = await during(startNonsense({ mode: mode as NonsenseMode, redirectTo: 'http://other.invalid/mcp' }));
    const startedAt = Date.now();
    const { outcome, inbox } = await tryOpen(server.url, { handshakeMs: 1_500 });
    expect(outcome).toMatchObject({ ok: false, code });
    expect(outcome.ok ? '' : outcome.message.length).toBeGreaterThan(20);
    expect(outcome.ok ? '' : outcome.message).not.toContain('<');
    expect(inbox.heard).toEqual([]);
    expect(Date.now() - startedAt).toBeLessThan(20_000);
  });

  it('leaves no mode untried', () => {
    const tried = [
      ...Object.keys(failing),
      ...Object.keys(ends),
      ...Object.keys(asking),
      'bad_tools',
      'endless_tools',
      'call_never_answers',
      'call_silent_stream',
    ];
    expect(new Set(tried)).toEqual(new Set(nonsenseModes));
  });
});

/** How a call ends in each mode. */
const ends: Partial<Record<NonsenseMode, (inbox: RecordingInbox) => Promise<unknown>>> = {
  call_html: (inbox) => inbox.waitFor('callStreamLost'),
  call_invalid_json: (inbox) => inbox.waitFor('callStreamLost'),
  call_accepted_only: (inbox) => inbox.waitFor('callStreamLost'),
  call_wrong_jsonrpc_version: (inbox) => inbox.waitFor('callStreamLost'),
  call_stream_ends: (inbox) => inbox.waitFor('callStreamLost'),
  call_cut_mid_event: (inbox) => inbox.waitFor('callStreamLost'),
  call_cut_body: (inbox) => inbox.waitFor('callStreamLost'),
  call_endless_event: (inbox) => inbox.waitFor('callStreamLost', 1, 30_000),
  call_stream_not_json: (inbox) => outcomeOf(inbox, 'call_anything'),
  call_unknown_id: (inbox) => outcomeOf(inbox, 'call_anything'),
  call_result_twice: (inbox) => outcomeOf(inbox, 'call_anything'),
  call_unknown_request: (inbox) => outcomeOf(inbox, 'call_anything'),
  call_log_flood: (inbox) => outcomeOf(inbox, 'call_anything', 30_000),
  call_deep_result: (inbox) => inbox.waitFor('callError'),
  call_500: () => Promise.resolve(),
};

describe('a server that breaks a call', () => {
  it.each(Object.entries(ends))('%s: the call ends once, and the connection lives', async (mode, end) => {
    const server = await during(startNonsense({ mode: mode as NonsenseMode }));
    const { connection, inbox } = await open(server.url);
    const sent = await connection.sendCall(call('anything'));
    expect(sent.ok).toBe(mode !== 'call_500');
    await end(inbox);
    expect(await connection.request('ping', {}, 5_000)).toEqual({ ok: true, result: {} });
    const outcomes = inbox.heard.filter(({ kind }) =>
      ['callResult', 'callError', 'callStreamLost', 'lost'].includes(kind),
    );
    expect(outcomes).toHaveLength(sent.ok ? 1 : 0);
  });

  it('with a result that is too deep says what it is', async () => {
    const server = await during(startNonsense({ mode: 'call_deep_result' }));
    const { connection, inbox } = await open(server.url);
    await connection.sendCall(call('anything'));
    const { args } = await inbox.waitFor('callError');
    expect(args[0].error.code).toBe(-32603);
    expect(args[0].error.message).toContain('deeper than');
  });

  it('with an event larger than what we hold is told the size', async () => {
    const server = await during(startNonsense({ mode: 'call_endless_event' }));
    const { connection, inbox } = await open(server.url);
    await connection.sendCall(call('anything'));
    expect((await inbox.waitFor('callStreamLost', 1, 30_000)).args[1]).toContain('larger than 32 MB');
  });

  it.each(['call_never_answers', 'call_silent_stream'] as const)('%s: closing settles it', async (mode) => {
    const server = await during(startNonsense({ mode }));
    const { connection, inbox } = await open(server.url);
    const sending = connection.sendCall(call('anything'));
    await server.waitForRequest((request) => request.rpcMethod === 'tools/call');
    expect(await connection.request('ping', {}, 5_000)).toEqual({ ok: true, result: {} });
    await connection.close({ terminate: true, graceMs: 500 });
    expect((await sending).ok).toBe(mode === 'call_silent_stream');
    expect(inbox.heard).toEqual([]);
  });

  it('promising a body with its refusal that never comes: the call still ends', async () => {
    const server = await during(
      startScripted(({ message, response }) => {
        if (message?.['method'] !== 'tools/call') return false;
        response.writeHead(400, { 'content-length': '100' });
        response.write('half of it');
        return true;
      }),
    );
    const { connection } = await open(server.url);
    expect(await connection.sendCall(call('anything'))).toMatchObject({ ok: false, code: 'refused', status: 400 });
  });

  it.each([
    ['an error without a code', { error: { message: 'no code' } }],
    ['an error that is text', { error: 'broken' }],
    ['a result that is a list', { result: [] }],
    ['a result with nonsense in _meta', { result: { _meta: 5 } }],
    ['neither', {}],
  ])('answering a list with %s: told at once, not at a timeout', async (_what, members) => {
    const server = await during(
      startScripted(
        ({ message, response }) =>
          message?.['method'] === 'tools/list' &&
          sendJson(response, { jsonrpc: '2.0', id: message['id'] ?? null, ...members }),
      ),
    );
    const { connection } = await open(server.url);
    const listed = await connection.request('tools/list', {}, 60_000);
    expect(listed).toMatchObject({ ok: false, error: { code: -32603 } });
    expect(listed.ok ? '' : listed.error.message).toContain('nonsense');
  });

  it.each(['bad_tools', 'endless_tools'] as const)('%s: the list is handed on as it is, to be judged', async (mode) => {
    const server = await during(startNonsense({ mode }));
    const { connection } = await open(server.url);
    const listed = await connection.request('tools/list', {}, 5_000);
    expect(listed.ok).toBe(true);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

const asking: Partial<Record<NonsenseMode, true>> = {
  call_duplicate_ids: true,
  call_huge_schema: true,
  call_elicit_without_params: true,
};

describe('a server that asks nonsense', () => {
  const errorsTo = async (mode: NonsenseMode, id: string): Promise<{ inbox: RecordingInbox; body: unknown }> => {
    const server = await during(startNonsense({ mode }));
    const { connection, inbox } = await open(server.url);
    await connection.sendCall(call('anything'));
    const answered = await server.waitForRequest((request) => request.rpcId === id && request.rpcMethod === undefined);
    return { inbox, body: JSON.parse(answered.body) };
  };

  it('two questions under one id: the first is asked, the second refused', async () => {
    const { inbox, body } = await errorsTo('call_duplicate_ids', 'same-id');
    expect(body).toMatchObject({ id: 'same-id', error: { code: -32600 } });
    expect(inbox.of('serverRequest').map(({ args }) => args[0].params['message'])).toEqual(['First question']);
  });

  it('params that are no object: refused with -32602', async () => {
    const { inbox, body } = await errorsTo('call_elicit_without_params', 'list');
    expect(body).toMatchObject({ id: 'list', error: { code: -32602 } });
    expect(inbox.of('serverRequest')).toEqual([]);
  });

  it('an unknown method: refused with -32601', async () => {
    const { body } = await errorsTo('call_unknown_request', 'unknown-1');
    expect(body).toMatchObject({ id: 'unknown-1', error: { code: -32601 } });
  });

  it('20,000 fields: handed on, to be judged', async () => {
    const server = await during(startNonsense({ mode: 'call_huge_schema' }));
    const { connection, inbox } = await open(server.url);
    await connection.sendCall(call('anything'));
    const { args } = await inbox.waitFor('serverRequest');
    expect(args[0].rpcId).toBe('huge');
  });

  it('thousands of questions: the rest is refused, nothing is held for ever', async () => {
    const server = await during(
      startScripted(({ message, response }) => {
        if (message?.['method'] !== 'tools/call') return false;
        openStream(response);
        for (let id = 0; id < 1_200; id += 1) {
          sendEvent(response, { jsonrpc: '2.0', id, method: 'elicitation/create', params: { message: `${id}` } });
        }
        sendEvent(response, resultFor(message, 'done'));
        response.end();
        return true;
      }),
    );
    const { connection, inbox } = await open(server.url);
    await connection.sendCall(call('anything'));
    expect(textOf(await outcomeOf(inbox, 'call_anything', 20_000))).toBe('done');
    expect(inbox.of('serverRequest')).toHaveLength(1_000);
  });

  it('a batch: each message in its turn', async () => {
    const server = await during(
      startScripted(({ message, response }) => {
        if (message?.['method'] !== 'tools/call') return false;
        openStream(response);
        const log = (data: number): { [key: string]: never } =>
          ({ jsonrpc: '2.0', method: 'notifications/message', params: { level: 'info', data } }) as never;
        sendEvent(response, [log(1), log(2), resultFor(message, 'batched')], 'e1');
        response.end();
        return true;
      }),
    );
    const { connection, inbox } = await open(server.url);
    await connection.sendCall(call('anything'));
    expect(textOf(await outcomeOf(inbox, 'call_anything'))).toBe('batched');
    expect(inbox.of('log').map(({ args }) => args[1].place)).toEqual([null, null]);
    expect(inbox.of('callResult')[0]?.args[1].place).toEqual({ stream: 'call_anything', eventId: 'e1' });
  });
});
