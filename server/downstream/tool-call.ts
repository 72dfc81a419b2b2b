import type { CallId, SessionId } from '@/lib/domain/ids';
import { isJsonObject, type JsonObject } from '@/lib/domain/json';
import { type Result, refuse } from '@/lib/domain/refusal';
import { splitToolName } from '@/lib/domain/tool';
import type { AgentDesk, CallListener, CallOrder } from '@/server/engine/ports/agents';
import { isRpcId, type RpcId } from './message';
import { errorOfRefusal, type Reply, replyOf } from './outcome';
import { ProgressFigures } from './progress';

export interface ToolCallPorts {
  readonly desk: AgentDesk;
  readonly sessionId: SessionId;
  /** Sends a progress notification on the call's own stream. */
  readonly notify: (params: JsonObject) => void;
  readonly onError: (error: unknown) => void;
}

export interface ToolCallOrder extends CallOrder {
  readonly progressToken: RpcId | null;
}

/** Reads `tools/call`; on `/mcp` (scope null) the tool's name begins with its server's. */
export function readToolCall(params: JsonObject, scope: string | null): Result<ToolCallOrder> {
  const { name, arguments: given, _meta } = params;
  if (typeof name !== 'string') return refuse('bad_input', 'tools/call needs the name of a tool, a text.');
  if (given !== undefined && !isJsonObject(given))
    return refuse('bad_input', 'The arguments of tools/call must be an object.');
  if (_meta !== undefined && !isJsonObject(_meta)) return refuse('bad_input', '_meta must be an object.');
  const tool = scope === null ? splitToolName(name) : { server: scope, tool: name };
  if (tool === null)
    return refuse('unknown_tool', 'There is no such tool. Tools are named server__tool here; tools/list shows them.');
  const { progressToken, ...meta } = _meta ?? {};
  return {
    ok: true,
    value: { ...tool, arguments: given ?? {}, meta, progressToken: isRpcId(progressToken) ? progressToken : null },
  };
}

/** One `tools/call` under way. */
export class ToolCall {
  private callId: CallId | null = null;
  /** Why the agent cancelled; null while it did not. */
  private cancelReason: string | null = null;
  private over = false;
  private readonly figures = new ProgressFigures();

  constructor(private readonly ports: ToolCallPorts) {}

  get cancelled(): boolean {
    return this.cancelReason !== null;
  }

  /** The call's id, once it is recorded. */
  get id(): CallId | null {
    return this.callId;
  }

  async run(order: ToolCallOrder): Promise<Reply> {
    const { progressToken, ...called } = order;
    const outcome = await this.ports.desk.call(this.ports.sessionId, called, this.listener(progressToken));
    this.over = true;
    if (!outcome.ok) return { error: errorOfRefusal(outcome) };
    this.callId = outcome.value.callId;
    return replyOf(outcome.value);
  }

  cancel(reason: string): void {
    if (this.cancelReason !== null || this.over) return;
    this.cancelReason = reason;
    // Without an id it is not recorded yet; `received` comes back to it.
    if (this.callId !== null) this.tellDesk(this.callId, reason);
  }

  private tellDesk(callId: CallId, reason: string): void {
    const { desk, sessionId, onError } = this.ports;
    desk.cancel(sessionId, callId, reason).catch(onError);
  }

  private listener(token: RpcId | null): CallListener {
    const notify = (figures: () => JsonObject): void => {
      if (token === null || this.over || this.cancelled) return;
      this.ports.notify({ progressToken: token, ...figures() });
    };
    return {
      received: (callId) => {
        this.callId = callId;
        if (this.cancelReason !== null && !this.over) this.tellDesk(callId, this.cancelReason);
      },
      progress: (report) => notify(() => this.figures.server(report)),
      waiting: (message) => notify(() => this.figures.heartbeat(message)),
    };
  }
}
