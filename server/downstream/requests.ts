import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CallId, SessionId } from '@/lib/domain/ids';
import type { Json, JsonObject } from '@/lib/domain/json';
import type { AgentDesk, AgentIdentity } from '@/server/engine/ports/agents';
import type { Log } from '@/server/engine/ports/log';
import type { Answerer } from './answerer';
import { BoundedMap } from './bounded-map';
import type { Voicing } from './call-stream';
import type { Answer, CallWait, WaitPlan } from './call-wait';
import { EventStream, type StreamOwner, type StreamPorts } from './event-stream';
import { safeHead } from './head';
import { type HttpError, sendHttpError, stopping } from './http-error';
import type { KeepAlive } from './keep-alive';
import type { AgentRequest, RpcId } from './message';
import { failedReply, type Reply, responseOf, textOfMessage } from './outcome';
import type { Posting } from './posting';
import type { CallPlace } from './stream-place';
import { Waiting, type WaitingOwner } from './waiting';

export interface RequestsPorts {
  readonly sessionId: SessionId;
  readonly agent: AgentIdentity;
  readonly desk: AgentDesk;
  readonly log: Log;
  readonly keepAlive: KeepAlive;
  readonly answerer: Answerer;
  readonly bearsPriming: boolean;
  /** Responses under way at once. */
  readonly most: number;
}

/** A request the agent waits for; `stop` is for our own stopping. */
interface OpenRequest {
  readonly wait: CallWait | null;
  stop(): void;
}

/** Calls of which it is remembered that their agent left, or cancelled. */
const rememberedMost = 1_000;

/**
 * The requests of one session that are not answered yet. Held is only what is open now: the stream of a call can be
 * taken up again from its event ids alone, here or after a restart, because the call itself is kept by the engine.
 */
export class Requests implements WaitingOwner {
  private readonly open = new Set<OpenRequest>();
  private readonly byId = new Map<RpcId, OpenRequest>();
  /** Those under way, each with its stream where it has one. */
  private readonly responses = new Map<ServerResponse, EventStream | null>();
  /** What was taken up again, the oldest first. */
  private readonly resumed = new Set<Waiting>();
  /** Calls whose streams broke, for a cancel that names only the request. */
  private readonly left = new BoundedMap<RpcId, CallId>(rememberedMost);
  /** By request, each with its call: another request may wait for the same call. */
  private readonly cancelled = new BoundedMap<RpcId, CallId>(rememberedMost);
  /** We ended its streams ourselves: the agent did not leave. */
  private isOver = false;
  private onQuiet: (() => void) | null = null;

  /** The same for every stream of the session. */
  readonly streaming: StreamPorts;
  readonly voicing: Voicing;
  readonly answerer: Answerer;
  /** One for all responses: it is called on the one that closed. */
  private readonly onClose: (this: ServerResponse) => void;

  constructor(private readonly ports: RequestsPorts) {
    const { sessionId, bearsPriming, answerer } = ports;
    this.streaming = ports;
    this.answerer = answerer;
    this.voicing = { sessionId, bearsPriming, say: (stream, id, message) => this.say(stream, id, message) };
    const closedBy = (res: ServerResponse): void => this.closedBy(res);
    this.onClose = function onClose() {
      closedBy(this);
    };
  }

  get room(): number {
    return this.ports.most - this.responses.size;
  }

  isTaken(id: RpcId): boolean {
    return this.byId.has(id);
  }

  /** Whether the agent cancelled the request whose place it is: MCP wants no response then. */
  wasCancelled({ rpcId, callId }: CallPlace): boolean {
    return this.cancelled.get(rpcId) === callId;
  }

  /** Counts a response until its last byte left. */
  follow(res: ServerResponse, stream: EventStream | null): void {
    this.responses.set(res, stream);
    res.on('close', this.onClose);
  }

  private closedBy(res: ServerResponse): void {
    const stream = this.responses.get(res);
    this.responses.delete(res);
    if (this.responses.size === 0) this.onQuiet?.();
    stream?.closed();
  }

  /** Calls back once, when no response is under way. */
  whenQuiet(then: () => void): void {
    this.onQuiet = () => {
      this.onQuiet = null;
      then();
    };
    if (this.responses.size === 0) this.onQuiet();
  }

