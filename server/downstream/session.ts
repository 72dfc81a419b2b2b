import type { IncomingMessage, ServerResponse } from 'node:http';
import type { SessionId } from '@/lib/domain/ids';
import type { Json, JsonObject } from '@/lib/domain/json';
import { agentToolName } from '@/lib/domain/tool';
import type { AgentDesk, AgentIdentity, CallStatus, SessionListener } from '@/server/engine/ports/agents';
import type { Clock } from '@/server/engine/ports/clock';
import type { Log } from '@/server/engine/ports/log';
import type { Answerer } from './answerer';
import type { WaitPlan } from './call-wait';
import type { Capabilities } from './capabilities';
import { safeHead } from './head';
import {
  discardRest,
  type HttpError,
  httpErrorOf,
  refusedCode,
  sendHttpError,
  sessionNotFound,
  stopping,
  tooManyStreams,
} from './http-error';
import type { KeepAlive } from './keep-alive';
import { isWanted } from './log-level';
import { type AgentMessage, isRpcId } from './message';
import { readPosting } from './posting';
import { Requests } from './requests';
import { StandaloneStream } from './standalone-stream';
import { type CallPlace, readEventId, type StandalonePlace } from './stream-place';
import { bearsPriming, knowsBatches } from './version';

export interface SessionParts {
  readonly sessionId: SessionId;
  readonly agent: AgentIdentity;
  readonly scope: string | null;
  readonly protocolVersion: string;
  readonly capabilities: Capabilities;
  readonly answerer: Answerer;
  readonly desk: AgentDesk;
  readonly clock: Clock;
  readonly log: Log;
  readonly keepAlive: KeepAlive;
  /** Names this process, for places in streams that live in its memory. */
  readonly epoch: string;
  readonly requestsMost: number;
  readonly onClosed: () => void;
}

/** How long responses on their way may still take once a session has ended, or we stop. */
const farewellMs = 2_000;
const stopWithinMs = 500;
const comeBackMs = 1_000;

/** One agent's session on the wire. */
export class AgentSession implements SessionListener {
  readonly scope: string | null;
  private readonly requests: Requests;
  private readonly standalone: StandaloneStream;
  private state: 'open' | 'ending' | 'closed' = 'open';

  constructor(private readonly parts: SessionParts) {
    this.scope = parts.scope;
    const primes = bearsPriming(parts.protocolVersion);
    this.requests = new Requests({ ...parts, bearsPriming: primes, most: parts.requestsMost });
    this.standalone = new StandaloneStream({ ...parts, bearsPriming: primes });
  }

  /** A POST of this session, its body read. */
  async post(req: IncomingMessage, res: ServerResponse, json: unknown): Promise<void> {
    const { requests } = this;
    const { answerer } = this.parts;
    const posting = readPosting(json, {
      batches: knowsBatches(this.parts.protocolVersion),
      isTaken: (id) => requests.isTaken(id),
      room: requests.room,
    });
    if ('status' in posting) return sendHttpError(req, res, posting);
    for (const message of posting.raw) this.traffic('in', message);
    for (const notification of posting.notifications) this.notified(notification);
    const [first] = posting.requests;
    if (first === undefined) {
      res.writeHead(202, safeHead).end();
      return;
    }
    // Its agent is gone before anything was begun for it.
    if (res.destroyed) return;
    requests.follow(res, null);
    if (!posting.requests.some((request) => answerer.isWaiting(request)))
      return requests.answerAtOnce(req, res, posting);
    if (posting.isBatch) return requests.answerBatch(res, posting.requests);
    const key = req.headers['idempotency-key'];
    return requests.answerWaiting(res, first, typeof key === 'string' ? key : null);
  }

  /** A GET of this session: its standalone stream, or the stream of a call taken up again. */
  async get(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const cursor = req.headers['last-event-id'];
    if (typeof cursor !== 'string' || cursor === '') return this.openStandalone(req, res, null);
    const found = readEventId(cursor);
    if (found === null) return sendHttpError(req, res, unknownPlace);
    return found.stream === 'call'
      ? this.resumeCall(req, res, found.place)
      : this.openStandalone(req, res, found.place);
  }

  /** We stop: agents with a place come back, the others get what can be said. */
  async stop(): Promise<void> {
    const { clock } = this.parts;
    this.standalone.interrupt(comeBackMs);
    this.requests.stop();
    await new Promise<void>((resolve) => {
      const late = clock.after(stopWithinMs, resolve);
      this.requests.whenQuiet(() => {
        late();
        resolve();
      });
    });
    this.close(stopping);
  }

