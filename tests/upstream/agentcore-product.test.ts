import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { ResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { JsonObject } from '@/lib/domain/json';
import { settings } from '@/tests/config/reading';
import { type AgentCore, type AgentCoreOptions, startAgentCore } from '@/tests/servers/agentcore/agentcore';
import { type Holdpoint, startHoldpoint } from '@/tests/support/holdpoint';
import { during } from '@/tests/upstream/harness';

const account = { accessKeyId: 'AKIAEXAMPLEEXAMPLE00', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
const alarm = { alarm: 'checkout-api-p99-latency-high' };

beforeAll(() => {
  for (const name of ['AWS_PROFILE', 'AWS_SESSION_TOKEN']) vi.stubEnv(name, undefined);
  vi.stubEnv('AWS_ACCESS_KEY_ID', account.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', account.secretAccessKey);
});
afterAll(() => {
  vi.unstubAllEnvs();
});

interface Stage {
  readonly agentcore: AgentCore;
  readonly holdpoint: Holdpoint;
  readonly client: Client;
}

/** A runtime, and Holdpoint before it, configured as a person would. */
async function setStage(options: Partial<AgentCoreOptions> = {}, own: JsonObject = {}): Promise<Stage> {
  const agentcore = await during(startAgentCore({ caller: account, ...options }));
  const runtime = { arn: agentcore.arn, endpoint: agentcore.endpoint };
  const configured = settings(
    JSON.stringify({
      mcpServers: { incidents: { agentcore: runtime, holdpoint: own } },
      holdpoint: { rules: [{ decision: 'allow' }] },
    }),
  );
  const holdpoint = await during(startHoldpoint({ servers: [], settings: configured }));
  const { client } = await holdpoint.connect();
  return { agentcore, holdpoint, client };
}

function investigate({ client }: Stage): Promise<Record<string, unknown>> {
  const params = { name: 'incidents__investigate_alarm', arguments: {} };
  return client.request({ method: 'tools/call', params }, ResultSchema);
}

const summarised = { structuredContent: { outcome: 'summarised', summary: 'Pool exhausted.' } };

describe('an agent, Holdpoint, AgentCore', () => {
  it('a person answers, a person writes the reply, the agent has the result; all of it signed', async () => {
    const stage = await setStage();
    const { agentcore, holdpoint } = stage;
    const investigation = investigate(stage);
    await holdpoint.answerNext('form', 'accept', alarm);
    await holdpoint.answerNext('sampling', 'accept', { text: 'Pool exhausted.' });
    expect(await investigation).toMatchObject(summarised);
    expect(agentcore.sessionIds()).toHaveLength(1);
    expect(agentcore.requests.filter((request) => request.refusedAs !== null)).toEqual([]);
    expect(holdpoint.complaints).toEqual([]);
  });

  it('the session does not idle out while a person thinks longer than it may be idle (I5, I8)', async () => {
    const stage = await setStage({ idleMs: 2_000 }, { limits: { idle: '2s' } });
    const { agentcore, holdpoint } = stage;
    const investigation = investigate(stage);
    const { request } = await holdpoint.waitForRequest('form');
    const pings = (): number => agentcore.requests.filter(({ rpc }) => rpc === 'ping').length;
    await vi.waitFor(() => expect(pings()).toBeGreaterThanOrEqual(4), { timeout: 15_000 });
    await holdpoint.answer(request, 'accept', alarm);
    await holdpoint.answerNext('sampling', 'accept', { text: 'Pool exhausted.' });
    expect(await investigation).toMatchObject(summarised);
    expect(agentcore.requests.filter(({ rpc }) => rpc === 'initialize')).toHaveLength(1);
  });

  it('a session that ended while a person thought: its read-only call runs again, once, in a new one (I4, I9)', async () => {
    const stage = await setStage({}, { trusted: true });
    const { agentcore, holdpoint } = stage;
    const investigation = investigate(stage);
    const first = await holdpoint.waitForRequest('form');
    await agentcore.expire(agentcore.sessionIds()[0] ?? '');
    const second = await holdpoint.waitForRequest('form');
    expect(second.request.callId).toBe(first.request.callId);
    await holdpoint.answer(second.request, 'accept', alarm);
    await holdpoint.answerNext('sampling', 'accept', { text: 'Pool exhausted.' });
    expect(await investigation).toMatchObject(summarised);
    const sent = (rpc: string): number => agentcore.requests.filter((request) => request.rpc === rpc).length;
    expect([sent('initialize'), sent('tools/call')]).toEqual([2, 2]);
  });

  it('a session that ended under a call nobody declared safe: a person decides (I4, I9)', async () => {
    const stage = await setStage();
    const { agentcore, holdpoint } = stage;
    const investigation = investigate(stage);
    await holdpoint.waitForRequest('form');
    await agentcore.expire(agentcore.sessionIds()[0] ?? '');
    const { request } = await holdpoint.waitForRequest('recovery');
    expect(agentcore.requests.filter(({ rpc }) => rpc === 'tools/call')).toHaveLength(1);
    await holdpoint.answer(request, 'accept', { choice: 'run_again' });
    await holdpoint.answerNext('form', 'accept', alarm);
    await holdpoint.answerNext('sampling', 'accept', { text: 'Pool exhausted.' });
    expect(await investigation).toMatchObject(summarised);
    expect(agentcore.requests.filter((each) => each.refusedAs !== null)).toEqual([]);
  });

  it('a tool that configuration declares repeatable runs again though its server is not trusted (I4)', async () => {
    const stage = await setStage({}, { repeatable: ['investigate_*'] });
    const investigation = investigate(stage);
    await stage.holdpoint.waitForRequest('form');
    await stage.agentcore.expire(stage.agentcore.sessionIds()[0] ?? '');
    await stage.holdpoint.answerNext('form', 'accept', alarm);
    await stage.holdpoint.answerNext('sampling', 'accept', { text: 'Pool exhausted.' });
    expect(await investigation).toMatchObject(summarised);
  });

  it('the call’s limits are the runtime’s: its question says until when, and why (I8)', async () => {
    const stage = await setStage();
    const before = Date.now();
    const investigation = investigate(stage);
    const { request } = await stage.holdpoint.waitForRequest('form');
    expect(request.deadline.at).toBeLessThanOrEqual(Date.now() + 15 * 60_000);
    expect(request.deadline.at).toBeGreaterThan(before + 14 * 60_000);
    expect(request.deadline.reason).toContain('incidents keeps a request');
    await stage.holdpoint.answer(request, 'cancel');
    expect(await investigation).toMatchObject({ structuredContent: { outcome: 'no_alarm_chosen' } });
  });

  it('a runtime that refuses the signature: the agent hears it in words, without a secret (I14)', async () => {
    const stage = await setStage({ caller: { ...account, secretAccessKey: 'another' } });
    const outcome = await investigate(stage).catch((error: unknown) => String(error));
    const told = JSON.stringify([outcome, stage.holdpoint.complaints]);
    expect(told).toContain('The request signature we calculated does not match');
    expect(told).not.toContain(account.secretAccessKey);
  });
});