  /** Each holds what its agent does not read: one that only asks must not fill the memory. */
  makeRoom(): boolean {
    const [oldest] = this.resumed;
    if (this.room > 0 || oldest === undefined) return this.room > 0;
    this.resumed.delete(oldest);
    oldest.cut();
    return true;
  }

  /** Requests that no person holds up: one body. */
  async answerAtOnce(req: IncomingMessage, res: ServerResponse, posting: Posting): Promise<void> {
    const stop = (): void => sendHttpError(req, res, stopping);
    const answered = posting.requests.map(async (request) => {
      const own = this.enter(request.id, { wait: null, stop });
      const reply = await this.replyTo(request);
      this.leave(request.id, own);
      return responseOf(request.id, reply);
    });
    const responses = await Promise.all(answered);
    if (res.headersSent || res.destroyed) return;
    for (const response of responses) this.traffic(response);
    const { sessionId } = this.ports;
    res.writeHead(200, { ...safeHead, 'content-type': 'application/json', 'mcp-session-id': sessionId });
    res.end(JSON.stringify(posting.isBatch ? responses : responses[0]));
  }

  /** One request that waits for a call, on a stream of its own. */
  async answerWaiting(res: ServerResponse, request: AgentRequest, keyHeader: string | null): Promise<void> {
    const plan = await this.planFor(request, keyHeader);
    // Nothing begins any more, and `end` answers it; or its agent is gone before anything was begun for it.
    if (this.isOver || res.destroyed) return;
    if ('kind' in plan) return this.waitOn(res, { rpcId: request.id, plan, place: null });
    const stream = this.streamOn(res, nobody);
    this.say(stream, null, responseOf(request.id, plan));
    stream.end();
  }

  /** A stream taken up again. A newer one replaces an older: each message goes to one stream. */
  resume(res: ServerResponse, place: CallPlace, plan: WaitPlan): void {
    const older = this.byId.get(place.rpcId);
    this.waitOn(res, { rpcId: place.rpcId, plan, place });
    if (older?.wait?.id === place.callId) older.wait.drop();
  }

  /** Several requests in one body: their stream lives only in memory, and is not to be taken up again. */
  async answerBatch(res: ServerResponse, requests: readonly AgentRequest[]): Promise<void> {
    const delivers: CallId[] = [];
    const waits: CallWait[] = [];
    const stream = this.streamOn(res, {
      streamClosed: ({ wasTaken }) => {
        if (!wasTaken && !this.isOver) for (const wait of waits) wait.drop();
      },
    });
    stream.whenTaken(() => {
      for (const callId of delivers) this.delivered(callId);
    });
    stream.flush();
    await Promise.all(
      requests.map(async (request) => {
        const answer = await this.answerOneOf(request, { waits, stream });
        if (answer.reply === null || !this.say(stream, null, responseOf(request.id, answer.reply))) return;
        if (answer.delivers !== null) delivers.push(answer.delivers);
      }),
    );
    stream.end();
  }

  /** The agent cancelled one of its requests. */
  cancel(id: RpcId, reason: string): void {
    const wait = this.byId.get(id)?.wait;
    if (wait !== null && wait !== undefined) return wait.cancel(reason);
    const callId = this.left.get(id);
    if (callId === undefined) return;
    this.left.delete(id);
    this.cancelled.set(id, callId);
    const { desk, agent, log } = this.ports;
    desk
      .cancel(agent, callId, reason)
      .catch((error: unknown) => log.error({ error, callId }, 'a cancel could not be carried out'));
  }

  /** We stop: who can come back is told to, who cannot gets what can be said now. */
  stop(): void {
    this.isOver = true;
    for (const request of this.open) request.stop();
  }

  /** Ends what is still open; who heard nothing yet hears why. */
  end(why: HttpError): void {
    this.isOver = true;
    for (const res of this.responses.keys()) {
      if (res.headersSent) res.end();
      else sendHttpError(res.req, res, why);
    }
  }

  settled(waiting: Waiting): void {
    const { rpcId, wait } = waiting;
    this.leave(rpcId, waiting);
    if (wait.endsItsCall && wait.id !== null) this.cancelled.set(rpcId, wait.id);
  }

