import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { JsonObject } from '@/lib/domain/json';
import type { Arrival, RestoreOrder, StreamPlace, UpstreamConnection } from '@/server/engine/ports/upstream';
import type { ServerEntry } from '@/server/engine/ports/servers';
import { createUpstream } from '@/server/upstream/upstream';
import { oneServer } from '@/tests/config/reading';
import { type AgentCore, type AgentCoreOptions, startAgentCore } from '@/tests/servers/agentcore/agentcore';
import {
  call,
  cleanUp,
  during,
  open,
  orderFor,
  outcomeOf,
  recordingLog,
  textOf,
  tryOpen,
} from '@/tests/upstream/harness';
import { RecordingInbox } from '@/tests/upstream/recording-inbox';

const account = {
  accessKeyId: 'ASIAEXAMPLEEXAMPLE00',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  sessionToken: 'IQoJb3JpZ2luX2VjE/session-token-of-the-role+==',
};
const token = 'eyJhbGciOi.bearer-token-of-holdpoint.c2ln';
const alarm = { action: 'accept', content: { alarm: 'checkout-api-p99-latency-high' } } as const;
const summary = { role: 'assistant', model: 'm', content: { type: 'text', text: 'Pool exhausted.' } } as const;

beforeAll(() => {
  vi.stubEnv('AWS_PROFILE', undefined);
  vi.stubEnv('AWS_ACCESS_KEY_ID', account.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', account.secretAccessKey);
  vi.stubEnv('AWS_SESSION_TOKEN', account.sessionToken);
});
afterAll(() => {
  vi.unstubAllEnvs();
});

function start(options: Partial<AgentCoreOptions> = {}): Promise<AgentCore> {
  return during(startAgentCore({ caller: account, ...options }));
}

/** As a person would configure it. */
function configured(agentcore: AgentCore, keys: JsonObject = {}): ServerEntry['transport'] {
  const entry = { arn: agentcore.arn, endpoint: agentcore.endpoint, ...keys };
  return oneServer(JSON.stringify({ agentcore: entry })).transport;
}

interface Asked {
  readonly connection: UpstreamConnection;
  readonly inbox: RecordingInbox;
}

/** Takes a connection of an earlier life up again, as after a restart. */
function reopen(
  earlier: Omit<RestoreOrder, 'connectionId' | 'sessionId' | 'server'>,
  transport: ServerEntry['transport'],
): Asked {
  const upstream = createUpstream({ log: recordingLog([]), clientVersion: '0.1.0' });
  cleanUp(() => upstream.stop());
  const inbox = new RecordingInbox();
  const restored = upstream.restore({ ...orderFor(transport), ...earlier }, inbox);
  if (!restored.ok) throw new Error(restored.message);
  return { connection: restored.connection, inbox };
}

/** Sends a call, and waits until it has asked its question. */
async function askedBy({ connection, inbox }: Asked): Promise<string | number> {
  expect(await connection.sendCall(call('investigate_alarm'))).toMatchObject({ ok: true });
  return (await inbox.waitFor('serverRequest')).args[0].rpcId;
}

/** Answers its questions, and gives its result. */
async function finished({ connection, inbox }: Asked, question: string | number): Promise<string> {
  expect(await connection.respond({ rpcId: question, result: alarm })).toMatchObject({ ok: true });
  const { args } = await inbox.waitFor('serverRequest', 2);
  expect(args[0].method).toBe('sampling/createMessage');
  expect(await connection.respond({ rpcId: args[0].rpcId, result: summary })).toMatchObject({ ok: true });
  return textOf(await outcomeOf(inbox, 'call_investigate_alarm'));
}

describe('a runtime of AgentCore', () => {
  it.each<[string, AgentCoreOptions['caller'], JsonObject]>([
    ['signed', account, {}],
    ['signed, by its id', account, { arn: 'incident-abc', region: 'eu-central-1', accountId: '123456789012' }],
    ['with a bearer token', { token }, { auth: 'bearer', token }],
  ])('is called %s: every request, GET and DELETE included', async (_what, caller, keys) => {
    const agentcore = await start({ caller });
    const opened = await open(configured(agentcore, keys));
    expect(await finished(opened, await askedBy(opened))).toBe('Pool exhausted.');
    expect(await opened.connection.request('tools/list', {}, 5_000)).toMatchObject({ ok: true });
    expect(await opened.connection.close({ terminate: true, graceMs: 2_000 })).toMatchObject({ deleteStatus: 200 });
    const { requests } = agentcore;
    expect(new Set(requests.map((request) => request.method))).toEqual(new Set(['POST', 'GET', 'DELETE']));
    expect(requests.filter((request) => request.refusedAs !== null)).toEqual([]);
    const [first, ...others] = requests;
    expect(first).toMatchObject({ rpc: 'initialize', sessionId: null });
    expect(new Set(others.map((request) => request.sessionId))).toEqual(
      new Set([opened.connection.facts.mcpSessionId]),
    );
    expect(JSON.stringify(opened.logLines)).not.toContain(account.sessionToken);
  });

  it.each<[string, JsonObject]>([
    ['by its ARN', {}],
    ['by its id', { arn: 'incident-abc', region: 'eu-central-1', accountId: '123456789012' }],
  ])('that takes another signature is told of in words, which hold no secret: %s (I14)', async (_what, keys) => {
    const agentcore = await start({ caller: { ...account, secretAccessKey: 'another' } });
    const { outcome, inbox, logLines } = await tryOpen(configured(agentcore, keys));
    expect(outcome).toMatchObject({
      ok: false,
      code: 'unauthorized',
      message: expect.stringContaining(
        'The request signature we calculated does not match the signature you provided.',
      ),
    });
    expect(agentcore.requests.map((request) => request.refusedAs)).toEqual(['InvalidSignatureException']);
    // AWS quotes the request it saw, its security token included.
    const told = JSON.stringify([outcome, inbox.all, logLines]);
    expect(told).not.toContain(account.sessionToken.slice(0, 12));
    expect(told).not.toContain(account.secretAccessKey);
  });

  it('that takes another token is told of in words, which hold no secret (I14)', async () => {
    const agentcore = await start({ caller: { token: 'another' } });
    const { outcome, inbox, logLines } = await tryOpen(configured(agentcore, { auth: 'bearer', token }));
    expect(outcome).toMatchObject({ ok: false, code: 'unauthorized' });
    expect(JSON.stringify([outcome, inbox.all, logLines])).not.toContain('bearer-token-of-holdpoint');
  });
});

/** The last place of each stream, as the store would keep it. */
function placesOf(inbox: RecordingInbox): readonly StreamPlace[] {
  const places = new Map<string, StreamPlace>();
  for (const { args } of inbox.all) {
    for (const given of args as readonly unknown[]) {
      const place = isPlace(given) ? given : isArrival(given) ? given.place : null;
      if (place !== null) places.set(place.stream, place);
    }
  }
  return [...places.values()];
}

const isPlace = (given: unknown): given is StreamPlace =>
  typeof given === 'object' && given !== null && 'eventId' in given;
const isArrival = (given: unknown): given is Arrival => typeof given === 'object' && given !== null && 'place' in given;

describe('a session of AgentCore that outlives us', () => {
  const takenUp = (agentcore: AgentCore, first: Asked, question: string | number): Asked =>
    reopen(
      {
        facts: first.connection.facts,
        mcpSessionId: first.connection.facts.mcpSessionId ?? '',
        cursors: placesOf(first.inbox),
        answered: [],
        calls: ['call_investigate_alarm'],
        questions: [question],
      },
      configured(agentcore),
    );

  it('is taken up without a handshake: the answer is delivered, the result comes, the tool ran once (I3, I5)', async () => {
    const agentcore = await start();
    const { upstream, ...first } = await open(configured(agentcore));
    const question = await askedBy(first);
    await upstream.stop();
    const second = takenUp(agentcore, first, question);
    expect(await second.connection.respond({ rpcId: question, result: alarm })).toMatchObject({ ok: true });
    second.connection.resume();
    const { args } = await second.inbox.waitFor('serverRequest');
    expect(args[0].method).toBe('sampling/createMessage');
    await second.connection.respond({ rpcId: args[0].rpcId, result: summary });
    expect(textOf(await outcomeOf(second.inbox, 'call_investigate_alarm'))).toBe('Pool exhausted.');
    const sent = (rpc: string): number => agentcore.requests.filter((request) => request.rpc === rpc).length;
    expect([sent('initialize'), sent('tools/call')]).toEqual([1, 1]);
    expect(agentcore.requests.filter((request) => request.refusedAs !== null)).toEqual([]);
    expect(agentcore.requests.some((request) => request.lastEventId !== null)).toBe(true);
  });

  it.each<[string, (agentcore: AgentCore) => void]>([
    ['ended', () => undefined],
    ['ended and was forgotten', (agentcore) => agentcore.forgetEnded()],
  ])('is lost at once when it %s meanwhile, and nothing is sent again (I4, I9)', async (_what, after) => {
    const agentcore = await start();
    const { upstream, ...first } = await open(configured(agentcore));
    const question = await askedBy(first);
    await upstream.stop();
    await agentcore.expire(first.connection.facts.mcpSessionId ?? '');
    after(agentcore);
    const second = takenUp(agentcore, first, question);
    second.connection.resume();
    const { args } = await second.inbox.waitFor('lost', 1, 5_000);
    expect(args[0]).toMatchObject({ code: 'gone', message: expect.stringContaining('404') });
    expect(agentcore.requests.filter((request) => request.rpc === 'tools/call')).toHaveLength(1);
  });
});

describe('a session of AgentCore that ended', () => {
  const atOnceMs = 5_000;

  it.each<[string, (agentcore: AgentCore) => void]>([
    ['is 404', () => undefined],
    ['is forgotten, and its id led to a fresh instance', (agentcore) => agentcore.forgetEnded()],
  ])('%s: it is lost at once, with the call that asked (I9)', async (_what, after) => {
    const agentcore = await start();
    const { connection, inbox } = await open(configured(agentcore));
    const question = await askedBy({ connection, inbox });
    const ending = agentcore.expire(connection.facts.mcpSessionId ?? '');
    after(agentcore);
    await ending;
    const { args } = await inbox.waitFor('lost', 1, atOnceMs);
    expect(args[0]).toMatchObject({ code: 'gone', message: expect.stringContaining('404') });
    expect(await connection.respond({ rpcId: question, result: alarm })).toMatchObject({ ok: false, code: 'gone' });
    expect(inbox.of('lost')).toHaveLength(1);
    // Nobody repeats the call (I4).
    expect(agentcore.requests.filter((request) => request.rpc === 'tools/call')).toHaveLength(1);
    expect(agentcore.requests.filter((request) => request.rpc === 'initialize')).toHaveLength(1);
  });

  it('by its idle time is lost at once, though a person is being asked (I9)', async () => {
    const agentcore = await start({ idleMs: 1_500 });
    const opened = await open(configured(agentcore));
    await askedBy(opened);
    const { args } = await opened.inbox.waitFor('lost', 1, atOnceMs);
    expect(args[0]).toMatchObject({ code: 'gone' });
  });

  it('stays while it is pinged, and takes the answer (I5)', async () => {
    const agentcore = await start({ idleMs: 2_000 });
    const opened = await open(configured(agentcore));
    const question = await askedBy(opened);
    for (let ping = 0; ping < 12; ping += 1) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      expect(await opened.connection.request('ping', {}, 5_000)).toMatchObject({ ok: true });
    }
    expect(await finished(opened, question)).toBe('Pool exhausted.');
    expect(opened.inbox.of('lost')).toEqual([]);
  });

  it('leaves the others: each has an instance of its own', async () => {
    const agentcore = await start();
    const [first, second] = await Promise.all([open(configured(agentcore)), open(configured(agentcore))]);
    const question = await askedBy(second);
    await agentcore.expire(first.connection.facts.mcpSessionId ?? '');
    await first.inbox.waitFor('lost', 1, atOnceMs);
    expect(await finished(second, question)).toBe('Pool exhausted.');
  });

  it('is not, when only its streams were cut: they are resumed, signed, and the result comes (I5)', async () => {
    const agentcore = await start();
    const opened = await open(configured(agentcore));
    const question = await askedBy(opened);
    for (const nth of [1, 2]) {
      await agentcore.cutStreams(opened.connection.facts.mcpSessionId ?? '');
      await opened.inbox.waitFor('reattached', nth);
    }
    expect(await finished(opened, question)).toBe('Pool exhausted.');
    const resumed = agentcore.requests.filter((request) => request.method === 'GET' && request.lastEventId !== null);
    expect(resumed.length).toBeGreaterThan(1);
    expect(agentcore.requests.filter((request) => request.refusedAs !== null)).toEqual([]);
    expect(opened.inbox.of('lost')).toEqual([]);
  });
});
