import { describe, expect, it } from 'vitest';
import type { ServerEntry } from '@/server/engine/ports/servers';
import { Abort } from '@/server/upstream/stateful/http/abort';
import { createDispatcher } from '@/server/upstream/stateful/http/dispatcher';
import { readEndpoint } from '@/server/upstream/stateful/http/endpoint';
import { Wire } from '@/server/upstream/stateful/http/wire';
import { leftBy, restore } from '@/tests/upstream/earlier-life';
import { call, cleanUp, during, open, resultOf, textOf, tryOpen } from '@/tests/upstream/harness';
import { sendRedirect, startScripted } from '@/tests/upstream/scripted-server';

const signed = (url: string): ServerEntry['transport'] => ({
  kind: 'http',
  url,
  headers: {},
  sign: { service: 'bedrock-agentcore', region: 'eu-central-1' },
});

/** What the default chain looks at first; and nothing else that this machine may hold. */
function environment(values: Readonly<Record<string, string>>): void {
  const names = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'];
  const all = {
    ...Object.fromEntries(names.map((name) => [name, undefined])),
    AWS_CONFIG_FILE: '/nowhere',
    AWS_SHARED_CREDENTIALS_FILE: '/nowhere',
    AWS_EC2_METADATA_DISABLED: 'true',
    ...values,
  };
  for (const [name, value] of Object.entries(all)) {
    const before = process.env[name];
    set(name, value);
    cleanUp(async () => set(name, before));
  }
}

function set(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}

const keys = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret-of-the-test' };

describe('a signed server', () => {
  // First: once found, credentials are remembered.
  it('without credentials does not open, and the words say what to do', async () => {
    environment({});
    const server = await during(startScripted(() => false));
    const { outcome } = await tryOpen(signed(server.url));
    expect(outcome).toMatchObject({ ok: false });
    expect(outcome.ok ? '' : outcome.message).toContain('No AWS credentials were found');
    expect(server.requests).toEqual([]);
  });

  it('gets a signature with every request, the one behind a redirect included, each its own', async () => {
    environment(keys);
    const server = await during(
      startScripted(({ method, message, path, response }) => {
        if (path === '/moved' || method !== 'POST' || message?.['method'] !== 'tools/call') return false;
        return sendRedirect(response, 307, '/moved');
      }),
    );
    const opened = await open(signed(server.url));
    expect(textOf(await resultOf(opened, call('anything')))).toBe('a result');
    await opened.connection.close({ terminate: true, graceMs: 2_000 });
    const seen = server.requests.map(({ method, headers }) => ({ method, signature: headers['authorization'] ?? '' }));
    expect(new Set(seen.map(({ method }) => method))).toEqual(new Set(['POST', 'GET', 'DELETE']));
    for (const { signature } of seen) expect(signature).toMatch(/^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\//);
    expect(new Set(seen.map(({ signature }) => signature)).size).toBe(seen.length);
    expect(server.requests.some(({ path }) => path === '/moved')).toBe(true);
  });

  it('whose credentials went away: not a byte is sent, and that is said (I3)', async () => {
    const server = await during(startScripted(() => false));
    const read = readEndpoint({
      url: server.url,
      headers: {},
      reach: null,
      sign: () => Promise.reject(new Error('The AWS credentials have gone.')),
    });
    if (!read.ok) throw new Error(read.message);
    const dispatcher = createDispatcher(1_000);
    cleanUp(() => dispatcher.destroy());
    const order = { method: 'POST', message: { jsonrpc: '2.0', method: 'ping' }, abort: new Abort() } as const;
    const outcome = await new Wire(read.endpoint, dispatcher).send(order);
    expect(outcome).toEqual({
      ok: false,
      code: 'unsent',
      message: `${server.url}: it could not be signed: The AWS credentials have gone.`,
    });
    expect(server.requests).toEqual([]);
  });

  it('is restored signed', async () => {
    environment(keys);
    const server = await during(startScripted(() => false));
    const first = await open(signed(server.url));
    await first.upstream.stop();
    const order = leftBy(first, server.url);
    const before = server.requests.length;
    const { connection, inbox } = restore({ ...order, server: { ...order.server, transport: signed(server.url) } });
    connection.resume();
    await inbox.waitFor('reattached');
    const after = server.requests.slice(before);
    expect(after.map(({ method }) => method).toSorted()).toEqual(['GET', 'POST']);
    for (const { headers } of after) expect(headers['authorization']).toMatch(/^AWS4-HMAC-SHA256 /);
  });
});
