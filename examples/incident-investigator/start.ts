import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js';
import { MemoryEventStore } from '@/examples/incident-investigator/event-store';
import { createInvestigatorServer } from '@/examples/incident-investigator/server';

export interface StartOptions {
  /** 0 takes a free port. */
  readonly port: number;
  /** Pause of each of the three stages. */
  readonly stageMs: number;
}

export interface RunningServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves the investigator at `/mcp` on loopback; each `Mcp-Session-Id` has its own server and event store. */
export async function startIncidentInvestigator({ port, stageMs }: StartOptions): Promise<RunningServer> {
  const sessions = new Map<string, WebStandardStreamableHTTPServerTransport>();

  async function openSession(request: Request): Promise<Response> {
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      eventStore: new MemoryEventStore(),
      onsessioninitialized: (sessionId) => {
        sessions.set(sessionId, transport);
      },
    });
    transport.onclose = () => {
      if (transport.sessionId !== undefined) sessions.delete(transport.sessionId);
    };
    const server = createInvestigatorServer({ stageMs });
    await server.connect(transport);
    const response = await transport.handleRequest(request);
    // A first request that was not a valid initialize leaves nothing behind.
    if (transport.sessionId === undefined) await server.close();
    return response;
  }

  async function answer(request: Request): Promise<Response> {
    if (!isLocal(request)) return refusal(403, -32000, 'Only local requests are answered');
    if (new URL(request.url).pathname !== '/mcp') return refusal(404, -32601, 'The MCP endpoint is /mcp');
    const sessionId = request.headers.get('mcp-session-id');
    if (sessionId === null) return openSession(request);
    const session = sessions.get(sessionId);
    return session === undefined ? refusal(404, -32001, 'Session not found') : session.handleRequest(request);
  }

  const listener = getRequestListener(answer, { overrideGlobalObjects: false });
  const http = createServer((request, response) => void listener(request, response));
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject);
    http.listen(port, '127.0.0.1', resolve);
  });

  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`,
    async close() {
      await Promise.all([...sessions.values()].map((session) => session.close()));
      await new Promise<void>((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      });
    },
  };
}

/** A web page that rebinds its name to loopback still sends its own name as Host, and its own Origin. */
function isLocal(request: Request): boolean {
  const origin = request.headers.get('origin');
  return [request.url, ...(origin === null ? [] : [origin])].every((url) => {
    try {
      return ['localhost', '127.0.0.1', '[::1]'].includes(new URL(url).hostname);
    } catch {
      return false;
    }
  });
}

function refusal(status: number, code: number, message: string): Response {
  return Response.json({ jsonrpc: '2.0', error: { code, message }, id: null }, { status });
}
