import type { IncomingMessage, ServerResponse } from 'node:http';
import { isInitializeRequest, SUPPORTED_PROTOCOL_VERSIONS } from '@modelcontextprotocol/sdk/types.js';
import { readId, type SessionId } from '@/lib/domain/ids';
import type { JsonObject } from '@/lib/domain/json';
import { done, type Result } from '@/lib/domain/refusal';
import type { AgentDesk, AgentIdentity, SessionListener } from '@/server/engine/ports/agents';
import type { Clock } from '@/server/engine/ports/clock';
import type { Directory } from '@/server/engine/ports/directory';
import type { Log } from '@/server/engine/ports/log';
import type { Settings } from '@/server/engine/ports/servers';
import { Answerer } from './answerer';
import { bearerOf } from './bearer';
import { readJsonBody } from './body';
import {
  discardRest,
  type HttpError,
  httpErrorOf,
  internalErrorCode,
  invalidParamsCode,
  invalidRequestCode,
  refusedCode,
  sendHttpError,
  sessionNotFound,
} from './http-error';
import { isRpcId } from './message';
import { AgentSession } from './session';
import { type Welcome, welcomeToAll, welcomeToOne } from './welcome';

export interface AgentEndpointParts {
  readonly desk: AgentDesk;
  readonly agentOf: Directory['agentOf'];
  readonly settings: Settings;
  readonly log: Log;
  readonly clock: Clock;
  /** Holdpoint's own, for `serverInfo`. */
  readonly version: string;
  /** Origins of pages that may act as agents; none unless given. Programs send no Origin. */
  readonly allowedOrigins?: readonly string[];
}

export interface AgentEndpoint {
  /** Answers a request for `/mcp` or `/mcp/{server}`. Never throws. */
  handle(req: IncomingMessage, res: ServerResponse): Promise<void>;
  /** Closes every stream; later requests are told that Holdpoint is stopping. */
  stop(): Promise<void>;
}

/** What JSON-RPC puts around the arguments, and `_meta`. */
const envelopeBytes = 64 * 1024;
const bodyWithinMs = 60_000;
const sweepMs = 60_000;
/** Lists and reads beside the open calls. */
const otherRequestsMost = 32;

interface Contact {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly agent: AgentIdentity;
  readonly scope: string | null;
}

/** The agent-facing MCP endpoint of the stateful era. */
export function createAgentEndpoint(parts: AgentEndpointParts): AgentEndpoint {
  return new Endpoint(parts);
}

class Endpoint implements AgentEndpoint {
  private readonly sessions = new Map<SessionId, AgentSession>();
  private stopped = false;
  private stopSweep: () => void = () => undefined;

  constructor(private readonly parts: AgentEndpointParts) {
    this.sweep();
  }

  async handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const { log } = this.parts;
    res.on('error', (error) => log.debug({ error: error.message }, 'an agent’s response broke'));
    try {
      const contact = await this.admit(req, res);
      if ('status' in contact) return sendHttpError(req, res, contact);
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
    this.stopSweep();
    for (const session of [...this.sessions.values()]) session.close();
  }

  /** Who is asking, and for what; checked on every request (I11). */
  private async admit(req: IncomingMessage, res: ServerResponse): Promise<Contact | HttpError> {
    if (this.stopped)
      return {
        status: 503,
        code: refusedCode,
        message: 'Holdpoint is stopping. Try again in a moment.',
        data: { code: 'stopping' },
      };
    const { origin } = req.headers;
    if (origin !== undefined && !(this.parts.allowedOrigins ?? []).includes(origin)) {
      return {
        status: 403,
        code: refusedCode,
        message: 'Requests from web pages are not accepted: this Origin is not allowed.',
      };
    }
    const place = placeOf(req.url ?? '');
    if (place === null)
      return {
        status: 404,
        code: refusedCode,
        message: 'Nothing here. MCP is at /mcp, one server alone at /mcp/{server}.',
      };
    const key = bearerOf(req.headers);
    let agent: AgentIdentity | null;
    try {
      agent = key === null ? null : await this.parts.agentOf(key);
    } catch (error) {
      this.parts.log.error({ err: error }, 'an agent could not be recognised');
      return databaseAway;
    }
    if (agent === null) return unauthorized(key === null);
    return { req, res, agent, ...place };
  }

