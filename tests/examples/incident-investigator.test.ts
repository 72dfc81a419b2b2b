import { request } from 'node:http';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { McpError } from '@modelcontextprotocol/sdk/types.js';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { alarms } from '@/examples/incident-investigator/alarms';
import { startIncidentInvestigator } from '@/examples/incident-investigator/start';
import type { RunningServer } from '@/examples/incident-investigator/start';
import { accept, answeringClient, textOf } from '@/tests/examples/answering-client';
import type { AnsweringClient, AnsweringOptions } from '@/tests/examples/answering-client';

const alarm = 'checkout-api-p99-latency-high';
const reply = {
  model: 'a-person',
  role: 'assistant',
  content: { type: 'text', text: ' Payments pool is too small. ' },
};

let server: RunningServer;
const opened: AnsweringClient[] = [];

beforeEach(async () => {
  server = await startIncidentInvestigator({ port: 0, stageMs: 1 });
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map(({ client }) => client.close()));
  await server.close();
});

async function connect(options: AnsweringOptions = {}): Promise<AnsweringClient> {
  const connected = await answeringClient(new StreamableHTTPClientTransport(new URL(server.url)), options);
  opened.push(connected);
  return connected;
}

describe('investigate_alarm', () => {
  test('asks which alarm, reports three stages, asks for a summary and returns it', async () => {
    const agent = await connect({
      answer: ({ method }) => (method === 'elicitation/create' ? accept({ alarm }) : reply),
    });
    const result = await agent.call('investigate_alarm');
    expect(textOf(result)).toBe('Payments pool is too small.');
    expect(result.structuredContent).toEqual({
      outcome: 'summarised',
      alarm,
      summary: 'Payments pool is too small.',
      summaryWords: 5,
      model: 'a-person',
      suspect: 'payments-adapter 2026.46.1',
    });
    expect(agent.progress).toEqual([
      { progress: 1, total: 3, message: 'Collect metrics' },
      { progress: 2, total: 3, message: 'Correlate 4 deploys' },
      { progress: 3, total: 3, message: 'Write the summary' },
    ]);
    const [form, sampling] = agent.questions;
    expect(form?.params).toMatchObject({
      mode: 'form',
      requestedSchema: {
        required: ['alarm'],
        properties: { alarm: { oneOf: alarms.map(({ name, title }) => ({ const: name, title })) } },
      },
    });
    expect(sampling).toMatchObject({
      method: 'sampling/createMessage',
      params: {
        systemPrompt: expect.stringContaining('At most 60 words'),
        maxTokens: 200,
        modelPreferences: { hints: [{ name: 'claude-sonnet' }, { name: 'claude' }] },
      },
    });
  });

  test('asks nothing about the alarm when it is given', async () => {
    const agent = await connect({ answer: () => reply });
    await agent.call('investigate_alarm', { alarm });
    expect(agent.questions.map(({ method }) => method)).toEqual(['sampling/createMessage']);
  });

  test.each(['decline', 'cancel'])('%s of the alarm question ends it without an error', async (action) => {
    const agent = await connect({ answer: () => ({ action }) });
    const result = await agent.call('investigate_alarm');
    expect(result.isError).toBeUndefined();
    expect(textOf(result)).toMatch(/^Nothing was investigated: /);
    expect(result.structuredContent).toMatchObject({ outcome: 'no_alarm_chosen' });
    expect(agent.progress).toEqual([]);
  });

  test('a declined summary ends it without an error, and with the facts', async () => {
    const agent = await connect({
      answer: () => {
        throw new McpError(-1, 'User rejected sampling request');
      },
    });
    const result = await agent.call('investigate_alarm', { alarm });
    expect(result.isError).toBeUndefined();
    expect(textOf(result)).toContain('declined to have it written');
    expect(textOf(result)).toContain('p99 rose from 310 ms');
    expect(result.structuredContent).toMatchObject({ outcome: 'no_summary', alarm });
  });

  test('I7: an unanswered summary is not told as declined', async () => {
    const agent = await connect({
      answer: () => {
        throw new McpError(-32_010, 'no one answered');
      },
    });
    const result = await agent.call('investigate_alarm', { alarm });
    expect(textOf(result)).toContain('no one answered');
    expect(textOf(result)).not.toContain('declined');
  });

  test('an unknown alarm, and a client that cannot be asked, get an error that names the alarms', async () => {
    const agent = await connect({ capabilities: {} });
    for (const args of [{ alarm: 'coffee' }, {}]) {
      const result = await agent.call('investigate_alarm', args);
      expect(result.isError).toBe(true);
      expect(textOf(result)).toContain(alarm);
    }
  });

  test('a cancelled call takes its question back', async () => {
    const stop = new AbortController();
    const agent = await connect({
      answer: () => {
        stop.abort();
        return new Promise(() => undefined);
      },
    });
    const withdrawn = new Promise<unknown>((resolve) => {
      const { transport } = agent.client;
      const before = transport?.onmessage;
      if (transport === undefined) throw new Error('not connected');
      transport.onmessage = (message, extra) => {
        if ('method' in message && message.method === 'notifications/cancelled') resolve(message.params);
        before?.(message, extra);
      };
    });
    await expect(agent.call('investigate_alarm', {}, stop.signal)).rejects.toThrow('aborted');
    await expect(withdrawn).resolves.toHaveProperty('requestId');
  });
});

