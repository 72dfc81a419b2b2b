import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startIncidentInvestigator } from '@/examples/incident-investigator/start';
import { type Backend, type Life, MicroVm } from '@/tests/servers/agentcore/microvm';
import { type Account, checkSigV4, type Received, type Verdict } from '@/tests/servers/agentcore/sigv4-check';

export interface AgentCoreOptions extends Partial<Life> {
  /** Who may call: requests signed by this account, or with this bearer token. */
  readonly caller: Account | { readonly token: string };
  /** What runs in each session; absent: the incident investigator, with stages of `stageMs`. */
  readonly startBackend?: () => Promise<Backend>;
  readonly stageMs?: number;
  /** Whose id the caller is told: the platform's own, which it maps to the server's, or the server's. */
  readonly tells?: 'runtime_id' | 'server_id';
}

/** One request at the edge, as the edge saw it. */
export interface EdgeRecord {
  readonly at: number;
  readonly method: string;
  /** The `Mcp-Session-Id` it came with. */
  readonly sessionId: string | null;
  readonly lastEventId: string | null;
  /** JSON-RPC method of the body, or `response`. */
  readonly rpc: string | null;
  /** Null: let in. */
  readonly refusedAs: string | null;
  status: number | null;
}

export interface AgentCore {
  /** In place of `https://bedrock-agentcore.{region}.amazonaws.com`. */
  readonly endpoint: string;
  readonly arn: string;
  readonly requests: readonly EdgeRecord[];
  /** Ids of the sessions that live. */
  readonly sessionIds: () => readonly string[];
  /** Ends a session as its idle timer would. */
  expire(id: string): Promise<void>;
  /** Cuts what a session is being told; the session lives on. */
  cutStreams(id: string): Promise<void>;
  /** Old ids are no longer known: each is routed to a fresh, uninitialised instance, as one never seen. */
  forgetEnded(): void;
  close(): Promise<void>;
}

const region = 'eu-central-1';
const accountId = '123456789012';
const runtimeId = 'incident-abc';
const arn = `arn:aws:bedrock-agentcore:${region}:${accountId}:runtime/${runtimeId}`;
const sessionHeader = 'x-amzn-bedrock-agentcore-runtime-session-id';

/** Amazon Bedrock AgentCore Runtime as it looks from the network: its address, its door, its sessions. */
export async function startAgentCore(options: AgentCoreOptions): Promise<AgentCore> {
  const edge = new Edge(options);
  const http = createServer((request, response) => {
    edge.answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject);
    http.listen(0, '127.0.0.1', resolve);
  });
  return {
    endpoint: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    arn,
    requests: edge.requests,
    sessionIds: () => [...edge.living.keys()],
    expire: async (id) => (await edge.living.get(id))?.end(),
    cutStreams: async (id) => (await edge.living.get(id))?.cutStreams(),
    forgetEnded: () => edge.ended.clear(),
    async close() {
      await Promise.all([...edge.living.values()].map(async (vm) => (await vm).end()));
      await new Promise<void>((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      });
    },
  };
}

class Edge {
  readonly requests: EdgeRecord[] = [];
  readonly living = new Map<string, Promise<MicroVm>>();
  readonly ended = new Set<string>();
  readonly #options: AgentCoreOptions;

  constructor(options: AgentCoreOptions) {
    this.#options = options;
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const received = await receive(request);
    const verdict = this.#judge(received);
    const sessionId = header(received, 'mcp-session-id') ?? header(received, sessionHeader);
    const record: EdgeRecord = {
      at: Date.now(),
      method: received.method,
      sessionId,
      lastEventId: header(received, 'last-event-id'),
      rpc: rpcOf(received.body),
      refusedAs: verdict.ok ? null : verdict.type,
      status: null,
    };
    this.requests.push(record);
    const refuseWith = (status: number, refusal: Refusal): void => {
      record.status = status;
      refuse(response, status, refusal);
    };
    if (!verdict.ok) return refuseWith(verdict.status, verdict);
    if (!isRuntimeAddress(received.target)) return refuseWith(404, notFound('No endpoint or agent found.'));
    if (sessionId !== null && this.ended.has(sessionId)) return refuseWith(404, notFound('Session not found'));
    const vm = await this.#vmFor(sessionId ?? randomUUID());
    return vm.forward(
      {
        method: received.method,
        headers: onwardHeaders(received, vm),
        body: received.body,
        answerHeaders: (answer) => {
          record.status = answer.statusCode ?? null;
          return this.#answerHeaders(vm, answer);
        },
      },
      response,
    );
  }

