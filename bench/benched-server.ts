import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { ElicitResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import { patienceMs } from './patience';
import { Witness, WitnessedEvents } from './witness';

/** What the tool asks in trip `trip`; the answer must be the same words, so that no answer can pass for another's. */
export function questionOf(trip: number): string {
  return `What is the word for trip ${trip}?`;
}

/** `kept`: its streams can be taken up again. */
export type EventKeeping = 'kept' | 'none';

const tellsPerSecond = 50;
const tellEveryMs = 20;

/** Where the server says what it has seen. */
export const countsPath = '/counts';

/** Serves both sides at `/mcp` on loopback, in a process of its own, and says on stdout where. */
export async function serveBenched(events: EventKeeping): Promise<void> {
  const sessions = new Map<string, StreamableHTTPServerTransport>();
  const witness = new Witness();

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    if (req.url === countsPath) return void res.end(JSON.stringify(witness.counts()));
    witness.streamOpened();
    res.once('close', () => witness.streamClosed());
    const id = req.headers['mcp-session-id'];
    const known = typeof id === 'string' ? sessions.get(id) : undefined;
    if (known !== undefined) return known.handleRequest(req, res);
    if (id !== undefined) return void res.writeHead(404).end();
    const sessionId = randomUUID();
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: () => sessionId,
      ...(events === 'kept' ? { eventStore: new WitnessedEvents(sessionId, witness) } : {}),
      onsessioninitialized: () => void sessions.set(sessionId, transport),
      onsessionclosed: () => void sessions.delete(sessionId),
    });
    // The cast: the SDK's class is not written for exactOptionalPropertyTypes.
    await askingServer(witness).connect(transport as Transport);
    await transport.handleRequest(req, res);
  }

  const http = createServer((req, res) => {
    answer(req, res).catch((error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      res.destroy();
    });
  });
  http.requestTimeout = 0;
  http.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => {
    http.listen(0, '127.0.0.1', resolve);
  });
  process.stdout.write(`listening on http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp\n`);
}

function askingServer(witness: Witness): McpServer {
  const server = new McpServer({ name: 'bench', version: '1.0.0' }, { capabilities: { logging: {} } });
  server.registerTool(
    'ask',
    { description: 'Asks one word and returns it.', inputSchema: { trip: z.number().int() } },
    async ({ trip }, extra) => {
      witness.ran(trip);
      const asking = extra.sendRequest(
        {
          method: 'elicitation/create',
          params: {
            message: questionOf(trip),
            requestedSchema: {
              type: 'object',
              properties: { word: { type: 'string', title: 'Word' } },
              required: ['word'],
            },
          },
        },
        ElicitResultSchema,
        { timeout: patienceMs },
      );
      witness.asked();
      const answer = await asking;
      witness.answered();
      const word = answer.content?.['word'];
      return { content: [{ type: 'text', text: typeof word === 'string' ? word : answer.action }] };
    },
  );
  addTelling(server);
  return server;
}

/** What a session is filled with at an even pace. */
function addTelling(server: McpServer): void {
  server.registerTool(
    'tell',
    {
      description: 'Tells of its progress and logs, 50 times a second, as often as `trip` says.',
      inputSchema: { trip: z.number().int() },
    },
    async ({ trip }, extra) => {
      const progressToken = extra._meta?.progressToken;
      const beganAt = performance.now();
      for (let told = 0; told < trip && !extra.signal.aborted; ) {
        for (
          const due = ((performance.now() - beganAt) / 1_000) * tellsPerSecond;
          told < Math.min(due, trip);
          told += 1
        ) {
          if (told % 4 === 3)
            await extra.sendNotification({
              method: 'notifications/message',
              params: { level: told % 40 === 3 ? 'warning' : 'info', logger: 'bench', data: `Row ${told} is read.` },
            });
          else if (progressToken !== undefined)
            await extra.sendNotification({
              method: 'notifications/progress',
              params: { progressToken, progress: told, total: trip, message: `Stage ${Math.floor(told / 100)}` },
            });
        }
        await pause(tellEveryMs);
      }
      return { content: [{ type: 'text', text: questionOf(trip) }] };
    },
  );
}
