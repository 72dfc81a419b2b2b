import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createRequestSigner } from '@/server/upstream/aws/request-signer';
import { accept, type AnsweringClient, answeringClient, textOf } from '@/tests/examples/answering-client';
import { type AgentCore, type AgentCoreOptions, startAgentCore } from '@/tests/servers/agentcore/agentcore';

const account = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'very-secret' };
const sign = createRequestSigner({
  service: 'bedrock-agentcore',
  region: 'eu-central-1',
  credentials: () => Promise.resolve(account),
});

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

async function start(options: Partial<AgentCoreOptions> = {}): Promise<AgentCore> {
  const agentcore = await startAgentCore({ caller: account, ...options });
  closers.push(() => agentcore.close());
  return agentcore;
}

function addressOf(agentcore: AgentCore): string {
  return `${agentcore.endpoint}/runtimes/${encodeURIComponent(agentcore.arn)}/invocations?qualifier=DEFAULT`;
}

const signingFetch = async (input: string | URL, init: RequestInit = {}): Promise<Response> => {
  const url = new URL(input);
  const { body } = init;
  const headers = await sign({
    method: init.method ?? 'GET',
    url,
    headers: Object.fromEntries(new Headers(init.headers)),
    body: typeof body === 'string' ? body : null,
  });
  return fetch(url, { ...init, headers });
};

async function connect(
  agentcore: AgentCore,
): Promise<AnsweringClient & { readonly transport: StreamableHTTPClientTransport }> {
  const transport = new StreamableHTTPClientTransport(new URL(addressOf(agentcore)), { fetch: signingFetch });
  const connected = await answeringClient(transport, {
    answer: ({ method }) =>
      method === 'elicitation/create'
        ? accept({ alarm: 'checkout-api-p99-latency-high' })
        : { model: 'm', role: 'assistant', content: { type: 'text', text: 'Words.' } },
  });
  closers.push(() => connected.client.close());
  return { ...connected, transport };
}

const ofSession = (id: string): Record<string, string> => ({
  accept: 'application/json, text/event-stream',
  'mcp-session-id': id,
  'mcp-protocol-version': '2025-11-25',
});

function post(agentcore: AgentCore, method: string, headers: Record<string, string>): Promise<Response> {
  const params =
    method === 'initialize'
      ? { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } }
      : {};
  return signingFetch(addressOf(agentcore), {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  });
}

/** A session opened by hand, with its standalone stream. */
async function openByHand(agentcore: AgentCore): Promise<{ readonly id: string; readonly stream: Response }> {
  const opened = await post(agentcore, 'initialize', { accept: 'application/json, text/event-stream' });
  await opened.text();
  const id = opened.headers.get('mcp-session-id') ?? '';
  expect(opened.headers.get('x-amzn-bedrock-agentcore-runtime-session-id')).toBe(id);
  const stream = await signingFetch(addressOf(agentcore), { headers: ofSession(id) });
  expect(stream.status).toBe(200);
  return { id, stream };
}

describe('the stand-in for AgentCore', () => {
  test.each(['runtime_id', 'server_id'] as const)('serves the real investigator, telling the %s', async (tells) => {
    const agentcore = await start({ tells });
    const agent = await connect(agentcore);
    expect(textOf(await agent.call('investigate_alarm'))).toBe('Words.');
    const asked = agent.questions.map((question) => question.method);
    expect(asked).toEqual(['elicitation/create', 'sampling/createMessage']);
    await agent.transport.terminateSession();
    expect(new Set(agentcore.requests.map((request) => request.method))).toEqual(new Set(['POST', 'GET', 'DELETE']));
    expect(agentcore.requests.filter((request) => request.refusedAs !== null)).toEqual([]);
  });

  test('gives each session an instance of its own, and routes by the id', async () => {
    const agentcore = await start();
    const [first, second] = await Promise.all([connect(agentcore), connect(agentcore)]);
    const ids = [first.transport.sessionId, second.transport.sessionId];
    expect(new Set(ids).size).toBe(2);
    expect(new Set(agentcore.sessionIds())).toEqual(new Set(ids));
    await agentcore.expire(ids[0] ?? '');
    await expect(first.call('list_alarms')).rejects.toThrow('Session not found');
    expect(textOf(await second.call('list_alarms'))).not.toBe('');
  });

  test.each([
    ['idle', { idleMs: 1_000 }],
    ['old', { lifetimeMs: 1_000 }],
  ])('ends a session that is too %s: its stream is cut, its id is 404', async (_what, life) => {
    const agentcore = await start(life);
    const { id, stream } = await openByHand(agentcore);
    await expect(stream.text()).rejects.toThrow('terminated');
    await vi.waitFor(() => expect(agentcore.sessionIds()).toEqual([]));
    const late = await post(agentcore, 'ping', ofSession(id));
    expect([late.status, late.headers.get('x-amzn-errortype')]).toEqual([404, 'ResourceNotFoundException']);
  });

  test('keeps a session that is asked for in time, though its stream is quiet', async () => {
    const agentcore = await start({ idleMs: 1_500 });
    const { id } = await openByHand(agentcore);
    for (let ping = 0; ping < 9; ping += 1) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      expect((await post(agentcore, 'ping', ofSession(id))).status).toBe(200);
    }
    expect(agentcore.sessionIds()).toEqual([id]);
  });

  test('cuts a response that streams for too long, and keeps the session', async () => {
    const agentcore = await start({ streamMs: 500 });
    const { id, stream } = await openByHand(agentcore);
    await expect(stream.text()).rejects.toThrow('terminated');
    expect((await post(agentcore, 'ping', ofSession(id))).status).toBe(200);
  });

  test('routes an id it never saw, or has forgotten, to a fresh instance that nobody has initialised', async () => {
    const agentcore = await start();
    const { id } = await openByHand(agentcore);
    await agentcore.expire(id);
    agentcore.forgetEnded();
    for (const unknown of ['never-seen', id]) {
      const answer = await post(agentcore, 'tools/list', ofSession(unknown));
      expect(agentcore.sessionIds()).toContain(unknown);
      expect(answer.headers.get('x-amzn-errortype')).toBeNull();
      expect([answer.status, await answer.json()]).toMatchObject([404, { error: { message: 'Session not found' } }]);
    }
  });

  test.each<[string, AgentCoreOptions['caller'], Record<string, string>, number, string]>([
    ['nothing', account, {}, 403, 'MissingAuthenticationTokenException'],
    ['a token where a signature is asked', account, { authorization: 'Bearer x' }, 403, 'IncompleteSignatureException'],
    ['nothing where a token is asked', { token: 'x' }, {}, 401, 'UnauthorizedException'],
    ['another token', { token: 'x' }, { authorization: 'Bearer y' }, 403, 'AccessDeniedException'],
    ['the token, and no session', { token: 'x' }, { authorization: 'Bearer x' }, 406, ''],
  ])('answers who shows %s', async (...[, caller, headers, status, type]) => {
    const agentcore = await start({ caller });
    const answer = await fetch(addressOf(agentcore), { method: 'POST', headers, body: '{}' });
    expect([answer.status, answer.headers.get('x-amzn-errortype') ?? '']).toEqual([status, type]);
    expect(agentcore.requests).toMatchObject([{ method: 'POST', refusedAs: type === '' ? null : type, status }]);
  });

  test('knows no other runtime', async () => {
    const agentcore = await start();
    const answer = await signingFetch(addressOf(agentcore).replace('incident-abc', 'incident-xyz'), { method: 'POST' });
    expect([answer.status, await answer.json()]).toEqual([404, { message: 'No endpoint or agent found.' }]);
  });
});