test('list_alarms is read-only and lists what fires', async () => {
  const agent = await connect();
  const { tools } = await agent.client.listTools();
  expect(tools.find(({ name }) => name === 'list_alarms')?.annotations?.readOnlyHint).toBe(true);
  const result = await agent.call('list_alarms');
  expect(result.structuredContent).toEqual({
    alarms: alarms.map(({ name, title, severity }) => ({ name, title, severity })),
  });
});

describe('sessions', () => {
  const ping = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' });
  const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };

  test('I9: an unknown session id gets 404', async () => {
    const response = await fetch(server.url, {
      method: 'POST',
      headers: { ...headers, 'mcp-session-id': 'unknown' },
      body: ping,
    });
    expect(response.status).toBe(404);
  });

  test('DELETE ends the session', async () => {
    const transport = new StreamableHTTPClientTransport(new URL(server.url));
    opened.push(await answeringClient(transport));
    const sessionId = transport.sessionId ?? '';
    const using = { ...headers, 'mcp-session-id': sessionId };
    expect((await fetch(server.url, { method: 'POST', headers: using, body: ping })).status).toBe(200);
    await transport.terminateSession();
    expect((await fetch(server.url, { method: 'POST', headers: using, body: ping })).status).toBe(404);
  });

  test('a foreign Host or Origin is refused', async () => {
    const statusWith = (foreign: Record<string, string>): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        const call = request(server.url, { method: 'POST', headers: { ...headers, ...foreign } }, (response) => {
          response.resume();
          resolve(response.statusCode);
        });
        call.once('error', reject);
        call.end(ping);
      });
    expect(await statusWith({ origin: 'https://attacker.example' })).toBe(403);
    expect(await statusWith({ host: 'attacker.example' })).toBe(403);
    expect(await statusWith({ origin: 'null' })).toBe(403);
    // Neither is foreign here: the refusal is for the missing session.
    expect(await statusWith({ origin: 'http://localhost:3000' })).toBe(400);
  });

  test('a broken stream is resumed from its last event, and the answer still reaches the call', async () => {
    const first = await openRawCall(server.url);
    const question = await first.nextMessage();
    expect(question).toMatchObject({ method: 'elicitation/create' });
    first.disconnect();
    const answered = await fetch(server.url, {
      method: 'POST',
      headers: first.headers,
      body: JSON.stringify({ jsonrpc: '2.0', id: question['id'], result: { action: 'decline' } }),
    });
    expect(answered.status).toBe(202);
    const resumed = readStream(
      await fetch(server.url, { headers: { ...first.headers, 'last-event-id': first.lastEventId() } }),
    );
    expect(await resumed.nextMessage()).toMatchObject({
      id: 'call-1',
      result: { structuredContent: { outcome: 'no_alarm_chosen' } },
    });
    resumed.disconnect();
  });

  interface RawStream {
    nextMessage(): Promise<Record<string, unknown>>;
    lastEventId(): string;
    disconnect(): void;
  }

  function readStream(response: Response, stop: AbortController = new AbortController()): RawStream {
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let buffer = '';
    let lastEventId = '';
    return {
      async nextMessage() {
        for (;;) {
          const end = buffer.indexOf('\n\n');
          if (end === -1) {
            const chunk = await reader?.read();
            if (chunk?.value === undefined) throw new Error('The stream ended without a message');
            buffer += chunk.value;
            continue;
          }
          const event = buffer.slice(0, end);
          buffer = buffer.slice(end + 2);
          lastEventId = /^id: (.*)$/m.exec(event)?.[1] ?? lastEventId;
          const data = /^data: (.+)$/m.exec(event)?.[1];
          if (data !== undefined) return JSON.parse(data) as Record<string, unknown>;
        }
      },
      lastEventId: () => lastEventId,
      disconnect: () => {
        stop.abort();
        reader?.cancel().catch(() => undefined);
      },
    };
  }

  async function openRawCall(url: string): Promise<RawStream & { headers: Record<string, string> }> {
    const post = (body: object, sessionId?: string, signal?: AbortSignal): Promise<Response> =>
      fetch(url, {
        method: 'POST',
        headers: sessionId === undefined ? headers : { ...headers, 'mcp-session-id': sessionId },
        body: JSON.stringify({ jsonrpc: '2.0', ...body }),
        ...(signal === undefined ? {} : { signal }),
      });
    const initialized = await post({
      id: 0,
      method: 'initialize',
      params: {
        protocolVersion: '2025-11-25',
        capabilities: { elicitation: { form: {} } },
        clientInfo: { name: 'raw', version: '1' },
      },
    });
    await initialized.body?.cancel();
    const sessionId = initialized.headers.get('mcp-session-id') ?? '';
    await post({ method: 'notifications/initialized' }, sessionId);
    const stop = new AbortController();
    const called = await post(
      { id: 'call-1', method: 'tools/call', params: { name: 'investigate_alarm', arguments: {} } },
      sessionId,
      stop.signal,
    );
    return { ...readStream(called, stop), headers: { ...headers, 'mcp-session-id': sessionId } };
  }
});
