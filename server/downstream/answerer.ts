import type { SessionId } from '@/lib/domain/ids';
import { isJsonObject, type JsonObject } from '@/lib/domain/json';
import { done } from '@/lib/domain/refusal';
import type { AgentDesk, AgentIdentity } from '@/server/engine/ports/agents';
import type { Clock } from '@/server/engine/ports/clock';
import type { Log } from '@/server/engine/ports/log';
import type { ToolOffers } from '@/server/engine/ports/tool-offers';
import { CallWait, type WaitPlan, type WaitPorts, type WaitVoice } from './call-wait';
import type { Capabilities } from './capabilities';
import { invalidParamsCode, methodNotFoundCode } from './http-error';
import { isLogLevel } from './log-level';
import type { AgentRequest } from './message';
import { errorOfRefusal, type Reply } from './outcome';
import { cancelTool, giveUp, isOwnTool, readAwait, toolError } from './own-tools';
import type { Patience } from './patience';
import { cancelTask, getTask, listTasks, readTaskId, readTaskOrder, taskError } from './tasks';
import { orderOf, readToolCall, type ToolCallParams } from './tool-call';
import { ToolList } from './tool-list';
import { knowsTasks } from './version';

export interface AnswererParts {
  readonly desk: AgentDesk;
  readonly offers: ToolOffers;
  readonly agent: AgentIdentity;
  readonly sessionId: SessionId;
  readonly scope: string | null;
  readonly protocolVersion: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly patience: Patience;
  readonly capabilities: Capabilities;
}

/** Answers the requests of one session: at once, or, for what waits for a call, with a plan of the waiting. */
export class Answerer {
  /** The least urgent log level the agent wants; null for all. */
  logLevel: string | null = null;
  private readonly tools: ToolList;
  /** The same for every wait of the session. */
  private readonly waiting: WaitPorts;

  constructor(private readonly parts: AnswererParts) {
    this.tools = new ToolList(parts);
    this.waiting = { ...parts, promisesStructure: (tool) => this.tools.promisesStructure(tool) };
  }

  /** Whether its answer may take as long as a person does. */
  isWaiting({ method }: AgentRequest): boolean {
    return method === 'tools/call' || (method === 'tasks/result' && this.hasTasks);
  }

  async answer({ method, params }: AgentRequest): Promise<Reply> {
    switch (method) {
      case 'ping':
        return { result: {} };
      case 'tools/list':
        return this.ifOffered('tools', method, () => this.listTools());
      case 'logging/setLevel':
        return this.ifOffered('logging', method, () => this.setLevel(params));
      case 'tasks/get':
      case 'tasks/list':
      case 'tasks/cancel':
        return this.hasTasks ? this.ifOffered('tools', method, () => this.task(method, params)) : notOffered(method);
      default:
        return this.parts.scope === null ? notOffered(method) : this.passOn(method, params);
    }
  }

  /** How a request that waits is to wait; a reply when it need not. */
  async plan(request: AgentRequest, keyHeader: string | null): Promise<WaitPlan | Reply> {
    return request.method === 'tools/call' ? this.planCall(request.params, keyHeader) : planTask(request.params);
  }

  wait(plan: WaitPlan, voice: WaitVoice): CallWait {
    return new CallWait(plan, this.waiting, voice);
  }

  /** How long a request waits before it is answered with a ticket, when it hears nothing meanwhile. */
  holdOf(progressToken: WaitPlan['progressToken']): number | null {
    const { patience } = this.parts;
    return progressToken === null && patience.tickets ? patience.holdMs : null;
  }

  private get hasTasks(): boolean {
    return knowsTasks(this.parts.protocolVersion);
  }

