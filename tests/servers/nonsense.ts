import { createServer } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { misbehave, sendJson } from '@/tests/servers/nonsense-modes';
import type { NonsenseMode } from '@/tests/servers/nonsense-modes';

export interface NonsenseRequest {
  readonly at: number;
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** The JSON-RPC method of the body, if there is one. */
  readonly rpcMethod: string | undefined;
  readonly rpcId: string | number | undefined;
}

export interface NonsenseOptions {
  readonly mode: NonsenseMode;
  /** Where `redirect` points. */
  readonly redirectTo?: string;
}

export interface NonsenseServer {
  readonly url: string;
  readonly requests: readonly NonsenseRequest[];
  /** The first request that matches, past or future. */
  waitForRequest(matches: (request: NonsenseRequest) => boolean, timeoutMs?: number): Promise<NonsenseRequest>;
  close(): Promise<void>;
}

/**
 * A raw HTTP server that breaks the protocol in one chosen way. Modes that start with `call_` behave until
 * tools/call: they initialise, and list one tool named `anything`.
 */
export async function startNonsense(options: NonsenseOptions): Promise<NonsenseServer> {
  const requests: NonsenseRequest[] = [];
  const listeners = new Set<(request: NonsenseRequest) => void>();
  const http = createServer((request, response) => {
    void readRequest(request).then((received) => {
      requests.push(received);
      for (const listener of [...listeners]) listener(received);
      answer(received, response, options);
    });
  });
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject);
    http.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`,
    requests,
    waitForRequest(matches, timeoutMs = 10_000) {
      const past = requests.find(matches);
      if (past !== undefined) return Promise.resolve(past);
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          listeners.delete(listener);
          const seen = requests.map(({ method, rpcMethod }) => `${method} ${rpcMethod ?? ''}`.trim());
          reject(new Error(`No such request within ${timeoutMs} ms; seen: ${seen.join(', ')}`));
        }, timeoutMs);
        const listener = (request: NonsenseRequest): void => {
          if (!matches(request)) return;
          clearTimeout(timer);
          listeners.delete(listener);
          resolve(request);
        };
        listeners.add(listener);
      });
    },
    close: () =>
      new Promise<void>((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      }),
  };
}

async function readRequest(request: IncomingMessage): Promise<NonsenseRequest> {
  let body = '';
  request.setEncoding('utf8');
  for await (const chunk of request) body += String(chunk);
  const { method, id } = parsed(body);
  return {
    at: Date.now(),
    method: request.method ?? '',
    path: request.url ?? '',
    headers: request.headers,
    body,
    rpcMethod: typeof method === 'string' ? method : undefined,
    rpcId: typeof id === 'string' || typeof id === 'number' ? id : undefined,
  };
}

function parsed(body: string): { method?: unknown; id?: unknown } {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

function answer(request: NonsenseRequest, response: ServerResponse, options: NonsenseOptions): void {
  if (misbehave(request, response, options)) return;
  switch (request.rpcMethod) {
    case 'initialize':
      response.setHeader('mcp-session-id', 'nonsense-session');
      return sendJson(response, {
        jsonrpc: '2.0',
        id: request.rpcId,
        result: {
          protocolVersion: '2025-11-25',
          capabilities: { tools: {}, logging: {} },
          serverInfo: { name: 'nonsense', version: '1.0.0' },
        },
      });
    case 'tools/list':
      return sendJson(response, {
        jsonrpc: '2.0',
        id: request.rpcId,
        result: { tools: [{ name: 'anything', inputSchema: { type: 'object' } }] },
      });
    case 'tools/call':
      return sendJson(response, {
        jsonrpc: '2.0',
        id: request.rpcId,
        result: { content: [{ type: 'text', text: 'a proper result' }] },
      });
    case 'ping':
      return sendJson(response, { jsonrpc: '2.0', id: request.rpcId, result: {} });
    default:
      response.writeHead(request.method === 'POST' ? 202 : request.method === 'DELETE' ? 200 : 405).end();
  }
}
