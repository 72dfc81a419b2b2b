import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CallId, SessionId } from '@/lib/domain/ids';
import type { Json, JsonObject } from '@/lib/domain/json';
import type { AgentDesk, AgentIdentity } from '@/server/engine/ports/agents';
import type { Log } from '@/server/engine/ports/log';
import type { Answerer } from './answerer';
import { BoundedMap } from './bounded-map';
import { CallStream, type StreamOwner } from './call-stream';
import type { Answer, CallWait, WaitPlan } from './call-wait';
import { EventStream } from './event-stream';
import { type HttpError, sendHttpError, stopping } from './http-error';
import type { KeepAlive } from './keep-alive';
import type { AgentRequest, RpcId } from './message';
import { failedReply, type Reply, responseOf, stoppingReply } from './outcome';
import type { Posting } from './posting';
import type { CallPlace } from './stream-place';

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
  readonly stop: () => void;
}

/** Agents come back after this from a stream that we ended because we stop. */
const comeBackMs = 1_000;
/** Calls of which it is remembered that their agent left, or cancelled. */
const rememberedMost = 1_000;

/**
 * The requests of one session that are not answered yet. Held is only what is open now: the stream of a call can be
 * taken up again from its event ids alone, here or after a restart, because the call itself is kept by the engine.
 */
export class Requests {
  private readonly open = new Set<OpenRequest>();
  private readonly byId = new Map<RpcId, OpenRequest>();
  private readonly responses = new Set<ServerResponse>();
  /** Streams that were taken up again, the oldest first. */
  private readonly resumed = new Set<EventStream>();
  /** Calls whose streams broke, for a cancel that names only the request. */
  private readonly left = new BoundedMap<RpcId, CallId>(rememberedMost);
  /** By request, each with its call: another request may wait for the same call. */
  private readonly cancelled = new BoundedMap<RpcId, CallId>(rememberedMost);
  /** We ended its streams ourselves: the agent did not leave. */
  private isOver = false;
  private onQuiet: (() => void) | null = null;

  /** The same for every stream of the session. */
  private readonly voicing: StreamOwner;

  constructor(private readonly ports: RequestsPorts) {
    const { sessionId, bearsPriming } = ports;
    this.voicing = { sessionId, bearsPriming, say: (stream, id, message) => this.say(stream, id, message) };
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
  follow(res: ServerResponse): void {
    this.responses.add(res);
    res.once('close', () => {
      this.responses.delete(res);
      if (this.responses.size === 0) this.onQuiet?.();
    });
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
    res.writeHead(200, { 'content-type': 'application/json', 'mcp-session-id': this.ports.sessionId });
    res.end(JSON.stringify(posting.isBatch ? responses : responses[0]));
  }

  /** One request that waits for a call, on a stream of its own. */
  async answerWaiting(res: ServerResponse, request: AgentRequest, keyHeader: string | null): Promise<void> {
    const plan = await this.planFor(request, keyHeader);
    // Nothing begins any more; `end` answers it.
    if (this.isOver) return;
    if ('kind' in plan) return this.waitOn(res, { rpcId: request.id, plan, place: null });
    const stream = new EventStream(res, this.ports);
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
    const stream = new EventStream(res, this.ports);
    const delivers: CallId[] = [];
    const waits: CallWait[] = [];
    res.once('finish', () => {
      for (const callId of delivers) this.delivered(callId);
    });
    res.once('close', () => {
      if (!res.writableFinished && !this.isOver) for (const wait of waits) wait.drop();
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
    for (const { stop } of this.open) stop();
  }

  /** Ends what is still open; who heard nothing yet hears why. */
  end(why: HttpError): void {
    this.isOver = true;
    for (const res of this.responses) {
      if (res.headersSent) res.end();
      else sendHttpError(res.req, res, why);
    }
  }

  /** Returns at once: what it holds on to while people think is little, and the agent's arguments are not among it. */
  private waitOn(
    res: ServerResponse,
    how: { readonly rpcId: RpcId; readonly plan: WaitPlan; readonly place: CallPlace | null },
  ): void {
    const { rpcId, plan, place } = how;
    const stream = new EventStream(res, this.ports);
    const voice = new CallStream(
      { kind: plan.kind, rpcId, progressToken: plan.progressToken },
      { stream, owner: this.voicing },
    );
    const wait = this.ports.answerer.wait(plan, voice);
    if (place !== null) {
      this.resumed.add(stream);
      voice.resume(place);
    }
    const own = this.enter(rpcId, { wait, stop: () => stopWaiting(wait, { stream, voice }) });
    res.once('close', () => {
      this.resumed.delete(stream);
      if (!res.writableFinished) this.gone(rpcId, wait);
    });
    this.run(wait)
      .then((answer) => {
        this.leave(rpcId, own);
        if (wait.endsItsCall && wait.id !== null) this.cancelled.set(rpcId, wait.id);
        // MCP wants no response to a cancelled request; its stream ends.
        if (answer.reply === null || wait.cancelled) return stream.end();
        if (!voice.respond(answer.reply, wait.id ?? answer.delivers)) return;
        const { delivers } = answer;
        if (delivers !== null) res.once('finish', () => this.delivered(delivers));
      })
      .catch((error: unknown) => {
        this.ports.log.error({ error, callId: wait.id }, 'a call of an agent could not be answered');
        stream.cut();
      });
  }

  private gone(rpcId: RpcId, wait: CallWait): void {
    if (this.isOver) return;
    if (wait.id !== null && wait.kind === 'call') this.left.set(rpcId, wait.id);
    wait.drop();
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
  private enter(id: RpcId, request: OpenRequest): OpenRequest {
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

  private async run(wait: CallWait): Promise<Answer> {
    try {
      return await wait.run();
    } catch (error) {
      this.ports.log.error({ error, callId: wait.id }, 'a call of an agent failed');
      return { reply: failedReply, delivers: null };
    }
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
    stream.message(id, JSON.stringify(message));
    return true;
  }

  private traffic(message: Json): void {
    this.ports.desk.traffic(this.ports.sessionId, { direction: 'out', message });
  }

  /** These bytes are the operating system's now. */
  private delivered(callId: CallId): void {
    const { desk, log } = this.ports;
    desk.delivered(callId).catch((error: unknown) => log.error({ error, callId }, 'a delivery was not recorded'));
  }
}

function stopWaiting(wait: CallWait, on: { readonly stream: EventStream; readonly voice: CallStream }): void {
  if (on.voice.hasPlace) return on.stream.interrupt(comeBackMs);
  // Nothing is recorded that it could come back to.
  if (wait.id === null) return void on.voice.respond(stoppingReply, null);
  wait.hurry();
}
