import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { MemoryEventStore } from '@/examples/incident-investigator/event-store';
import type { Records } from '@/tests/servers/records';

export interface HostOptions {
  /** 0 or absent takes a free port. */
  readonly port?: number;
  /** `none`: streams cannot be resumed. */
  readonly events?: 'kept' | 'none';
  /** What an unknown session id gets: the specification's 404, or 400 naming the session as some servers do. */
  readonly unknownSession?: 404 | 400;
  /** `refused`: DELETE gets 405, as the specification allows. */
  readonly deletion?: 'allowed' | 'refused';
  /** When given, every request must carry exactly this Authorization header. */
  readonly authorization?: string;
  readonly keepAliveMs?: number;
}

export interface HttpHost {
  readonly url: string;
  readonly sessionIds: () => readonly string[];
  /** Ends every session without telling anyone: the next request with its id gets `unknownSession`. */
  forgetSessions(): Promise<void>;
  /** Cuts every TCP connection; sessions and events stay. */
  dropConnections(): void;
  close(): Promise<void>;
}

interface Sessions {
  readonly options: HostOptions;
  readonly records: Records;
  readonly connect: (transport: Transport) => Promise<void>;
  readonly open: Map<string, WebStandardStreamableHTTPServerTransport>;
}

/** Serves `/mcp` in the stateful era; `connect` gives each new session its own server. */
export async function hostOverHttp(
  connect: (transport: Transport) => Promise<void>,
  records: Records,
  options: HostOptions,
): Promise<HttpHost> {
  const sessions: Sessions = { options, records, connect, open: new Map() };
  const listener = getRequestListener((request) => answer(request, sessions), { overrideGlobalObjects: false });
  const http = createServer((request, response) => void listener(request, response));
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject);
    http.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const forgetSessions = async (): Promise<void> => {
    const transports = [...sessions.open.values()];
    sessions.open.clear();
    await Promise.all(transports.map((transport) => transport.close()));
  };
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`,
    sessionIds: () => [...sessions.open.keys()],
    forgetSessions,
    dropConnections: () => http.closeAllConnections(),
    async close() {
      await forgetSessions();
      await new Promise<void>((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      });
    },
  };
}

async function answer(request: Request, sessions: Sessions): Promise<Response> {
  const { options, records, open } = sessions;
  const sessionId = request.headers.get('mcp-session-id') ?? undefined;
  records.add({
    kind: 'http_received',
    sessionId,
    method: request.method,
    lastEventId: request.headers.get('last-event-id') ?? undefined,
  });
  if (options.authorization !== undefined && request.headers.get('authorization') !== options.authorization) {
    return refusal(401, 'Unauthorized');
  }
  const response = await answerKnownCaller(
    request,
    sessions,
    sessionId === undefined ? undefined : open.get(sessionId),
  );
  if (request.method === 'DELETE') records.add({ kind: 'delete_received', sessionId, status: response.status });
  return response;
}

async function answerKnownCaller(
  request: Request,
  sessions: Sessions,
  session: WebStandardStreamableHTTPServerTransport | undefined,
): Promise<Response> {
  const { options } = sessions;
  if (request.headers.get('mcp-session-id') === null) return openSession(request, sessions);
  if (session === undefined) {
    return options.unknownSession === 400
      ? refusal(400, 'Bad Request: No valid session ID provided')
      : refusal(404, 'Session not found');
  }
  if (request.method === 'DELETE' && options.deletion === 'refused') return refusal(405, 'Method not allowed.');
  return session.handleRequest(request);
}

async function openSession(request: Request, { options, connect, open }: Sessions): Promise<Response> {
  const transport = new WebStandardStreamableHTTPServerTransport({
    sessionIdGenerator: () => randomUUID(),
    ...(options.events === 'none' ? {} : { eventStore: new MemoryEventStore() }),
    ...(options.keepAliveMs === undefined ? {} : { keepAliveMs: options.keepAliveMs }),
    maxRequestBodySize: 64 * 1024 * 1024,
    onsessioninitialized: (sessionId) => {
      open.set(sessionId, transport);
    },
  });
  transport.onclose = () => {
    if (transport.sessionId !== undefined) open.delete(transport.sessionId);
  };
  await connect(transport);
  return transport.handleRequest(request);
}

function refusal(status: number, message: string): Response {
  const code = status === 404 ? -32001 : -32000;
  return Response.json({ jsonrpc: '2.0', error: { code, message }, id: null }, { status });
}
