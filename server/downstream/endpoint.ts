import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isInitializeRequest } from '@modelcontextprotocol/sdk/types.js';
import { readId, type SessionId } from '@/lib/domain/ids';
import type { Json, JsonObject } from '@/lib/domain/json';
import { done, type Result, refuse } from '@/lib/domain/refusal';
import type { AgentDesk, AgentHello, AgentIdentity } from '@/server/engine/ports/agents';
import type { Clock } from '@/server/engine/ports/clock';
import type { Settings } from '@/server/engine/ports/servers';
import type { ToolOffers } from '@/server/engine/ports/tool-offers';
import { AgentPaces } from './agent-paces';
import { Answerer } from './answerer';
import { readJsonBody } from './body';
import { Capabilities } from './capabilities';
import { acceptProblem, admit, type Contact, type DoorParts, headerProblem, methodNotAllowed } from './door';
import { safeHead } from './head';
import {
  discardRest,
  httpErrorOf,
  internalErrorCode,
  invalidParamsCode,
  invalidRequest,
  sendHttpError,
  sessionNotFound,
  stopping,
  tooFast,
} from './http-error';
import { KeepAlive } from './keep-alive';
import { isRpcId, readMessage } from './message';
import { patienceOf } from './patience';
import { AgentSession } from './session';
import { SessionLine } from './session-line';
import { agreedVersion } from './version';
import { type Welcome, welcome } from './welcome';

export interface AgentEndpointParts extends DoorParts {
  readonly desk: AgentDesk;
  readonly offers: ToolOffers;
  readonly settings: Settings;
  readonly clock: Clock;
  /** Holdpoint's own, for `serverInfo`. */
  readonly version: string;
}

export interface AgentEndpoint {
  /** Answers a request for `/mcp` or `/mcp/{server}`. Never throws. */
  handle(req: IncomingMessage, res: ServerResponse): Promise<void>;
  /** Ends every stream so that its agent comes back to it; later requests are told that Holdpoint is stopping. */
  stop(): Promise<void>;
}

/** What JSON-RPC puts around the arguments, and `_meta`. */
const envelopeBytes = 64 * 1024;
const bodyWithinMs = 60_000;
const postBurstSeconds = 20;
/** After a restart of ours an agent comes back to all of its streams at once, and that is no flood. */
const streamBurstSeconds = 100;
/** Lists and reads beside the open calls. */
const otherRequestsMost = 32;

/** The agent-facing MCP endpoint of the stateful era. */
export function createAgentEndpoint(parts: AgentEndpointParts): AgentEndpoint {
  return new Endpoint(parts);
}

class Endpoint implements AgentEndpoint {
  private readonly sessions = new Map<SessionId, AgentSession>();
  /** Sessions being taken up again, by agent and session: one agent's asking never answers for another's. */
  private readonly resuming = new Map<string, Promise<Result<AgentSession>>>();
  private readonly keepAlive: KeepAlive;
  private readonly posts: AgentPaces;
  private readonly streams: AgentPaces;
  private readonly epoch = randomBytes(6).toString('base64url');
  /** One for all responses. */
  private readonly onResponseError: (error: Error) => void;
  private stopped = false;

  constructor(private readonly parts: AgentEndpointParts) {
    const { clock, log } = parts;
    this.keepAlive = new KeepAlive(clock);
    const { requestsPerSecond: perSecond } = parts.settings.limits;
    this.posts = new AgentPaces(clock, { perSecond, burstSeconds: postBurstSeconds });
    this.streams = new AgentPaces(clock, { perSecond, burstSeconds: streamBurstSeconds });
    this.onResponseError = (error) => log.debug({ error: error.message }, 'an agent’s response broke');
  }

