import type { IncomingMessage, ServerResponse } from 'node:http';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import type { CallId, SessionId } from '@/lib/domain/ids';
import type { Json, JsonObject } from '@/lib/domain/json';
import type { AgentDesk, SessionListener } from '@/server/engine/ports/agents';
import type { Clock } from '@/server/engine/ports/clock';
import type { Log } from '@/server/engine/ports/log';
import type { Answerer } from './answerer';
import { BoundedEventStore, type ResponsePlace } from './event-store';
import { discardRest, internalErrorCode, sendHttpError } from './http-error';
import type { AgentMessage, RpcId } from './message';
import { type Posting, readPosting } from './posting';
import type { Reply } from './outcome';
import { keepAliveMs, ResumedStream } from './resumed-stream';
import { isWanted } from './log-level';
import type { ToolCall } from './tool-call';

export interface SessionParts {
  readonly sessionId: SessionId;
  readonly scope: string | null;
  readonly capabilities: JsonObject;
  readonly desk: AgentDesk;
  readonly clock: Clock;
  readonly log: Log;
  readonly requestsMost: number;
  readonly onClosed: () => void;
}

/** A request the agent waits for. */
interface Pending {
  readonly posting: Posting;
  readonly request: Extract<AgentMessage, { kind: 'request' }>;
  call: ToolCall | null;
}

type OutgoingMessage =
  | ({ readonly jsonrpc: '2.0'; readonly id: RpcId } & Reply)
  | { readonly jsonrpc: '2.0'; readonly method: string; readonly params?: JsonObject };

/** How long responses on their way may still take once a session has ended. */
const farewellMs = 2_000;

/**
 * One agent's session on the wire. The SDK's transport keeps HTTP and SSE; its `Server` is left out on
 * purpose: it would check and strip results through its own schemas, ignore the cancelling of request 0,
 * and leave the stream of a cancelled request open.
 */
export class AgentSession implements SessionListener {
  readonly scope: string | null;
  /** The agreed protocol version; set by `initialize`. */
  protocolVersion = '';
  /** The least urgent log level the agent wants; null for all. */
  logLevel: string | null = null;
  private readonly transport: StreamableHTTPServerTransport;
  private readonly events: BoundedEventStore;
  private readonly pending = new Map<RpcId, Pending>();
  private readonly places = new Map<RpcId, ResponsePlace>();
  /** Calls whose outcome has not been handed to a socket yet. */
  private readonly undelivered = new Map<RpcId, CallId>();
  private readonly posts = new Set<ServerResponse>();
  private readonly resumed = new Map<ResumedStream, { readonly standalone: boolean }>();
  private state: 'open' | 'ending' | 'closed' = 'open';