  private async route(contact: Contact): Promise<void> {
    const { req, res } = contact;
    switch (req.method) {
      case 'POST':
        return this.post(contact);
      case 'GET':
        return this.withSession(contact, (session) => session.get(req, res));
      case 'DELETE':
        return this.withSession(contact, (_session, sessionId) => this.delete(contact, sessionId));
      default:
        return sendHttpError(req, res, {
          status: 405,
          code: refusedCode,
          message: 'Method not allowed.',
          headers: { allow: 'GET, POST, DELETE' },
        });
    }
  }

  private async delete({ req, res }: Contact, sessionId: SessionId): Promise<void> {
    await this.parts.desk.close(sessionId, 'the agent ended its session');
    res.writeHead(200).end();
    discardRest(req);
  }

  private async post(contact: Contact): Promise<void> {
    const { req, res } = contact;
    const reading = await readJsonBody(req, {
      bytes: this.parts.settings.limits.argumentsBytes + envelopeBytes,
      withinMs: bodyWithinMs,
    });
    if (!reading.ok) return reading.error === null ? undefined : sendHttpError(req, res, reading.error);
    const { json } = reading;
    if (req.headers['mcp-session-id'] === undefined && isInitialize(json)) return this.open(contact, json);
    return this.withSession(contact, (session) => session.post(req, res, json));
  }

  private async withSession(
    contact: Contact,
    act: (session: AgentSession, sessionId: SessionId) => Promise<void>,
  ): Promise<void> {
    const { req, res, agent, scope } = contact;
    const version = req.headers['mcp-protocol-version'];
    if (version !== undefined && !SUPPORTED_PROTOCOL_VERSIONS.includes(String(version)))
      return sendHttpError(req, res, unsupportedVersion);
    const given = req.headers['mcp-session-id'];
    if (given === undefined) return sendHttpError(req, res, missingSession);
    const sessionId = readId('session', given);
    const session = sessionId === null ? undefined : this.sessions.get(sessionId);
    // Another agent's session reads exactly as one that never was.
    if (
      sessionId === null ||
      session === undefined ||
      session.scope !== scope ||
      !this.parts.desk.owns(agent.id, sessionId)
    ) {
      return sendHttpError(req, res, sessionNotFound);
    }
    this.parts.desk.touch(sessionId);
    return act(session, sessionId);
  }

  /** `initialize` without a session: opens one, and lets it answer. */
  private async open({ req, res, agent, scope }: Contact, initialize: JsonObject): Promise<void> {
    const id = isRpcId(initialize['id']) ? initialize['id'] : 0;
    if (!isInitializeRequest(initialize)) {
      return sendHttpError(req, res, {
        status: 400,
        code: invalidParamsCode,
        message: 'initialize needs protocolVersion, capabilities and clientInfo with a name and a version.',
        id,
      });
    }
    const { name, version } = initialize.params.clientInfo;
    const line = new SessionLine();
    const opened = await this.parts.desk.open(agent, { client: { name, version }, scope }, line);
    if (!opened.ok) return sendHttpError(req, res, httpErrorOf(opened, id));
    const sessionId = opened.value;
    const welcome = await this.welcome(scope, sessionId);
    if (!welcome.ok || this.stopped) {
      await this.parts.desk.close(sessionId, 'it could not be opened');
      return sendHttpError(req, res, welcome.ok ? sessionNotFound : httpErrorOf(welcome, id));
    }
    const session = this.sessionOf(sessionId, scope, welcome.value);
    this.sessions.set(sessionId, session);
    line.connect(session);
    // Refused by the transport (its headers were wrong), nobody will ever come back to it.
    res.once('close', () => {
      if (session.protocolVersion !== '') return;
      session.close();
      this.parts.desk
        .close(sessionId, 'its initialize was refused')
        .catch((error: unknown) => this.parts.log.error({ error, sessionId }, 'a session did not close'));
    });
    return session.post(req, res, initialize);
  }

