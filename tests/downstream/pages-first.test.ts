import { CallToolResultSchema, UrlElicitationRequiredError } from '@modelcontextprotocol/sdk/types.js';
import { afterEach, describe, expect, test } from 'vitest';
import type { SessionId } from '@/lib/domain/ids';
import type { PolicyRule } from '@/lib/domain/policy/rule';
import { startLives } from '@/tests/downstream/two-lives';
import { RawAgent } from '@/tests/downstream/raw-agent';
import { type KitchenSink, startKitchenSink } from '@/tests/servers/kitchen-sink';
import { type Holdpoint, startHoldpoint } from '@/tests/support/holdpoint';
import { ruleOf } from '@/tests/support/desk';

const tool = 'write_after_pages';
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

async function kitchenSink(): Promise<KitchenSink> {
  const kitchen = await startKitchenSink();
  closers.push(() => kitchen.close());
  return kitchen;
}

async function start(rules?: readonly PolicyRule[]): Promise<{ kitchen: KitchenSink; holdpoint: Holdpoint }> {
  const kitchen = await kitchenSink();
  const servers = [{ name: 'kitchen', url: kitchen.url }];
  const holdpoint = await startHoldpoint(rules === undefined ? { servers } : { servers, rules });
  closers.push(() => holdpoint.close());
  return { kitchen, holdpoint };
}

async function calling(holdpoint: Holdpoint, args: Record<string, unknown> = {}) {
  const agent = await holdpoint.connect();
  return agent.client
    .callTool({ name: `kitchen__${tool}`, arguments: args }, CallToolResultSchema)
    .catch((error: unknown) => error);
}

async function typesOf(holdpoint: Holdpoint, sessionId: SessionId): Promise<readonly string[]> {
  return (await holdpoint.store.events(sessionId, { afterSeq: 0, limit: 1_000 })).map(({ type }) => type);
}

describe('a server of the SDK that throws UrlElicitationRequiredError', () => {
  test('the agent of the SDK gets the result of the second sending, once both pages are done by hand', async () => {
    const { kitchen, holdpoint } = await start();
    const told = calling(holdpoint, { pages: 2 });
    const first = await holdpoint.answerNext('url', 'accept');
    expect(first.request).toMatchObject({ title: 'Allow one-1-1.', server: 'kitchen', tool, upstream: null });
    expect(kitchen.records.executions(tool)).toHaveLength(1);
    await holdpoint.answerNext('url', 'accept');
    expect(await told).toMatchObject({ structuredContent: { written: 2 } });
    const [one, two] = kitchen.records.executions(tool);
    expect(two?.args).toEqual(one?.args);
    expect(two?.sessionId).toBe(one?.sessionId);
    expect(two?.requestId).not.toBe(one?.requestId);
    const types = await typesOf(holdpoint, first.request.sessionId);
    expect(types.filter((type) => ['call.sent', 'call.turned_back', 'call.urls_done'].includes(type))).toEqual([
      'call.sent',
      'call.turned_back',
      'call.urls_done',
      'call.sent',
    ]);
  });

  test('notifications/elicitation/complete of the server settles each page, and lets the call go', async () => {
    const { kitchen, holdpoint } = await start();
    const told = calling(holdpoint, { pages: 2, key: 'k' });
    const pages = [await holdpoint.waitForRequest('url'), await holdpoint.waitForRequest('url')];
    await kitchen.completeElicitation('k-1-2');
    await kitchen.completeElicitation('k-1-1');
    expect(await told).toMatchObject({ structuredContent: { written: 2 } });
    for (const { request } of pages)
      expect(await holdpoint.store.request(request.requestId)).toMatchObject({
        answer: { by: { kind: 'server', name: 'kitchen' }, action: 'accept' },
      });
  });

  test('a page in each of two rounds, under one approval', async () => {
    const { kitchen, holdpoint } = await start([ruleOf({ id: 'hold', decision: 'hold' })]);
    const told = calling(holdpoint, { rounds: 2 });
    await holdpoint.answerNext('approval', 'accept');
    await holdpoint.answerNext('url', 'accept');
    await holdpoint.answerNext('url', 'accept');
    expect(await told).toMatchObject({ structuredContent: { written: 3 } });
    expect(kitchen.records.executions(tool)).toHaveLength(3);
  });

  test('declined, the agent of the SDK has the server’s error, its pages and what the person said', async () => {
    const { kitchen, holdpoint } = await start();
    const told = calling(holdpoint, { pages: 2 });
    await holdpoint.answerNext('url', 'decline');
    const failure = await told;
    expect(failure).toBeInstanceOf(UrlElicitationRequiredError);
    expect(failure).toMatchObject({
      elicitations: [{ elicitationId: 'one-1-1' }, { elicitationId: 'one-1-2' }],
      message: expect.stringContaining('Sign in first. A person declined to visit a page it asks for: not today.'),
    });
    expect(kitchen.records.executions(tool)).toHaveLength(1);
  });

  test('ten thousand pages go to the agent as they are, and nobody is asked', async () => {
    const { kitchen, holdpoint } = await start();
    const failure = await calling(holdpoint, { pages: 10_000 });
    expect(failure).toBeInstanceOf(UrlElicitationRequiredError);
    expect(failure instanceof UrlElicitationRequiredError && failure.elicitations.length).toBe(10_000);
    expect(holdpoint.changes.some(({ change }) => change === 'request')).toBe(false);
    expect(kitchen.records.executions(tool)).toHaveLength(1);
  });

  test('with its session gone while a person visits the page, the second sending goes to a new one', async () => {
    const { kitchen, holdpoint } = await start();
    const told = calling(holdpoint);
    const { request } = await holdpoint.waitForRequest('url');
    await kitchen.forgetSessions();
    await holdpoint.answer(request, 'accept');
    expect(await told).toMatchObject({ structuredContent: { written: 2 } });
    const [one, two] = kitchen.records.executions(tool);
    expect(two?.sessionId).not.toBe(one?.sessionId);
  });
});

