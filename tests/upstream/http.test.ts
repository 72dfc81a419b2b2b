import { Agent, fetch, getGlobalDispatcher, setGlobalDispatcher } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import { dispatcherOptions } from '@/server/upstream/stateful/http/dispatcher';
import { startKitchenSink } from '@/tests/servers/kitchen-sink';
import { call, cleanUp, during, open, outcomeOf, resultOf, textOf, tryOpen } from '@/tests/upstream/harness';
import {
  handshakeFor,
  openStream,
  resultFor,
  sendEvent,
  sendJson,
  sendRedirect,
  sendStatus,
  startScripted,
} from '@/tests/upstream/scripted-server';

const later = (delayMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, delayMs));

describe('headers', () => {
  it('configured ones go with every request, DELETE and GET included; the protocol’s own win (I14)', async () => {
    const server = await during(startScripted(() => false));
    const headers = { Authorization: 'Bearer secret-token', 'X-Team': 'payments', 'Mcp-Session-Id': 'forged' };
    const { connection, inbox, logLines } = await open({ kind: 'http', url: server.url, headers, sign: null });
    await connection.sendCall(call('anything'));
    await connection.notify('notifications/roots/list_changed', {});
    await connection.close({ terminate: true, graceMs: 2_000 });
    const methods = server.requests.map((request) => request.method);
    expect(new Set(methods)).toEqual(new Set(['POST', 'GET', 'DELETE']));
    for (const [index, request] of server.requests.entries()) {
      expect(request.headers['authorization']).toBe('Bearer secret-token');
      expect(request.headers['x-team']).toBe('payments');
      expect(request.headers['mcp-session-id']).toBe(index === 0 ? undefined : 'scripted-session');
    }
    const versions = server.requests.map((request) => request.headers['mcp-protocol-version']);
    expect(versions).toEqual([undefined, ...Array<string>(versions.length - 1).fill('2025-11-25')]);
    expect(JSON.stringify([inbox.all, logLines])).not.toContain('secret-token');
  });

  it('that HTTP does not allow are refused without showing the value (I14)', async () => {
    const { outcome } = await tryOpen({
      kind: 'http',
      url: 'http://127.0.0.1:1/mcp',
      headers: { Authorization: 'Bearer line\nbreak-secret' },
      sign: null,
    });
    expect(outcome).toMatchObject({ ok: false });
    expect(JSON.stringify(outcome)).toContain('Authorization');
    expect(JSON.stringify(outcome)).not.toContain('secret');
  });

  it('credentials in the URL become a header and show nowhere (I14)', async () => {
    const server = await during(startScripted(({ response }) => sendStatus(response, 500, 'no')));
    const url = server.url.replace('http://', 'http://ana:pass-word-1@');
    const { outcome, inbox, logLines } = await tryOpen(url);
    expect(server.requests[0]?.headers['authorization']).toBe(`Basic ${btoa('ana:pass-word-1')}`);
    expect(JSON.stringify([outcome, inbox.all, logLines])).not.toContain('pass-word-1');
  });

  it('I4 I9 a 400 that answers this very call is its answer, whatever it says of sessions', async () => {
    const server = await during(
      startScripted(({ message, response }) => {
        if (message?.['method'] !== 'tools/call') return false;
        const error = { code: -32602, message: 'There is no checkout session named foo' };
        response.writeHead(400, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ jsonrpc: '2.0', id: message['id'] ?? null, error }));
        return true;
      }),
    );
    const { connection, inbox } = await open(server.url);
    expect(await connection.sendCall(call('pay', {}, 'call_A'))).toMatchObject({ ok: true });
    expect(inbox.of('callError')).toMatchObject([{ args: [{ rpcId: 'call_A', error: { code: -32602 } }, {}] }]);
    expect(inbox.of('lost')).toEqual([]);
  });

  it('hold an event id of any letters when a stream is resumed', async () => {
    let resumedFrom: string | undefined;
    const server = await during(
      startScripted(({ method, message, headers, response }) => {
        if (message?.['method'] === 'tools/call') {
          openStream(response);
          sendEvent(
            response,
            { jsonrpc: '2.0', method: 'notifications/message', params: { level: 'info', data: 1 } },
            'ünï·✓',
          );
          setTimeout(() => response.destroy(), 20);
          return true;
        }
        if (method !== 'GET' || headers['last-event-id'] === undefined) return false;
        resumedFrom = Buffer.from(headers['last-event-id'] as string, 'latin1').toString('utf8');
        openStream(response);
        sendEvent(response, { jsonrpc: '2.0', id: 'call_anything', result: { content: [] } }, 'next');
        response.end();
        return true;
      }),
    );
    const opened = await open(server.url);
    await resultOf(opened, call('anything'));
    expect(resumedFrom).toBe('ünï·✓');
  });
});

describe('a redirect', () => {
  it('to another origin is not followed, and the message names it without our credentials', async () => {
    const other = await during(startScripted(() => false));
    const server = await during(startScripted(({ response }) => sendRedirect(response, 307, `${other.url}?token=abc`)));
    const headers = { authorization: 'Bearer secret-token' };
    const { outcome } = await tryOpen({ kind: 'http', url: server.url, headers, sign: null });
    expect(outcome).toMatchObject({ ok: false, code: 'not_mcp' });
    expect(outcome.ok ? '' : outcome.message).toContain(other.url);
    expect(JSON.stringify(outcome)).not.toContain('abc');
    expect(other.requests).toHaveLength(0);
  });

  it('within the origin is followed when it keeps the method, and not for ever', async () => {
    const server = await during(
      startScripted(({ message, response }) => {
        if (message?.['method'] === 'initialize' && !response.req.url?.endsWith('/moved')) {
          return sendRedirect(response, 308, '/moved');
        }
        return message?.['method'] === 'tools/call' && sendRedirect(response, 307, '/round');
      }),
    );
    const { connection } = await open(server.url);
    expect(await connection.sendCall(call('anything'))).toMatchObject({ ok: false, code: 'refused', status: 307 });
  });
});

