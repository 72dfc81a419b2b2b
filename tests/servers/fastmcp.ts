import { FastMCP, UserError } from 'fastmcp';
import type { FastMCPSession, Logger } from 'fastmcp';
import { z } from 'zod';
import { freePort } from '@/tests/servers/free-port';
import { Records } from '@/tests/servers/records';

export interface FastMcpServer {
  readonly url: string;
  readonly records: Records;
  close(): Promise<void>;
}

const silent = (): void => undefined;
const silentLogger: Logger = { debug: silent, error: silent, info: silent, log: silent, warn: silent };

/**
 * A TypeScript FastMCP server over Streamable HTTP. Its `elicit` and `requestSampling` go out on the standalone GET
 * stream, not on the call's; its requests time out after the SDK's 60 s unless told otherwise.
 */
export async function startFastMcp(port?: number): Promise<FastMcpServer> {
  const records = new Records();
  const server = new FastMCP({
    name: 'fastmcp-kitchen',
    version: '1.0.0',
    logger: silentLogger,
    onToolCall: ({ toolName, arguments: args }) =>
      records.add({
        kind: 'execution_started',
        sessionId: undefined,
        execution: records.nextExecution(),
        requestId: '',
        tool: toolName,
        args,
        meta: undefined,
      }),
  });
  addAskingTools(server);
  addSpeakingTools(server);
  const chosen = port ?? (await freePort());
  await server.start({
    transportType: 'httpStream',
    httpStream: { port: chosen, host: '127.0.0.1', endpoint: '/mcp' },
  });
  return { url: `http://127.0.0.1:${chosen}/mcp`, records, close: () => server.stop() };
}

const dayMs = 24 * 60 * 60 * 1_000;

function addAskingTools(server: FastMCP): void {
  server.addTool({
    name: 'elicit_value',
    description: 'Asks for one value',
    parameters: z.object({ message: z.string().default('What value?') }),
    annotations: { readOnlyHint: true },
    execute: async ({ message }, { elicit }) => {
      const answer = await elicit(
        {
          mode: 'form',
          message,
          requestedSchema: {
            type: 'object',
            properties: { value: { type: 'string', title: 'Value' } },
            required: ['value'],
          },
        },
        { timeout: dayMs },
      );
      return JSON.stringify(answer);
    },
  });
  server.addTool({
    name: 'sample',
    description: 'Asks for a model’s words',
    parameters: z.object({ prompt: z.string().default('Write one word.') }),
    execute: async ({ prompt }, { sessionId }) => {
      const answer = await sessionOf(server, sessionId).requestSampling(
        {
          systemPrompt: 'You are brief.',
          messages: [{ role: 'user', content: { type: 'text', text: prompt } }],
          modelPreferences: { hints: [{ name: 'claude' }], speedPriority: 1 },
          maxTokens: 50,
        },
        { timeout: dayMs },
      );
      return JSON.stringify(answer);
    },
  });
}

function addSpeakingTools(server: FastMCP): void {
  server.addTool({
    name: 'report_progress',
    description: 'Three steps of progress with messages',
    execute: async (_args, { reportProgress }) => {
      for (let progress = 1; progress <= 3; progress += 1) {
        await reportProgress({ progress, total: 3, message: `Step ${progress}` });
      }
      return 'three steps done';
    },
  });
  server.addTool({
    name: 'write_logs',
    description: 'A log message of each level FastMCP offers',
    execute: (_args, { log }) => {
      log.debug('a debug message', { n: 1 });
      log.info('an info message', { n: 2 });
      log.warn('a warning', { n: 3 });
      log.error('an error', { n: 4 });
      return Promise.resolve('logged');
    },
  });
  server.addTool({
    name: 'stream_content',
    description: 'Streams content in FastMCP’s own manner (notifications/tool/streamContent)',
    annotations: { streamingHint: true, readOnlyHint: true },
    execute: async (_args, { streamContent }) => {
      await streamContent({ type: 'text', text: 'first part' });
      await streamContent([
        { type: 'text', text: 'second part' },
        { type: 'text', text: 'third part' },
      ]);
      return 'the whole';
    },
  });
  server.addTool({
    name: 'user_error',
    description: 'Fails with a UserError',
    execute: () => Promise.reject(new UserError('This cannot be done', { hint: 'try later' })),
  });
}

function sessionOf(server: FastMCP, sessionId: string | undefined): FastMCPSession {
  const session = server.sessions.find((candidate) => candidate.sessionId === sessionId);
  if (session === undefined) throw new Error('FastMCP does not know the session of this call');
  return session;
}