  private async planCall(params: JsonObject, keyHeader: string | null): Promise<WaitPlan | Reply> {
    const call = readToolCall(params);
    if (!call.ok) return { error: errorOfRefusal(call) };
    const task = this.hasTasks ? readTaskOrder(params['task']) : done(null);
    if (!task.ok) return { error: errorOfRefusal(task) };
    if (isOwnTool(call.value.name)) return task.value === null ? this.planOwn(call.value) : notATask(call.value.name);
    const order = orderOf(call.value, { scope: this.parts.scope, keyHeader });
    if (!order.ok) return { error: errorOfRefusal(order) };
    const { progressToken, name } = call.value;
    const { patience } = this.parts;
    const isSilent = progressToken === null && task.value === null;
    const patienceMs = isSilent && !patience.tickets ? patience.holdMs : null;
    return {
      kind: task.value === null ? 'call' : 'create_task',
      from: { start: 'call', order: { ...order.value, task: task.value, patienceMs } },
      tool: name,
      progressToken,
      figure: null,
      holdMs: task.value === null ? this.holdOf(progressToken) : null,
    };
  }

  private async planOwn({ name, arguments: args, progressToken }: ToolCallParams): Promise<WaitPlan | Reply> {
    const { desk, agent, patience } = this.parts;
    if (name === cancelTool) return giveUp(desk, { agent, args });
    const order = readAwait(args);
    if (!order.ok) return toolError(order.message);
    const { callId, waitMs } = order.value;
    const most = progressToken === null ? patience.holdMs : null;
    const holdMs = waitMs === null ? most : Math.min(waitMs, most ?? waitMs);
    return { kind: 'await', from: { start: 'attach', callId }, tool: null, progressToken, figure: null, holdMs };
  }

  private async ifOffered(capability: string, method: string, reply: () => Promise<Reply>): Promise<Reply> {
    const offered = await this.parts.capabilities.offers(capability);
    if (!offered.ok) return { error: errorOfRefusal(offered) };
    return offered.value ? reply() : notOffered(method);
  }

  private async listTools(): Promise<Reply> {
    const tools = await this.tools.list();
    return tools.ok ? { result: { tools: tools.value } } : { error: errorOfRefusal(tools) };
  }

  private task(method: 'tasks/get' | 'tasks/list' | 'tasks/cancel', params: JsonObject): Promise<Reply> {
    const { desk, agent } = this.parts;
    switch (method) {
      case 'tasks/get':
        return getTask(desk, agent, params);
      case 'tasks/list':
        return listTasks(desk, agent, params);
      case 'tasks/cancel':
        return cancelTask(desk, agent, params);
    }
  }

  private async setLevel(params: JsonObject): Promise<Reply> {
    const { level } = params;
    if (!isLogLevel(level))
      return {
        error: {
          code: invalidParamsCode,
          message: 'The level must be one of debug, info, notice, warning, error, critical, alert, emergency.',
        },
      };
    this.logLevel = level;
    // All servers keep their own levels; one alone is told what its agent wants.
    return this.parts.scope === null ? { result: {} } : this.passOn('logging/setLevel', params);
  }

  private async passOn(method: string, params: JsonObject): Promise<Reply> {
    const passed = await this.parts.desk.passOn(this.parts.sessionId, method, withoutToken(params));
    if (!passed.ok) return passed.code === 'not_found' ? notOffered(method) : { error: errorOfRefusal(passed) };
    return passed.value.ok ? { result: passed.value.result } : { error: passed.value.error };
  }
}

function planTask(params: JsonObject): WaitPlan | Reply {
  const callId = readTaskId(params);
  if (!callId.ok) return taskError(callId);
  const from = { start: 'attach', callId: callId.value } as const;
  return { kind: 'collect_task', from, tool: null, progressToken: null, figure: null, holdMs: null };
}

/** The agent's progress token is between it and us; a server would report to a token we do not know. */
function withoutToken(params: JsonObject): JsonObject {
  const given = params['_meta'];
  if (!isJsonObject(given) || given['progressToken'] === undefined) return params;
  const { progressToken: _token, ...meta } = given;
  const { _meta, ...rest } = params;
  return Object.keys(meta).length === 0 ? rest : { ...rest, _meta: meta };
}

function notATask(tool: string): Reply {
  return {
    error: { code: methodNotFoundCode, message: `Method not found: ${tool} does not run as a task. Call it as it is.` },
  };
}

function notOffered(method: string): Reply {
  return {
    error: { code: methodNotFoundCode, message: `Method not found: ${method.slice(0, 100)} is not offered here.` },
  };
}
