import type { ServerResponse } from 'node:http';
import type { NonsenseOptions, NonsenseRequest } from '@/tests/servers/nonsense';

type Misbehaviour = (request: NonsenseRequest, response: ServerResponse, options: NonsenseOptions) => void;

/** When a mode strikes: at each request, once a session id is used, or at one JSON-RPC method. */
type When = 'always' | 'in_session' | 'initialize' | 'tools/list' | 'tools/call';

const modes = {
  // The handshake
  html: ['initialize', html],
  invalid_json: ['initialize', invalidJson],
  wrong_jsonrpc_version: [
    'initialize',
    (request, response) => sendJson(response, { jsonrpc: '1.0', id: request.rpcId, result: {} }),
  ],
  initialize_without_result: [
    'initialize',
    (request, response) => sendJson(response, { jsonrpc: '2.0', id: request.rpcId }),
  ],
  unknown_protocol_version: ['initialize', unknownProtocolVersion],
  status_500: ['always', (_request, response) => void response.writeHead(500).end('Internal Server Error')],
  status_401: ['always', (_request, response) => void response.writeHead(401, { 'www-authenticate': 'Bearer' }).end()],
  redirect: [
    'always',
    (_request, response, { redirectTo }) => void response.writeHead(307, { location: redirectTo ?? '/' }).end(),
  ],
  never_answers: ['always', () => undefined],
  // The session
  session_gone_404: ['in_session', (_request, response) => sendError(response, 404, 'Session not found')],
  session_gone_400: [
    'in_session',
    (_request, response) => sendError(response, 400, 'Bad Request: No valid session ID provided'),
  ],
  // The list
  bad_tools: ['tools/list', badTools],
  endless_tools: ['tools/list', endlessTools],
  // The call
  call_html: ['tools/call', html],
  call_invalid_json: ['tools/call', invalidJson],
  call_500: ['tools/call', (_request, response) => void response.writeHead(500).end('Internal Server Error')],
  call_never_answers: ['tools/call', () => undefined],
  call_silent_stream: ['tools/call', (_request, response) => openStream(response)],
  call_accepted_only: ['tools/call', (_request, response) => void response.writeHead(202).end()],
  call_stream_not_json: ['tools/call', streamNotJson],
  call_wrong_jsonrpc_version: ['tools/call', wrongVersionOnStream],
  call_unknown_id: ['tools/call', unknownId],
  call_result_twice: ['tools/call', resultTwice],
  call_stream_ends: ['tools/call', (_request, response) => (openStream(response), void response.end())],
  call_cut_mid_event: ['tools/call', cutMidEvent],
  call_cut_body: ['tools/call', cutBody],
  call_duplicate_ids: ['tools/call', duplicateIds],
  call_huge_schema: ['tools/call', hugeSchema],
  call_elicit_without_params: ['tools/call', elicitWithoutParams],
  call_unknown_request: ['tools/call', unknownRequest],
  call_log_flood: ['tools/call', logFlood],
  call_endless_event: ['tools/call', endlessEvent],
  call_deep_result: ['tools/call', deepResult],
} satisfies Record<string, readonly [When, Misbehaviour]>;

export type NonsenseMode = keyof typeof modes;
export const nonsenseModes = Object.keys(modes) as readonly NonsenseMode[];

/** True when the request has been dealt with in the mode's manner. */
export function misbehave(request: NonsenseRequest, response: ServerResponse, options: NonsenseOptions): boolean {
  const [when, act]: readonly [When, Misbehaviour] = modes[options.mode];
  const strikes =
    when === 'always' ||
    (when === 'in_session' ? request.headers['mcp-session-id'] !== undefined : request.rpcMethod === when);
  if (strikes) act(request, response, options);
  return strikes;
}

export function sendJson(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

function sendError(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ jsonrpc: '2.0', error: { code: -32000, message }, id: null }));
}

function html(_request: NonsenseRequest, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/html' });
  response.end('<!doctype html><title>Log in</title><p>Please log in.</p>');
}

function invalidJson(_request: NonsenseRequest, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end('{"jsonrpc": "2.0", "id": 0, "result": {');
}

function unknownProtocolVersion(request: NonsenseRequest, response: ServerResponse): void {
  sendJson(response, {
    jsonrpc: '2.0',
    id: request.rpcId,
    result: { protocolVersion: '1999-01-01', capabilities: {}, serverInfo: { name: 'old', version: '0' } },
  });
}

function badTools(request: NonsenseRequest, response: ServerResponse): void {
  const text = `{"jsonrpc":"2.0","id":${JSON.stringify(request.rpcId)},"result":{"tools":[
    {"name":"fine","inputSchema":{"type":"object"}},
    {"name":"fine","inputSchema":{"type":"object"},"description":"the same name again"},
    {"inputSchema":{"type":"object"}},
    {"name":"__proto__","inputSchema":{"type":"object"}},
    {"name":"no_schema"},
    {"name":"bad_schema","inputSchema":{"type":"wizardry"}},
    {"name":"a name with spaces, ünïcode and a\\nnewline","inputSchema":{"type":"object"}},
    {"name":"${'long'.repeat(200)}","inputSchema":{"type":"object"}},
    {"name":"lies","inputSchema":{"type":"object","__proto__":{"polluted":true}},"annotations":{"readOnlyHint":"yes"}},
    7, null
  ]}}`;
  response.writeHead(200, { 'content-type': 'application/json' }).end(text);
}

