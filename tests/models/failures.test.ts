import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { ModelEntry } from '@/server/engine/ports/model-entry';
import { createModels } from '@/server/models/models';
import {
  type Answer,
  anthropicReply,
  bedrockReply,
  entryOf,
  hello,
  keptLog,
  messageOf,
  ModelServer,
  openAiReply,
  replyOf,
  secretKey,
  tell,
} from '@/tests/models/model-server';

const servers: ModelServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

async function serve(...answers: readonly Answer[]): Promise<ModelServer> {
  const server = await new ModelServer(...answers).start();
  servers.push(server);
  return server;
}

const kinds = ['anthropic', 'bedrock', 'openai-compatible'] as const;
const replies = { anthropic: anthropicReply(), bedrock: bedrockReply(), 'openai-compatible': openAiReply() };
/** An error in the shape of each API, with words that no one should see. */
const errorBody = {
  anthropic: (words: string) => ({ type: 'error', error: { type: 'some_error', message: words } }),
  bedrock: (words: string) => ({ message: words }),
  'openai-compatible': (words: string) => ({ error: { message: words, type: 'some_error', code: null } }),
};

describe('what a provider refuses is told in words that say what to do, and in nothing else (I14)', () => {
  const table: readonly (readonly [number, string])[] = [
    [307, 'redirects elsewhere, which is not followed. Set "baseUrl" to where it is.'],
    [401, 'does not accept the key. An admin can check it in the configuration.'],
    [402, 'asks for payment.'],
    [403, 'The provider does not let the key use model'],
    [404, 'does not know it. An admin can check "model" and "baseUrl" in the configuration.'],
    [408, 'took too long.'],
    [429, 'has had too many requests, or its quota is used up. Try again in a minute'],
    [500, 'is overloaded or has a fault (500)'],
    [529, 'is overloaded or has a fault (529)'],
  ];
  it.each(kinds.flatMap((kind) => table.map(([status, words]) => [kind, status, words] as const)))(
    '%s, %i',
    async (kind, status, words) => {
      const body = errorBody[kind](`secret words with ${secretKey}`);
      const server = await serve({ status, body, headers: { location: 'http://127.0.0.1:1/' } });
      const told = await tell([entryOf(kind, server.url)], hello);
      expect(messageOf(told)).toContain(words);
      expect(JSON.stringify(told)).not.toMatch(new RegExp(`secret words|${secretKey}|Say hello`));
      expect(told.lines).toEqual([expect.stringContaining(`"status":${status}`)]);
      expect(server.received).toHaveLength(status === 429 || status >= 500 ? 2 : 1);
    },
  );

  it.each(kinds)('%s: its own words about a bad request, without what could open anything', async (kind) => {
    const words = `prompt is too\nlong for ${secretKey}, sk-abcdefghijklmnopqrstuvwxyz ${'and so on '.repeat(100)}`;
    const server = await serve({ status: 400, body: errorBody[kind](words) });
    const told = await tell([entryOf(kind, server.url)], hello);
    expect(messageOf(told)).toMatch(
      /does not accept the request \(400\): prompt is too long for \[masked\], \[masked\]/,
    );
    expect(messageOf(told).length).toBeLessThan(400);
    expect(JSON.stringify(told)).not.toMatch(/k3y-that|sk-abc/);
    expect(told.lines.join()).not.toContain('too long');
  });

  it('that says nothing', async () => {
    const server = await serve({ status: 422, body: '' });
    expect(messageOf(await tell([entryOf('anthropic', server.url)], hello))).toMatch(/\(422\): \S/);
  });
});

describe('is tried once more', () => {
  it.each([429, 500, 503, 529])('%i, and then well', async (status) => {
    const server = await serve({ status, body: {} }, { body: anthropicReply() });
    const told = await tell([entryOf('anthropic', server.url)], hello);
    expect(replyOf(told).text).toBe('Hello.');
    expect(server.received).toHaveLength(2);
    expect(server.received[1]?.body).toEqual(server.received[0]?.body);
  });

  it('after the pause the provider asks for', async () => {
    const server = await serve({ status: 429, body: {}, headers: { 'retry-after': '1' } }, { body: anthropicReply() });
    const reply = replyOf(await tell([entryOf('anthropic', server.url)], hello));
    expect(reply.usage.tookMs).toBeGreaterThanOrEqual(990);
  });

  it('but not when that is long: a person is told how long', async () => {
    const server = await serve({ status: 429, body: {}, headers: { 'retry-after': '42' } });
    expect(messageOf(await tell([entryOf('anthropic', server.url)], hello))).toContain('Try again in 42 s');
    expect(server.received).toHaveLength(1);
  });
});