describe('no timer of a library ends a human wait', () => {
  const standing = getGlobalDispatcher();
  afterEach(() => setGlobalDispatcher(standing));

  it('ours has none: headersTimeout and bodyTimeout are 0', () => {
    expect(dispatcherOptions).toMatchObject({ headersTimeout: 0, bodyTimeout: 0 });
  });

  // The HTTP client's clock ticks about once a second.
  const quietMs = 2_500;

  it('a late first byte and a quiet stream outlast the process’s default dispatcher', async () => {
    setGlobalDispatcher(new Agent({ headersTimeout: 60, bodyTimeout: 60 }));
    const server = await during(
      startScripted(({ message, response }) => {
        if (message?.['method'] !== 'tools/call') return false;
        void later(quietMs).then(() => {
          openStream(response);
          response.write(': hello\n\n');
          return later(quietMs).then(() => {
            sendEvent(response, resultFor(message, 'worth the wait'));
            response.end();
          });
        });
        return true;
      }),
    );
    const globally = fetch(server.url, { method: 'POST', body: JSON.stringify({ id: 1, method: 'tools/call' }) });
    await expect(globally.then((response) => response.text())).rejects.toThrow(/terminated|fetch failed/);
    const opened = await open(server.url);
    expect(textOf(await resultOf(opened, call('anything')))).toBe('worth the wait');
  });

  it('nor does the SDK’s: a call outlasts every time that a request is given', async () => {
    const kitchen = await during(startKitchenSink());
    const { connection, inbox } = await open(kitchen.url, {
      takeMs: 200,
      handshakeMs: 2_000,
      attachMs: 100,
      lingerMs: 50,
    });
    await connection.sendCall(call('ask_simple'));
    const { args } = await inbox.waitFor('serverRequest');
    const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const before = timers();
    const other = await connection.sendCall(call('slow'));
    expect(other.ok).toBe(true);
    await inbox.waitFor('progress');
    expect(timers()).toBeLessThanOrEqual(before);
    expect(await connection.request('tools/list', {}, 1_500)).toMatchObject({ ok: true });
    await later(2_200);
    expect(inbox.heard.map((record) => record.kind)).toEqual(['serverRequest', 'progress']);
    await connection.respond({ rpcId: args[0].rpcId, result: { action: 'decline' } });
    expect(JSON.parse(textOf(await outcomeOf(inbox, 'call_ask_simple')))).toEqual({ action: 'decline' });
  });
});

describe('many requests', () => {
  it('1,600 parked calls on one connection warn of nothing and all end', async () => {
    const warnings: string[] = [];
    const warn = (warning: Error): void => void warnings.push(warning.message);
    process.on('warning', warn);
    cleanUp(async () => void process.off('warning', warn));
    const waiting: (() => void)[] = [];
    const server = await during(
      startScripted(({ message, response }) => {
        if (message?.['method'] !== 'tools/call') return false;
        openStream(response);
        waiting.push(() => {
          sendEvent(response, resultFor(message, 'done'));
          response.end();
        });
        return true;
      }),
    );
    const { connection, inbox } = await open(server.url);
    const numbers = Array.from({ length: 1_600 }, (_, index) => index);
    await Promise.all(numbers.map((n) => connection.sendCall(call('anything', {}, `call_${n}`))));
    expect(waiting).toHaveLength(1_600);
    for (const release of waiting) release();
    await inbox.until(() => inbox.of('callResult').length === 1_600, 'every result', 30_000);
    expect(warnings).toEqual([]);
  });
});

describe('opening', () => {
  it('has a limit of its own, and only the handshake', async () => {
    const server = await during(startScripted(() => true));
    const startedAt = Date.now();
    const { outcome } = await tryOpen(server.url, { handshakeMs: 200 });
    expect(outcome).toMatchObject({ ok: false, code: 'unreachable' });
    expect(Date.now() - startedAt).toBeLessThan(20_000);
  });

  it('asks for log messages from info up when the server can log, and does not insist', async () => {
    const server = await during(
      startScripted(({ message, response }) => {
        if (message?.['method'] === 'logging/setLevel') return sendStatus(response, 500, 'broken');
        if (message?.['method'] !== 'initialize') return false;
        const answer = handshakeFor(message);
        return sendJson(response, {
          ...answer,
          result: { ...(answer['result'] as object), capabilities: { logging: {}, 'example.com/own': { a: 1 } } },
        });
      }),
    );
    const { connection } = await open(server.url);
    expect(connection.facts.capabilities).toEqual({ logging: {}, 'example.com/own': { a: 1 } });
    expect(connection.facts.mcpSessionId).toBeNull();
    const levels = (): unknown =>
      server.requests.find((request) => request.message?.['method'] === 'logging/setLevel')?.message?.['params'];
    await expect.poll(levels).toEqual({ level: 'info' });
    expect(await connection.close({ terminate: true, graceMs: 500 })).toMatchObject({ deleteStatus: null });
  });

  it('declares elicitation by form and URL, sampling with tools, and roots', async () => {
    const kitchen = await during(startKitchenSink());
    await open(kitchen.url);
    const opened = await kitchen.records.waitFor('session_opened');
    expect(opened.clientName).toBe('holdpoint');
    expect(opened.capabilities).toEqual({
      elicitation: { form: {}, url: {} },
      sampling: { tools: {} },
      roots: { listChanged: true },
    });
  });
});