  constructor(
    private readonly parts: SessionParts,
    private readonly answerer: Answerer,
  ) {
    this.scope = parts.scope;
    this.events = new BoundedEventStore(parts.clock, (id) => this.places.get(id) ?? 'last');
    this.transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: () => parts.sessionId,
      eventStore: this.events,
      keepAliveMs,
    });
    this.transport.onmessage = (message) => this.receive(message);
    this.transport.onerror = (error) => parts.log.debug({ error: error.message }, 'the agent’s transport complained');
  }

  /** A POST of this session, its body read. */
  async post(req: IncomingMessage, res: ServerResponse, json: unknown): Promise<void> {
    const posting = readPosting(json, {
      batches: this.protocolVersion === '2025-03-26',
      isTaken: (id) => this.pending.has(id),
      room: this.parts.requestsMost - this.pending.size,
    });
    if ('status' in posting) return sendHttpError(req, res, posting);
    const ids = posting.requests.map((request) => request.id);
    for (const request of posting.requests) this.pending.set(request.id, { posting, request, call: null });
    this.posts.add(res);
    res.once('finish', () => this.handedOver(ids));
    res.once('close', () => {
      // What the transport refused never came in.
      if (!posting.received) for (const id of ids) this.pending.delete(id);
      this.posts.delete(res);
      if (this.state === 'ending' && this.posts.size === 0) this.close();
    });
    await this.transport.handleRequest(req, res, json);
  }

  /** A GET of this session: its standalone stream, or a stream taken up again. A newer one replaces an older. */
  async get(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const cursor = req.headers['last-event-id'];
    if (typeof cursor !== 'string' || cursor === '') {
      this.endStandalone();
      return this.transport.handleRequest(req, res);
    }
    if (!(req.headers.accept ?? '').includes('text/event-stream')) {
      return sendHttpError(req, res, {
        status: 406,
        code: -32000,
        message: 'Not Acceptable: accept text/event-stream.',
      });
    }
    const found = this.events.find(cursor);
    if (found === null) {
      return sendHttpError(req, res, {
        status: 400,
        code: -32000,
        message: 'This Last-Event-ID is not known (any more): the stream cannot be taken up again.',
      });
    }
    discardRest(req);
    if (found.ended && found.after.length === 0) {
      // 204 tells an SSE client that there is nothing to come back for.
      res.writeHead(204).end();
      return;
    }
    if (found.standalone) this.endStandalone();
    this.makeRoom();
    const { clock } = this.parts;
    const stream = new ResumedStream(res, { clock, events: this.events, onHandedOver: (ids) => this.handedOver(ids) });
    this.resumed.set(stream, { standalone: found.standalone });
    res.once('close', () => this.resumed.delete(stream));
    stream.run(found, this.parts.sessionId);
  }

  /** Each holds all that its agent missed until it is read: an agent that only asks must not fill the memory. */
  private makeRoom(): void {
    const [oldest] = this.resumed.keys();
    if (oldest === undefined || this.resumed.size < this.parts.requestsMost) return;
    this.resumed.delete(oldest);
    oldest.cut();
  }

  forgetOldEvents(): void {
    this.events.forgetOld();
  }

  private endStandalone(): void {
    this.transport.closeStandaloneSSEStream();
    for (const [stream, { standalone }] of this.resumed) if (standalone) stream.end();
  }

  private receive(message: JSONRPCMessage): void {
    const { desk, sessionId } = this.parts;
    desk.traffic(sessionId, { direction: 'in', message: message as Json });
    if (!('method' in message)) return;
    if (!('id' in message)) {
      if (message.method === 'notifications/cancelled') this.cancelled(message.params ?? {});
      return;
    }
    const pending = this.pending.get(message.id);
    if (pending === undefined) return;
    pending.posting.received = true;
    void this.answer(pending);
  }

  private cancelled(params: { readonly [key: string]: unknown }): void {
    const { requestId, reason } = params;
    const pending = this.pending.get(requestId as RpcId);
    pending?.call?.cancel(typeof reason === 'string' && reason !== '' ? reason : 'no reason given');
  }

  private async answer(pending: Pending): Promise<void> {
    const { id } = pending.request;
    const reply = await this.replyTo(pending);
    const { posting, call } = pending;
    this.pending.delete(id);
    posting.left -= 1;
    if (call?.cancelled === true && posting.requests.length === 1) return this.endWithoutReply(id);
    const callId = call?.id ?? null;
    if (callId !== null) this.undelivered.set(id, callId);
    this.places.set(id, posting.left === 0 ? 'last' : 'more_follow');
    await this.send({ jsonrpc: '2.0', id, ...reply }, null);
    this.places.delete(id);
  }

  private async replyTo(pending: Pending): Promise<Reply> {
    const { id, method } = pending.request;
    try {
      return await this.answerer.answer(this, pending.request, {
        takeCall: (call) => {
          pending.call = call;
        },
        notify: (params) => void this.send({ jsonrpc: '2.0', method: 'notifications/progress', params }, id),
      });
    } catch (error) {
      this.parts.log.error({ error, method }, 'a request of an agent failed');
      return { error: { code: internalErrorCode, message: 'Holdpoint failed on this request. It has been logged.' } };
    }
  }

  /** MCP wants no response to a cancelled request; its stream ends, and a resumed one hears that nothing follows. */
  private async endWithoutReply(id: RpcId): Promise<void> {
    this.transport.closeSSEStream(id);
    this.places.set(id, 'drop');
    // Never on the wire, for its stream is closed: the transport forgets the request, the event store its stream.
    const forget: JSONRPCMessage = { jsonrpc: '2.0', id, error: { code: 0, message: 'cancelled' } };
    await this.transport.send(forget).catch(() => undefined);
    this.places.delete(id);
  }

  /** `related` is the request on whose stream a notification goes; null for a response, or the standalone stream. */
  private async send(message: OutgoingMessage, related: RpcId | null): Promise<void> {
    if (this.state === 'closed') return;
    this.parts.desk.traffic(this.parts.sessionId, { direction: 'out', message: message as unknown as Json });
    try {
      await this.transport.send(message as JSONRPCMessage, related === null ? {} : { relatedRequestId: related });
    } catch (error) {
      // The agent is not there; what can be kept for it is kept.
      this.parts.log.debug({ error: String(error) }, 'a message found no stream');
    }
  }

  /** These responses' bytes are the operating system's now. */
  private handedOver(ids: readonly RpcId[]): void {
    const { desk, sessionId, log } = this.parts;
    for (const id of ids) {
      const callId = this.undelivered.get(id);
      if (callId === undefined || this.pending.has(id)) continue;
      this.undelivered.delete(id);
      desk
        .delivered(sessionId, callId)
        .catch((error: unknown) => log.error({ error, callId }, 'a delivery was not recorded'));
    }
  }

  private tell(method: string, params: JsonObject | null): void {
    if (this.state !== 'open') return;
    void this.send({ jsonrpc: '2.0', method, ...(params === null ? {} : { params }) }, null);
  }

  listChanged(what: 'tools' | 'prompts' | 'resources'): void {
    if (this.parts.capabilities[what] !== undefined) this.tell(`notifications/${what}/list_changed`, null);
  }

  notification(method: string, params: JsonObject): void {
    this.tell(method, params);
  }

  log(server: string, entry: Parameters<SessionListener['log']>[1]): void {
    if (this.parts.capabilities['logging'] === undefined || !isWanted(entry.level, this.logLevel)) return;
    const own = entry.logger === null ? server : `${server}/${entry.logger}`;
    const logger = this.scope === null ? own : entry.logger;
    this.tell('notifications/message', {
      level: entry.level,
      ...(logger === null ? {} : { logger }),
      data: entry.data,
    });
  }

  /** The engine settled every call before it says so: their responses leave first, then the transport closes. */
  ended(): void {
    if (this.state !== 'open') return;
    this.state = 'ending';
    if (this.posts.size === 0) return this.close();
    this.parts.clock.after(farewellMs, () => this.close());
  }

  close(): void {
    if (this.state === 'closed') return;
    this.state = 'closed';
    for (const stream of [...this.resumed.keys()]) stream.end();
    this.transport
      .close()
      .catch((error: unknown) => this.parts.log.debug({ error: String(error) }, 'a transport did not close'));
    this.parts.onClosed();
  }
}