describe('a provider that is not there', () => {
  it.each(kinds)('%s', async (kind) => {
    const told = await tell([entryOf(kind, `http://127.0.0.1:${await freePort()}`)], hello);
    expect(messageOf(told)).toContain('cannot be reached (ECONNREFUSED). Check the network, and "baseUrl"');
    expect(told.lines).toEqual([expect.stringContaining('"why":"ECONNREFUSED"')]);
  });

  it('because nothing may be asked on that port', async () => {
    const told = await tell([entryOf('anthropic', 'http://127.0.0.1:1')], hello);
    expect(messageOf(told)).toContain('cannot be reached (network).');
  });

  it('breaks off within its reply', async () => {
    const server = await serve((response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
      response.write('{"id":', () => response.destroy());
    });
    const told = await tell([entryOf('anthropic', server.url)], hello);
    expect(messageOf(told)).toMatch(/cannot be reached \([A-Z_]+\)/);
    expect(server.received).toHaveLength(1);
  });
});

describe('no reply is waited for', () => {
  const silent: Answer = () => undefined;

  it.each(kinds)('longer than the time limit: %s', async (kind) => {
    const server = await serve(silent);
    const told = await tell([entryOf(kind, server.url, { timeoutMs: 300 })], hello);
    expect(messageOf(told)).toContain('did not reply within 0.3 s.');
    expect(told.lines).toEqual([expect.stringContaining('"why":"timeout"')]);
  });

  it('when the time limit falls within the pause before a second try', async () => {
    const server = await serve({ status: 429, body: {}, headers: { 'retry-after': '9' } });
    const told = await tell([entryOf('anthropic', server.url, { timeoutMs: 300 })], hello);
    expect(messageOf(told)).toContain('did not reply within 0.3 s.');
    expect(server.received).toHaveLength(1);
  });

  it.each(kinds)('once the caller gives up, and the provider hears of it: %s', async (kind) => {
    let hungUp: () => void = () => undefined;
    const closed = new Promise<void>((resolve) => {
      hungUp = resolve;
    });
    const server = await serve((response) => void response.once('close', hungUp));
    const { log, lines } = keptLog();
    const controller = new AbortController();
    const arrived = server.arrived();
    const work = createModels([entryOf(kind, server.url)], { log }).write(hello, {
      model: null,
      signal: controller.signal,
    });
    await arrived;
    controller.abort();
    expect(await work).toEqual({ ok: false, message: 'Stopped before the model had replied.' });
    await closed;
    expect(lines).toEqual([expect.stringContaining('"why":"aborted"')]);
  });

  it('when the caller had given up before', async () => {
    const server = await serve({ body: anthropicReply() });
    const models = createModels([entryOf('anthropic', server.url)], { log: keptLog().log });
    expect(await models.write(hello, { model: null, signal: AbortSignal.abort() })).toMatchObject({ ok: false });
    expect(server.received).toEqual([]);
  });
});

describe('what is logged', () => {
  it.each(kinds)('counts, and never words or keys (I14): %s', async (kind) => {
    const server = await serve({ body: replies[kind] });
    const entry = entryOf(kind, server.url, { prices: { input: 1, output: 2 } });
    const { lines } = await tell([entry], hello);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^info a model replied .*"inputTokens":12,"outputTokens":3,"costUsd":0.000018/);
    expect(lines[0]).not.toMatch(new RegExp(`hello|${secretKey}`, 'i'));
  });
});

describe('an entry', () => {
  it('that never worked does not keep another from working', async () => {
    const server = await serve({ body: openAiReply() });
    const broken: ModelEntry = entryOf('anthropic', `http://127.0.0.1:${await freePort()}`);
    const entries = [broken, entryOf('openai-compatible', server.url)];
    const models = createModels(entries, { log: keptLog().log });
    const signal = new AbortController().signal;
    expect(await models.write(hello, { model: null, signal })).toMatchObject({ ok: false });
    expect(await models.write(hello, { model: 'gpt', signal })).toMatchObject({ ok: true, text: 'Hello.' });
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => void server.close(() => resolve()));
  return port;
}
