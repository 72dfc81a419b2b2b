import { LATEST_PROTOCOL_VERSION, SUPPORTED_PROTOCOL_VERSIONS } from '@modelcontextprotocol/sdk/types.js';
import type { SessionId } from '@/lib/domain/ids';
import { isJsonObject, type JsonObject } from '@/lib/domain/json';
import { agentToolName } from '@/lib/domain/tool';
import type { AgentDesk } from '@/server/engine/ports/agents';
import { invalidParamsCode, methodNotFoundCode } from './http-error';
import { isLogLevel } from './log-level';
import type { AgentMessage } from './message';
import { errorOfRefusal, type Reply } from './outcome';
import { readToolCall, ToolCall } from './tool-call';
import type { Welcome } from './welcome';

/** What an answer may change of its session. */
export interface AnswererSession {
  readonly scope: string | null;
  protocolVersion: string;
  logLevel: string | null;
}

export interface RequestHooks {
  readonly takeCall: (call: ToolCall) => void;
  /** Sends `notifications/progress` on the request's own stream. */
  readonly notify: (params: JsonObject) => void;
}

/** Answers the requests of one session. */
export class Answerer {
  constructor(
    private readonly ports: {
      readonly desk: AgentDesk;
      readonly sessionId: SessionId;
      readonly welcome: Welcome;
      readonly onError: (error: unknown) => void;
    },
  ) {}

  async answer(
    session: AnswererSession,
    request: Extract<AgentMessage, { kind: 'request' }>,
    hooks: RequestHooks,
  ): Promise<Reply> {
    const { method, params } = request;
    switch (method) {
      case 'initialize':
        return this.initialize(session, params);
      case 'ping':
        return { result: {} };
      case 'tools/list':
        return this.offers('tools') ? this.listTools(session.scope) : notOffered(method);
      case 'tools/call':
        return this.callTool(session.scope, params, hooks);
      case 'logging/setLevel':
        return this.offers('logging') ? this.setLevel(session, params) : notOffered(method);
      default:
        return session.scope === null ? notOffered(method) : this.passOn(method, params);
    }
  }

  private initialize(session: AnswererSession, params: JsonObject): Reply {
    const wanted = params['protocolVersion'];
    const { capabilities, serverInfo, instructions } = this.ports.welcome;
    session.protocolVersion =
      typeof wanted === 'string' && SUPPORTED_PROTOCOL_VERSIONS.includes(wanted) ? wanted : LATEST_PROTOCOL_VERSION;
    return {
      result: {
        protocolVersion: session.protocolVersion,
        capabilities,
        serverInfo,
        ...(instructions === null ? {} : { instructions }),
      },
    };
  }

  /** Definitions are passed on whole; only the name says, on `/mcp`, whose tool it is. */
  private async listTools(scope: string | null): Promise<Reply> {
    const tools = await this.ports.desk.tools(this.ports.sessionId);
    if (!tools.ok) return { error: errorOfRefusal(tools) };
    const listed = tools.value.map(({ server, name, definition }) =>
      scope === null ? { ...definition, name: agentToolName(server, name) } : definition,
    );
    return { result: { tools: listed } };
  }

  private async callTool(scope: string | null, params: JsonObject, hooks: RequestHooks): Promise<Reply> {
    const order = readToolCall(params, scope);
    if (!order.ok) return { error: errorOfRefusal(order) };
    const { desk, sessionId, onError } = this.ports;
    const call = new ToolCall({ desk, sessionId, notify: hooks.notify, onError });
    hooks.takeCall(call);
    return call.run(order.value);
  }

  private async setLevel(session: AnswererSession, params: JsonObject): Promise<Reply> {
    const { level } = params;
    if (!isLogLevel(level))
      return {
        error: {
          code: invalidParamsCode,
          message: 'The level must be one of debug, info, notice, warning, error, critical, alert, emergency.',
        },
      };
    session.logLevel = level;
    // All servers keep their own levels; one alone is told what its agent wants.
    return session.scope === null ? { result: {} } : this.passOn('logging/setLevel', params);
  }

  private async passOn(method: string, params: JsonObject): Promise<Reply> {
    const passed = await this.ports.desk.passOn(this.ports.sessionId, method, withoutToken(params));
    if (!passed.ok) return passed.code === 'not_found' ? notOffered(method) : { error: errorOfRefusal(passed) };
    return passed.value.ok ? { result: passed.value.result } : { error: passed.value.error };
  }

  private offers(capability: string): boolean {
    return this.ports.welcome.capabilities[capability] !== undefined;
  }
}

/** The agent's progress token is between it and us; a server would report to a token we do not know. */
function withoutToken(params: JsonObject): JsonObject {
  const given = params['_meta'];
  if (!isJsonObject(given) || given['progressToken'] === undefined) return params;
  const { progressToken: _token, ...meta } = given;
  const { _meta, ...rest } = params;
  return Object.keys(meta).length === 0 ? rest : { ...rest, _meta: meta };
}

function notOffered(method: string): Reply {
  return {
    error: { code: methodNotFoundCode, message: `Method not found: ${method.slice(0, 100)} is not offered here.` },
  };
}
