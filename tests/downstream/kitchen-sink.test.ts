import { ResultSchema } from '@modelcontextprotocol/sdk/types.js';
import type { Progress } from '@modelcontextprotocol/sdk/types.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Heard } from '@/tests/downstream/heard';
import { RawAgent } from '@/tests/downstream/raw-agent';
import { everyAnswer, everySchemaType } from '@/tests/servers/kitchen/form-schema';
import { oddResult } from '@/tests/servers/kitchen/content-tools';
import { type KitchenSink, startKitchenSink } from '@/tests/servers/kitchen-sink';
import { type ConnectedAgent, type Holdpoint, startHoldpoint } from '@/tests/support/holdpoint';

let kitchen: KitchenSink;
let holdpoint: Holdpoint;
let agent: ConnectedAgent;

beforeAll(async () => {
  kitchen = await startKitchenSink();
  holdpoint = await startHoldpoint({ servers: [{ name: 'kitchen', url: kitchen.url }] });
  agent = await holdpoint.connect();
});

afterAll(async () => {
  await holdpoint.close();
  await kitchen.close();
});

async function call(tool: string, args: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
  return agent.client.request(
    { method: 'tools/call', params: { name: `kitchen__${tool}`, arguments: args } },
    ResultSchema,
  );
}

describe('tools that ask a person, through /mcp', () => {
  test('a form with every schema type: the answer arrives as it was given', async () => {
    const asked = call('ask_everything');
    const item = await holdpoint.answerNext('form', 'accept', everyAnswer);
    const detail = await holdpoint.engine.people.request(holdpoint.person('approver'), item.request.requestId);
    expect(detail.ok && detail.value.ask).toMatchObject({ requestedSchema: everySchemaType });
    expect(await asked).toMatchObject({ structuredContent: { action: 'accept', content: everyAnswer } });
  });

  test('declining a form is an answer too', async () => {
    const asked = call('ask_simple', { message: 'Which one?' });
    const item = await holdpoint.answerNext('form', 'decline');
    expect(item.request.title).toBe('Which one?');
    expect(await asked).toMatchObject({ structuredContent: { action: 'decline' } });
  });

  test('two questions, one after the other', async () => {
    const asked = call('ask_twice');
    await holdpoint.answerNext('form', 'accept', { value: 'one' });
    await holdpoint.answerNext('form', 'cancel');
    expect(await asked).toMatchObject({
      structuredContent: { first: { action: 'accept', content: { value: 'one' } }, second: { action: 'cancel' } },
    });
  });

  test('a URL, completed from outside', async () => {
    const asked = call('ask_url', { elicitationId: 'url-1' });
    await holdpoint.answerNext('url', 'accept');
    await kitchen.records.waitFor(
      'answer_received',
      (record) => record.method === 'elicitation/create' && JSON.stringify(record.result) === '{"action":"accept"}',
    );
    await kitchen.completeElicitation('url-1');
    expect(await asked).toMatchObject({ structuredContent: { action: 'accept', completed: true } });
  });

  test('-32042 whose pages nobody would visit arrives with its code, words and URLs', async () => {
    const asked = call('ask_url_error').catch((error: unknown) => error);
    await holdpoint.answerNext('url', 'decline');
    expect(await asked).toMatchObject({
      code: -32042,
      message: expect.stringContaining('Two permissions are needed first. A person declined'),
      data: { elicitations: [{ elicitationId: 'kitchen-files' }, { elicitationId: 'kitchen-calendar' }] },
    });
    expect(await call('ask_url_error', { done: true })).toMatchObject({ structuredContent: { done: true } });
  });

  test('a schema outside the specification still reaches a person, who can decline', async () => {
    const asked = call('nonsense_elicitation');
    await holdpoint.answerNext('form', 'decline');
    expect(await asked).toMatchObject({ structuredContent: { action: 'decline' } });
  });

  test('sampling, written by a person', async () => {
    const asked = call('sample');
    const item = await holdpoint.answerNext('sampling', 'accept', { text: 'p99 rose; requests wait before payments.' });
    const detail = await holdpoint.engine.people.request(holdpoint.person('observer'), item.request.requestId);
    expect(detail.ok && detail.value.ask).toMatchObject({
      systemPrompt: 'You write incident summaries. Use only the facts given.',
      maxTokens: 120,
    });
    expect(await asked).toMatchObject({
      structuredContent: {
        role: 'assistant',
        content: { type: 'text', text: 'p99 rose; requests wait before payments.' },
      },
    });
  });

  test('sampling declined is an error of the server’s request, not a hang', async () => {
    const asked = call('sample').catch((error: unknown) => error);
    await holdpoint.answerNext('sampling', 'decline');
    expect(await asked).toMatchObject({ code: -1 });
  });

  test('sampling with tools', async () => {
    const asked = call('sample_with_tools');
    await holdpoint.answerNext('sampling', 'accept', { text: '2.4 s' });
    expect(await asked).toMatchObject({
      structuredContent: { role: 'assistant', content: { type: 'text', text: '2.4 s' } },
    });
  });

  test('an effect after a question happens once', async () => {
    const asked = call('write_after_asking');
    await holdpoint.answerNext('form', 'accept', { sure: true });
    expect(await asked).toMatchObject({
      structuredContent: { answer: { action: 'accept', content: { sure: true } }, written: 1 },
    });
  });
});