  private close(why: HttpError): void {
    if (this.state === 'closed') return;
    this.state = 'closed';
    this.standalone.end();
    this.requests.end(why);
    this.parts.onClosed();
  }

  private openStandalone(req: IncomingMessage, res: ServerResponse, from: StandalonePlace | null): void {
    if (res.destroyed) return;
    const comeback = from === null ? 'ok' : this.standalone.comeback(from);
    if (comeback === 'unknown') return sendHttpError(req, res, unknownPlace);
    if (!this.requests.makeRoom()) return sendHttpError(req, res, tooManyStreams);
    discardRest(req);
    this.requests.follow(res, this.standalone.open(res, from));
    // What it missed while we were away is not known: it looks again at what may have changed.
    if (comeback === 'elsewhere') this.listChanged('tools');
  }

  private async resumeCall(req: IncomingMessage, res: ServerResponse, place: CallPlace): Promise<void> {
    const { sessionId, agent, desk } = this.parts;
    if (place.sessionId !== sessionId) return sendHttpError(req, res, unknownPlace);
    const status = await desk.status(agent, place.callId);
    if (!status.ok)
      return sendHttpError(req, res, status.code === 'not_found' ? unknownPlace : httpErrorOf(status, null));
    if (res.destroyed) return;
    if (place.isEnd || this.requests.wasCancelled(place)) {
      // 204 tells an SSE client that there is nothing to come back for.
      discardRest(req);
      res.writeHead(204, safeHead).end();
      return;
    }
    if (!this.requests.makeRoom()) return sendHttpError(req, res, tooManyStreams);
    discardRest(req);
    this.requests.follow(res, null);
    return this.requests.resume(res, place, this.planFrom(place, status.value));
  }

  private planFrom({ kind, callId, progressToken, figure }: CallPlace, { call }: CallStatus): WaitPlan {
    const tool = this.scope === null ? agentToolName(call.server, call.tool) : call.tool;
    return {
      kind,
      from: { start: 'attach', callId },
      tool: kind === 'call' ? tool : null,
      progressToken,
      figure,
      holdMs: kind === 'call' || kind === 'await' ? this.parts.answerer.holdOf(progressToken) : null,
    };
  }

  private notified({ method, params }: Extract<AgentMessage, { readonly kind: 'notification' }>): void {
    const { requestId, reason } = params;
    if (method !== 'notifications/cancelled' || !isRpcId(requestId)) return;
    this.requests.cancel(requestId, typeof reason === 'string' && reason !== '' ? reason : 'no reason given');
  }

  private traffic(direction: 'in' | 'out', message: Json): void {
    this.parts.desk.traffic(this.parts.sessionId, { direction, message });
  }

  private tell(method: string, params: JsonObject | null): void {
    if (this.state !== 'open') return;
    const message = { jsonrpc: '2.0', method, ...(params === null ? {} : { params }) };
    this.traffic('out', message);
    this.standalone.send(JSON.stringify(message));
  }

  listChanged(what: 'tools' | 'prompts' | 'resources'): void {
    if (this.parts.capabilities.mayOffer(what)) this.tell(`notifications/${what}/list_changed`, null);
  }

  notification(method: string, params: JsonObject): void {
    this.tell(method, params);
  }

  log(server: string, entry: Parameters<SessionListener['log']>[1]): void {
    const { capabilities, answerer } = this.parts;
    if (!capabilities.mayOffer('logging') || !isWanted(entry.level, answerer.logLevel)) return;
    const own = entry.logger === null ? server : `${server}/${entry.logger}`;
    const logger = this.scope === null ? own : entry.logger;
    this.tell('notifications/message', {
      level: entry.level,
      ...(logger === null ? {} : { logger }),
      data: entry.data,
    });
  }

  /** The engine settled every call before it says so: their responses leave first, then the streams close. */
  ended(): void {
    if (this.state !== 'open') return;
    this.state = 'ending';
    this.standalone.end();
    const late = this.parts.clock.after(farewellMs, () => this.close(sessionNotFound));
    this.requests.whenQuiet(() => {
      late();
      this.close(sessionNotFound);
    });
  }
}

/** Without the word session: some clients take that for the end of theirs. */
const unknownPlace: HttpError = {
  status: 400,
  code: refusedCode,
  message: 'This Last-Event-ID is not known (any more): the stream cannot be taken up again.',
};