  #judge(received: Received): (Verdict & { ok: true }) | (Verdict & { ok: false; status: number }) {
    const { caller } = this.#options;
    if (!('token' in caller)) {
      const verdict = checkSigV4(received, caller, { service: 'bedrock-agentcore', region, now: Date.now() });
      return verdict.ok ? verdict : { ...verdict, status: 403 };
    }
    const given = header(received, 'authorization');
    if (given === `Bearer ${caller.token}`) return { ok: true };
    return given === null
      ? { ok: false, status: 401, type: 'UnauthorizedException', message: 'Missing Authentication Token' }
      : { ok: false, status: 403, type: 'AccessDeniedException', message: 'OAuth authorization failed: Invalid token' };
  }

  /** Any id is routed; one that was never seen gets an instance that nobody has initialised. */
  #vmFor(id: string): Promise<MicroVm> {
    const known = this.living.get(id);
    if (known !== undefined) return known;
    const starting = this.#start(id);
    this.living.set(id, starting);
    return starting;
  }

  async #start(id: string): Promise<MicroVm> {
    const { startBackend, stageMs = 1, idleMs = null, lifetimeMs = null, streamMs = null } = this.#options;
    const backend = await (startBackend?.() ?? startIncidentInvestigator({ port: 0, stageMs }));
    return new MicroVm(id, {
      backend,
      life: { idleMs, lifetimeMs, streamMs },
      ended: (vm) => {
        for (const [key, running] of this.living) void running.then((each) => each === vm && this.living.delete(key));
        for (const known of [vm.id, vm.mcpSessionId]) if (known !== null) this.ended.add(known);
      },
    });
  }

  #answerHeaders(vm: MicroVm, answer: IncomingMessage): Readonly<Record<string, string>> {
    const given = answer.headers['mcp-session-id'];
    if (typeof given !== 'string') return { [sessionHeader]: vm.id };
    vm.mcpSessionId = given;
    if (this.#options.tells !== 'server_id') return { [sessionHeader]: vm.id, 'mcp-session-id': vm.id };
    this.living.set(given, Promise.resolve(vm));
    return { [sessionHeader]: vm.id };
  }
}

async function receive(request: IncomingMessage): Promise<Received> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const headers = new Map<string, readonly string[]>();
  for (const [name, values] of Object.entries(request.headersDistinct)) headers.set(name, values ?? []);
  return { method: request.method ?? '', target: request.url ?? '', headers, body: Buffer.concat(chunks) };
}

function isRuntimeAddress(target: string): boolean {
  const url = new URL(target, 'http://edge');
  if (url.searchParams.get('qualifier') !== 'DEFAULT') return false;
  if (url.pathname === `/runtimes/${encodeURIComponent(arn)}/invocations`) return true;
  return url.pathname === `/runtimes/${runtimeId}/invocations` && url.searchParams.get('accountId') === accountId;
}

/** The server inside knows its own id only. Neither the signature nor the token reaches it. */
function onwardHeaders(received: Received, vm: MicroVm): Readonly<Record<string, string>> {
  const passed = ['accept', 'content-type', 'mcp-protocol-version', 'last-event-id'];
  const headers = Object.fromEntries(
    passed.flatMap((name) => {
      const value = header(received, name);
      return value === null ? [] : [[name, value]];
    }),
  );
  const given = header(received, 'mcp-session-id');
  return given === null ? headers : { ...headers, 'mcp-session-id': vm.mcpSessionId ?? given };
}

function header(received: Received, name: string): string | null {
  return received.headers.get(name)?.[0] ?? null;
}

function rpcOf(body: Buffer): string | null {
  if (body.length === 0) return null;
  try {
    const message = JSON.parse(body.toString('utf8')) as { readonly method?: unknown };
    return typeof message.method === 'string' ? message.method : 'response';
  } catch {
    return null;
  }
}

interface Refusal {
  readonly type: string;
  readonly message: string;
}

function notFound(message: string): Refusal {
  return { type: 'ResourceNotFoundException', message };
}

function refuse(response: ServerResponse, status: number, { type, message }: Refusal): void {
  response.writeHead(status, {
    'content-type': 'application/json',
    'x-amzn-errortype': type,
    'x-amzn-requestid': randomUUID(),
    ...(status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
  });
  response.end(JSON.stringify({ message }));
}
