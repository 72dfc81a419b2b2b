import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Json, JsonObject } from '@/lib/domain/json';

export interface ScriptedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** What was POSTed; null otherwise. */
  readonly message: JsonObject | null;
  readonly response: ServerResponse;
}

/** True when it dealt with the request; otherwise the server behaves. */
export type Script = (request: ScriptedRequest) => boolean;

export interface ScriptedServer {
  readonly url: string;
  readonly requests: readonly ScriptedRequest[];
  close(): Promise<void>;
}

/** A well-behaved little MCP server, except where a test's script says otherwise. It has no standalone stream. */
export async function startScripted(script: Script): Promise<ScriptedServer> {
  const requests: ScriptedRequest[] = [];
  const http = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8');
      const message = text === '' ? null : (JSON.parse(text) as JsonObject);
      const request = {
        method: incoming.method ?? '',
        path: incoming.url ?? '',
        headers: incoming.headers,
        message,
        response,
      };
      requests.push(request);
      if (!script(request)) behave(request);
    });
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`,
    requests,
    close: () =>
      new Promise((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      }),
  };
}

export function sendJson(response: ServerResponse, value: Json, headers: Record<string, string> = {}): true {
  response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value));
  return true;
}

export function sendStatus(response: ServerResponse, status: number, body = ''): true {
  response.writeHead(status).end(body);
  return true;
}

export function sendRedirect(response: ServerResponse, status: number, location: string): true {
  response.writeHead(status, { location }).end();
  return true;
}

export function openStream(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.flushHeaders();
}

export function sendEvent(response: ServerResponse, value: Json, id?: string): void {
  response.write(`${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(value)}\n\n`);
}

export function resultFor(message: JsonObject | null, text: string): JsonObject {
  return { jsonrpc: '2.0', id: message?.['id'] ?? null, result: { content: [{ type: 'text', text }] } };
}

export function handshakeFor(message: JsonObject | null): JsonObject {
  const result = {
    protocolVersion: '2025-11-25',
    capabilities: { tools: {} },
    serverInfo: { name: 'scripted', version: '1' },
  };
  return { jsonrpc: '2.0', id: message?.['id'] ?? null, result };
}

function behave({ method, message, response }: ScriptedRequest): void {
  if (method !== 'POST') return void sendStatus(response, method === 'DELETE' ? 200 : 405);
  switch (message?.['method']) {
    case 'initialize':
      return void sendJson(response, handshakeFor(message), { 'mcp-session-id': 'scripted-session' });
    case 'tools/call':
      return void sendJson(response, resultFor(message, 'a result'));
    default: {
      const isRequest = message?.['id'] !== undefined && message['method'] !== undefined;
      if (isRequest) return void sendJson(response, { jsonrpc: '2.0', id: message['id'] ?? null, result: {} });
      return void sendStatus(response, 202);
    }
  }
}