  async handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const { log } = this.parts;
    res.on('error', this.onResponseError);
    try {
      if (this.stopped) return sendHttpError(req, res, stopping);
      const contact = await admit(req, res, this.parts);
      if ('status' in contact) return sendHttpError(req, res, contact);
      const paces = req.method === 'GET' ? this.streams : this.posts;
      if (!paces.take(contact.agent.id))
        return sendHttpError(req, res, tooFast(this.parts.settings.limits.requestsPerSecond));
      await this.route(contact);
    } catch (error) {
      log.error({ error, method: req.method }, 'a request of an agent failed');
      sendHttpError(req, res, {
        status: 500,
        code: internalErrorCode,
        message: 'Holdpoint failed on this request. It has been logged.',
      });
    }
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.all([...this.sessions.values()].map((session) => session.stop()));
    this.keepAlive.stop();
  }

  private async route(contact: Contact): Promise<void> {
    const { req, res } = contact;
    switch (req.method) {
      case 'POST':
        return this.post(contact);
      case 'GET':
        return this.withSession(contact, (session) => {
          const problem = acceptProblem(req);
          return problem === null ? session.get(req, res) : Promise.resolve(sendHttpError(req, res, problem));
        });
      case 'DELETE':
        return this.withSession(contact, (_session, sessionId) => this.delete(contact, sessionId));
      default:
        return sendHttpError(req, res, methodNotAllowed);
    }
  }

  private async delete({ req, res }: Contact, sessionId: SessionId): Promise<void> {
    await this.parts.desk.close(sessionId, 'the agent ended its session');
    res.writeHead(200, safeHead).end();
    discardRest(req);
  }

  private async post(contact: Contact): Promise<void> {
    const { req, res } = contact;
    const reading = await readJsonBody(req, {
      bytes: this.parts.settings.limits.argumentsBytes + envelopeBytes,
      withinMs: bodyWithinMs,
    });
    if (!reading.ok) return reading.error === null ? undefined : sendHttpError(req, res, reading.error);
    const problem = acceptProblem(req);
    if (problem !== null) return sendHttpError(req, res, problem);
    const { json } = reading;
    if (req.headers['mcp-session-id'] === undefined && isInitialize(json)) return this.open(contact, json);
    return this.withSession(contact, (session) => session.post(req, res, json));
  }

  private async withSession(
    contact: Contact,
    act: (session: AgentSession, sessionId: SessionId) => Promise<void>,
  ): Promise<void> {
    const { req, res, agent, scope } = contact;
    const problem = headerProblem(req);
    if (problem !== null) return sendHttpError(req, res, problem);
    const sessionId = readId('session', req.headers['mcp-session-id']);
    const session = sessionId === null ? refuse('not_found') : await this.find(agent, sessionId);
    if (this.stopped) return sendHttpError(req, res, stopping);
    if (!session.ok && session.code !== 'not_found' && session.code !== 'session_ended')
      return sendHttpError(req, res, httpErrorOf(session, null));
    // Another agent's session reads exactly as one that never was.
    if (
      sessionId === null ||
      !session.ok ||
      session.value.scope !== scope ||
      !this.parts.desk.owns(agent.id, sessionId)
    ) {
      return sendHttpError(req, res, sessionNotFound);
    }
    this.parts.desk.touch(sessionId);
    return act(session.value, sessionId);
  }

  /** The session as it stands here, or taken up again where only the engine knows it: we were restarted since. */
  private find(agent: AgentIdentity, sessionId: SessionId): Promise<Result<AgentSession>> {
    const known = this.sessions.get(sessionId);
    if (known !== undefined) return Promise.resolve(done(known));
    const asked = `${agent.id} ${sessionId}`;
    const underWay = this.resuming.get(asked);
    if (underWay !== undefined) return underWay;
    const resumed = this.resume(agent, sessionId).finally(() => this.resuming.delete(asked));
    this.resuming.set(asked, resumed);
    return resumed;
  }

  private async resume(agent: AgentIdentity, sessionId: SessionId): Promise<Result<AgentSession>> {
    const line = new SessionLine();
    const hello = await this.parts.desk.resume(agent, sessionId, line);
    if (!hello.ok) return hello;
    return done(this.stand(sessionId, { agent, hello: hello.value, line, welcome: null }));
  }

  /** `initialize` without a session: opens one. */
  private async open({ req, res, agent, scope }: Contact, initialize: JsonObject): Promise<void> {
    const message = readMessage(initialize);
    if (typeof message === 'string') return sendHttpError(req, res, invalidRequest(message));
    const id = isRpcId(initialize['id']) ? initialize['id'] : 0;
    if (!isInitializeRequest(initialize)) {
      return sendHttpError(req, res, {
        status: 400,
        code: invalidParamsCode,
        message: 'initialize needs protocolVersion, capabilities and clientInfo with a name and a version.',
        id,
      });
    }
    const { desk, version } = this.parts;
    const { clientInfo, protocolVersion: wanted } = initialize.params;
    const protocolVersion = agreedVersion(wanted);
    const hello = { client: { name: clientInfo.name, version: clientInfo.version }, scope, protocolVersion };
    const line = new SessionLine();
    const opened = await desk.open(agent, hello, line);
    if (!opened.ok) return sendHttpError(req, res, httpErrorOf(opened, id));
    const sessionId = opened.value;
    const welcomed = await welcome(desk, sessionId, { scope, protocolVersion, version });
    // Nobody would ever come back to it.
    if (!welcomed.ok || this.stopped || res.destroyed) {
      await desk.close(sessionId, 'it could not be opened');
      return sendHttpError(req, res, welcomed.ok ? stopping : httpErrorOf(welcomed, id));
    }
    this.stand(sessionId, { agent, hello, line, welcome: welcomed.value });
    desk.traffic(sessionId, { direction: 'in', message: initialize as Json });
    const { instructions, capabilities, serverInfo } = welcomed.value;
    const told = instructions === null ? {} : { instructions };
    const response = { jsonrpc: '2.0', id, result: { protocolVersion, capabilities, serverInfo, ...told } };
    desk.traffic(sessionId, { direction: 'out', message: response });
    res.writeHead(200, { ...safeHead, 'content-type': 'application/json', 'mcp-session-id': sessionId });
    res.end(JSON.stringify(response));
  }

  private stand(
    sessionId: SessionId,
    of: {
      readonly agent: AgentIdentity;
      readonly hello: AgentHello;
      readonly line: SessionLine;
      /** Null when it is taken up again: asked for when it is needed. */
      readonly welcome: Welcome | null;
    },
  ): AgentSession {
    const { desk, offers, clock, settings, version } = this.parts;
    const { agent, line } = of;
    const { scope, protocolVersion, client } = of.hello;
    const log = this.parts.log.child({ sessionId });
    const capabilities = new Capabilities(of.welcome?.capabilities ?? null, async () => {
      const welcomed = await welcome(desk, sessionId, { scope, protocolVersion, version });
      return welcomed.ok ? done(welcomed.value.capabilities) : welcomed;
    });
    const common = { sessionId, agent, scope, protocolVersion, capabilities, desk, clock, log };
    const session = new AgentSession({
      ...common,
      answerer: new Answerer({ ...common, offers, patience: patienceOf(settings.agents, client) }),
      keepAlive: this.keepAlive,
      epoch: this.epoch,
      requestsMost: settings.limits.openCallsPerSession + otherRequestsMost,
      onClosed: () => this.sessions.delete(sessionId),
    });
    this.sessions.set(sessionId, session);
    line.connect(session);
    return session;
  }
}

function isInitialize(json: unknown): json is JsonObject {
  return typeof json === 'object' && json !== null && 'method' in json && json.method === 'initialize' && 'id' in json;
}