function endlessTools(request: NonsenseRequest, response: ServerResponse): void {
  sendJson(response, { jsonrpc: '2.0', id: request.rpcId, result: { tools: [], nextCursor: 'again' } });
}

function openStream(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  response.flushHeaders();
}

function sendEvent(response: ServerResponse, value: unknown): void {
  response.write(`event: message\ndata: ${JSON.stringify(value)}\n\n`);
}

function properResult(request: NonsenseRequest): unknown {
  return { jsonrpc: '2.0', id: request.rpcId, result: { content: [{ type: 'text', text: 'a proper result' }] } };
}

function streamNotJson(request: NonsenseRequest, response: ServerResponse): void {
  openStream(response);
  response.write('data: this is not JSON\n\n');
  response.write('data: {"jsonrpc":"2.0"}\n\ndata: []\n\ndata: null\n\nnonsense line\n\n');
  sendEvent(response, properResult(request));
  response.end();
}

function wrongVersionOnStream(request: NonsenseRequest, response: ServerResponse): void {
  openStream(response);
  sendEvent(response, {
    jsonrpc: '1.0',
    id: request.rpcId,
    result: { content: [{ type: 'text', text: 'wrong version' }] },
  });
  response.end();
}

function unknownId(request: NonsenseRequest, response: ServerResponse): void {
  openStream(response);
  for (const id of ['nobody-asked', 424_242, null]) {
    sendEvent(response, { jsonrpc: '2.0', id, result: { content: [{ type: 'text', text: 'for someone else' }] } });
  }
  sendEvent(response, properResult(request));
  response.end();
}

function resultTwice(request: NonsenseRequest, response: ServerResponse): void {
  openStream(response);
  sendEvent(response, properResult(request));
  sendEvent(response, {
    jsonrpc: '2.0',
    id: request.rpcId,
    result: { content: [{ type: 'text', text: 'second result' }] },
  });
  response.end();
}

function cutMidEvent(request: NonsenseRequest, response: ServerResponse): void {
  openStream(response);
  const event = `event: message\nid: cut-1\ndata: ${JSON.stringify(properResult(request))}`;
  response.write(event.slice(0, -20), () => response.destroy());
}

function cutBody(_request: NonsenseRequest, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
  response.write('{"jsonrpc":"2.0",', () => response.destroy());
}

function elicitation(id: string | number, message: string, requestedSchema: unknown): unknown {
  return { jsonrpc: '2.0', id, method: 'elicitation/create', params: { mode: 'form', message, requestedSchema } };
}

/** Two questions with one id; the stream stays open for the answers. */
function duplicateIds(_request: NonsenseRequest, response: ServerResponse): void {
  openStream(response);
  const schema = { type: 'object', properties: { value: { type: 'string' } }, required: ['value'] };
  sendEvent(response, elicitation('same-id', 'First question', schema));
  sendEvent(response, elicitation('same-id', 'Second question with the same id', schema));
}

function hugeSchema(_request: NonsenseRequest, response: ServerResponse): void {
  openStream(response);
  const properties = Object.fromEntries(
    Array.from({ length: 20_000 }, (_, index) => [
      `field_${index}`,
      { type: 'string', title: `Field ${index}`, description: 'x'.repeat(200), enum: ['a', 'b', 'c'] },
    ]),
  );
  sendEvent(response, elicitation('huge', 'Please fill in 20,000 fields', { type: 'object', properties }));
}

function elicitWithoutParams(_request: NonsenseRequest, response: ServerResponse): void {
  openStream(response);
  sendEvent(response, { jsonrpc: '2.0', id: 'bare', method: 'elicitation/create' });
  sendEvent(response, { jsonrpc: '2.0', id: 'list', method: 'sampling/createMessage', params: [1, 2] });
}

function unknownRequest(request: NonsenseRequest, response: ServerResponse): void {
  openStream(response);
  sendEvent(response, { jsonrpc: '2.0', id: 'unknown-1', method: 'client/selfDestruct', params: { now: true } });
  sendEvent(response, properResult(request));
  response.end();
}

function logFlood(request: NonsenseRequest, response: ServerResponse): void {
  openStream(response);
  for (let n = 0; n < 20_000; n += 1) {
    sendEvent(response, {
      jsonrpc: '2.0',
      method: 'notifications/message',
      params: { level: 'info', data: `line ${n}` },
    });
  }
  sendEvent(response, properResult(request));
  response.end();
}

/** One event of 256 MiB that never ends with a newline, unless the other side hangs up before. */
function endlessEvent(_request: NonsenseRequest, response: ServerResponse): void {
  openStream(response);
  response.write('data: "');
  const chunk = 'x'.repeat(1024 * 1024);
  let left = 256;
  const more = (): void => {
    while (left > 0 && !response.destroyed) {
      left -= 1;
      if (!response.write(chunk)) {
        response.once('drain', more);
        return;
      }
    }
  };
  more();
}

function deepResult(request: NonsenseRequest, response: ServerResponse): void {
  const depth = 100_000;
  const nested = `${'['.repeat(depth)}${']'.repeat(depth)}`;
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(
    `{"jsonrpc":"2.0","id":${JSON.stringify(request.rpcId)},"result":{"content":[],"structuredContent":{"deep":${nested}}}}`,
  );
}