  private async welcome(scope: string | null, sessionId: SessionId): Promise<Result<Welcome>> {
    return scope === null ? done(welcomeToAll(this.parts.version)) : welcomeToOne(this.parts.desk, sessionId);
  }

  private sessionOf(sessionId: SessionId, scope: string | null, welcome: Welcome): AgentSession {
    const { desk, clock, settings } = this.parts;
    const log = this.parts.log.child({ sessionId });
    const onError = (error: unknown): void => log.error({ error }, 'a call of an agent failed');
    return new AgentSession(
      {
        sessionId,
        scope,
        capabilities: welcome.capabilities,
        desk,
        clock,
        log,
        requestsMost: settings.limits.openCallsPerSession + otherRequestsMost,
        onClosed: () => this.sessions.delete(sessionId),
      },
      new Answerer({ desk, sessionId, welcome, onError }),
    );
  }

  private sweep(): void {
    this.stopSweep = this.parts.clock.after(sweepMs, () => {
      for (const session of this.sessions.values()) session.forgetOldEvents();
      this.sweep();
    });
  }
}

/** The engine may speak before the session it opened stands; only its end must not be missed. */
class SessionLine implements SessionListener {
  private session: AgentSession | null = null;
  private over = false;

  connect(session: AgentSession): void {
    this.session = session;
    if (this.over) session.ended();
  }

  listChanged(what: 'tools' | 'prompts' | 'resources'): void {
    this.session?.listChanged(what);
  }

  notification(method: string, params: JsonObject): void {
    this.session?.notification(method, params);
  }

  log(server: string, entry: Parameters<SessionListener['log']>[1]): void {
    this.session?.log(server, entry);
  }

  ended(): void {
    this.over = true;
    this.session?.ended();
  }
}

/** `/mcp` is all servers, `/mcp/{server}` one. */
function placeOf(url: string): { readonly scope: string | null } | null {
  const path = url.split(/[?#]/, 1)[0] ?? '';
  const match = /^\/mcp(?:\/([^/]*))?\/?$/.exec(path);
  if (match === null) return null;
  const name = match[1] ?? '';
  if (name === '') return { scope: null };
  try {
    return { scope: decodeURIComponent(name) };
  } catch {
    return null;
  }
}

function isInitialize(json: unknown): json is JsonObject {
  return typeof json === 'object' && json !== null && 'method' in json && json.method === 'initialize' && 'id' in json;
}

function unauthorized(missing: boolean): HttpError {
  const challenge = 'Bearer realm="holdpoint"';
  return {
    status: 401,
    code: refusedCode,
    message: missing
      ? 'An API key is needed: send it as "Authorization: Bearer <key>". An admin makes one in Holdpoint, under Agents.'
      : 'This API key is not known, or was revoked. Check the Authorization header, or ask an admin for a new key.',
    data: { code: 'bad_key' },
    headers: { 'www-authenticate': missing ? challenge : `${challenge}, error="invalid_token"` },
  };
}

const databaseAway: HttpError = {
  status: 503,
  code: refusedCode,
  message: 'The database cannot be reached right now, so this API key cannot be checked. Try again in a moment.',
  data: { code: 'cannot_save' },
  headers: { 'retry-after': '5' },
};

const missingSession: HttpError = {
  status: 400,
  code: invalidRequestCode,
  message:
    'The Mcp-Session-Id header is missing. Send initialize first, then the session id it returned with every request.',
};

const unsupportedVersion: HttpError = {
  status: 400,
  code: refusedCode,
  message: `Unsupported protocol version. Supported: ${SUPPORTED_PROTOCOL_VERSIONS.join(', ')}.`,
  data: { supported: SUPPORTED_PROTOCOL_VERSIONS },
};