  closed(waiting: Waiting): void {
    this.resumed.delete(waiting);
  }

  broken({ rpcId, wait }: Waiting): void {
    if (this.isOver) return;
    if (wait.id !== null && wait.kind === 'call') this.left.set(rpcId, wait.id);
    wait.drop();
  }

  failed(callId: CallId | null, error: unknown): void {
    this.ports.log.error({ error, callId }, 'a call of an agent could not be answered');
  }

  delivered(callId: CallId): void {
    const { desk, log } = this.ports;
    desk.delivered(callId).catch((error: unknown) => log.error({ error, callId }, 'a delivery was not recorded'));
  }

  private streamOn(res: ServerResponse, owner: StreamOwner): EventStream {
    const stream = new EventStream(res, this.streaming, owner);
    this.responses.set(res, stream);
    return stream;
  }

  /** Returns at once: what is held of a request while people think is little, and its arguments are not among it. */
  private waitOn(
    res: ServerResponse,
    how: { readonly rpcId: RpcId; readonly plan: WaitPlan; readonly place: CallPlace | null },
  ): void {
    const { rpcId, place } = how;
    const waiting = new Waiting(res, how, this);
    this.responses.set(res, waiting.stream);
    if (place !== null) {
      this.resumed.add(waiting);
      waiting.goOn(place);
    }
    this.enter(rpcId, waiting);
    waiting.begin();
  }

  private async answerOneOf(
    request: AgentRequest,
    on: { readonly waits: CallWait[]; readonly stream: EventStream },
  ): Promise<Answer> {
    const { waits, stream } = on;
    const plan = this.ports.answerer.isWaiting(request) ? await this.planFor(request, null) : null;
    if (plan === null || !('kind' in plan)) {
      const own = this.enter(request.id, { wait: null, stop: () => undefined });
      const reply = plan ?? (await this.replyTo(request));
      this.leave(request.id, own);
      return { reply, delivers: null };
    }
    const wait = this.ports.answerer.wait(plan, {
      received: () => undefined,
      progress: (params) => {
        if (!stream.isBehind) this.say(stream, null, { jsonrpc: '2.0', method: 'notifications/progress', params });
      },
    });
    waits.push(wait);
    const own = this.enter(request.id, { wait, stop: () => wait.hurry() });
    const answer = await this.run(wait);
    this.leave(request.id, own);
    return answer;
  }

  /** An id that another request holds stays that one's: only a newer stream of the same call takes it over. */
  private enter<R extends OpenRequest>(id: RpcId, request: R): R {
    this.open.add(request);
    const holder = this.byId.get(id);
    if (holder !== undefined && (holder.wait === null || holder.wait.id !== request.wait?.id)) return request;
    this.byId.set(id, request);
    this.left.delete(id);
    return request;
  }

  private leave(id: RpcId, request: OpenRequest): void {
    this.open.delete(request);
    if (this.byId.get(id) === request) this.byId.delete(id);
  }

  private run(wait: CallWait): Promise<Answer> {
    return new Promise((resolve) => {
      const failed = (error: unknown): void => {
        this.failed(wait.id, error);
        resolve({ reply: failedReply, delivers: null });
      };
      wait.run({ answered: resolve, failed });
    });
  }

  private async planFor(request: AgentRequest, keyHeader: string | null): Promise<WaitPlan | Reply> {
    try {
      return await this.ports.answerer.plan(request, keyHeader);
    } catch (error) {
      this.ports.log.error({ error, method: request.method }, 'a request of an agent failed');
      return failedReply;
    }
  }

  private async replyTo(request: AgentRequest): Promise<Reply> {
    try {
      return await this.ports.answerer.answer(request);
    } catch (error) {
      this.ports.log.error({ error, method: request.method }, 'a request of an agent failed');
      return failedReply;
    }
  }

  private say(stream: EventStream, id: string | null, message: JsonObject): boolean {
    if (stream.isOver) return false;
    this.traffic(message);
    stream.message(id, textOfMessage(message));
    return true;
  }

  private traffic(message: Json): void {
    this.ports.desk.traffic(this.ports.sessionId, { direction: 'out', message });
  }
}

/** Of a stream that nothing waits on. */
const nobody: StreamOwner = { streamClosed: () => undefined };