describe('tools that say something while they work', () => {
  async function progressOf(tool: string): Promise<readonly Progress[]> {
    const heard: Progress[] = [];
    await agent.client.callTool({ name: `kitchen__${tool}`, arguments: {} }, undefined, {
      onprogress: (progress) => heard.push(progress),
    });
    return heard;
  }

  test('progress with a total, in the server’s own figures', async () => {
    expect(await progressOf('progress')).toEqual(
      [1, 2, 3].map((progress) => ({ progress, total: 3, message: `Step ${progress} of 3` })),
    );
  });

  test('progress without a total', async () => {
    expect(await progressOf('progress_no_total')).toEqual([{ progress: 10 }, { progress: 20 }, { progress: 30 }]);
  });

  // It comes on another socket than the result, so it may be read first; what counts is what the agent's stream says.
  test('progress after the result is not passed on: nothing follows a response', async () => {
    const raw = new RawAgent(holdpoint.mcpUrl, holdpoint.agentKey);
    await raw.initialize();
    const reply = await raw.post({
      jsonrpc: '2.0',
      id: 'late',
      method: 'tools/call',
      params: { name: 'kitchen__late_progress', arguments: {}, _meta: { progressToken: 'late' } },
    });
    const said = reply.events.filter(({ data }) => data !== '').map(({ data }) => JSON.parse(data) as unknown);
    expect(said[0]).toMatchObject({ params: { progress: 1, total: 2, message: 'in time' } });
    expect(said.at(-1)).toMatchObject({ id: 'late', result: { content: expect.any(Array) } });
    expect(said.slice(0, -1).filter((message) => 'result' in (message as object))).toEqual([]);
  });

  test('no token, no progress', async () => {
    const heard = new Heard(agent.client);
    await call('progress');
    expect(heard.of('notifications/progress')).toEqual([]);
  });

  test('logs carry the server’s name in front, and only the wanted levels', async () => {
    const heard = new Heard(agent.client);
    await call('logs');
    await heard.until((all) => all.filter((each) => each.method === 'notifications/message').length === 9);
    const logs = heard.of('notifications/message').map(({ params }) => params);
    expect(logs[0]).toEqual({ level: 'debug', logger: 'kitchen/kitchen', data: { says: 'this is debug' } });
    expect(logs[8]).toEqual({ level: 'info', logger: 'kitchen', data: 'a bare string, no logger' });
    await agent.client.setLoggingLevel('error');
    heard.all.length = 0;
    await call('logs');
    await heard.until((all) => all.some(({ params }) => params['level'] === 'emergency'));
    expect(heard.of('notifications/message').map(({ params }) => params['level'])).toEqual([
      'error',
      'critical',
      'alert',
      'emergency',
    ]);
  });

  test('a changed list of tools is told, and listed anew', async () => {
    const heard = new Heard(agent.client);
    await call('add_tool', { name: 'added_later' });
    await heard.until((all) => all.some(({ method }) => method === 'notifications/tools/list_changed'));
    expect((await agent.client.listTools()).tools.map(({ name }) => name)).toContain('kitchen__added_later');
    expect(await call('added_later')).toEqual({ content: [{ type: 'text', text: 'added_later was called' }] });
  });
});

describe('results pass unchanged', () => {
  test('every content type and members nobody knows', async () => {
    expect(await call('odd_content')).toEqual(oddResult);
  });

  test('structured content, plain words, 1 MB of text, an error result', async () => {
    expect(await call('structured', { city: 'Riga' })).toMatchObject({
      structuredContent: { city: 'Riga', celsius: 7.5 },
    });
    expect(await call('echo', { message: 'ñ🙂' })).toEqual({ content: [{ type: 'text', text: 'echo: ñ🙂' }] });
    expect(JSON.stringify(await call('big')).length).toBeGreaterThan(1_048_576);
    expect(await call('is_error')).toEqual({ content: [{ type: 'text', text: 'The oven is cold.' }], isError: true });
  });

  test('a JSON-RPC error keeps its code, words and data', async () => {
    const failure = await call('throws').catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: -32055,
      message: expect.stringContaining('The kitchen is closed') as string,
      data: { opensAt: '18:00' },
    });
  });

  test('what the client is asked without a person is answered: roots, ping', async () => {
    expect(await call('roots')).toMatchObject({ structuredContent: { roots: [] } });
    expect(await call('ping_client')).toMatchObject({ structuredContent: { answer: {} } });
  });

  test.each(['no_content', 'null_result', 'text_result', 'content_not_list', 'unknown_content', 'text_without_text'])(
    'nonsense of a server ends the call: %s',
    async (kind) => {
      const ended = await call('nonsense_result', { kind }).then(
        (result) => ({ result }),
        (error: unknown) => ({ error }),
      );
      expect(Object.keys(ended)).toHaveLength(1);
      expect(await call('echo', { message: 'still here' })).toEqual({
        content: [{ type: 'text', text: 'echo: still here' }],
      });
    },
  );

  test('I3 one call of the agent is one execution', async () => {
    const before = kitchen.records.executions('write').length;
    await call('write', { note: 'a' });
    await call('write_idempotent', { note: 'a' });
    expect(kitchen.records.executions('write')).toHaveLength(before + 1);
  });

  test('fifty calls at once get fifty answers, each its own', async () => {
    const results = await Promise.all(
      Array.from({ length: 50 }, (_, index) => call('echo', { message: String(index) })),
    );
    expect(results.map((result) => JSON.stringify(result['content']))).toEqual(
      Array.from({ length: 50 }, (_, index) => JSON.stringify([{ type: 'text', text: `echo: ${index}` }])),
    );
  });
});

test('nothing of all this was logged as a warning or an error', () => {
  expect(holdpoint.complaints).toEqual([]);
});