describe('an agent that could not wait', () => {
  test('polls its task, which says that a person is asked, and collects what the second sending brought', async () => {
    const { holdpoint } = await start();
    const agent = new RawAgent(holdpoint.mcpUrl, holdpoint.agentKey);
    await agent.initialize();
    const made = await agent.request('tools/call', { name: `kitchen__${tool}`, arguments: {}, task: {} });
    const { taskId } = (made as unknown as { readonly result: { readonly task: { readonly taskId: string } } }).result
      .task;
    const { request } = await holdpoint.waitForRequest('url');
    expect(await agent.request('tasks/get', { taskId })).toMatchObject({
      result: { status: 'working', statusMessage: expect.stringContaining('A person is being asked') },
    });
    const collected = agent.request('tasks/result', { taskId });
    await holdpoint.answer(request, 'accept');
    expect(await collected).toMatchObject({ result: { structuredContent: { written: 2 } } });
  });

  test('I5 collects by its ticket what the second sending brought, a restart in between', async () => {
    const kitchen = await kitchenSink();
    const lives = await startLives(kitchen.url, 50);
    closers.push(() => lives.close());
    const agent = new RawAgent(lives.mcpUrl, lives.key);
    await agent.initialize();
    const first = await agent.request('tools/call', { name: `kitchen__${tool}`, arguments: {} });
    const ticket = ticketOf(first);
    expect(ticket).not.toBe('');
    const { requestId } = await lives.openRequest();
    await lives.restart();
    const request = await lives.openRequest();
    expect(request).toMatchObject({ requestId, kind: 'url', title: 'Allow one-1-1.' });
    const again = new RawAgent(lives.mcpUrl, lives.key);
    await again.initialize();
    const await_ = () => again.request('tools/call', { name: 'holdpoint_await', arguments: { ticket } });
    expect(JSON.stringify(await await_())).toContain('A person is being asked');
    await lives.accept(request, null);
    await expect.poll(async () => JSON.stringify(await await_()), { timeout: 10_000 }).toContain('"written":2');
    expect(kitchen.records.executions(tool)).toHaveLength(2);
  });
});

function ticketOf(message: unknown): string {
  const { result } = message as { readonly result?: { readonly _meta?: { readonly 'holdpoint/ticket'?: string } } };
  return result?._meta?.['holdpoint/ticket'] ?? '';
}
