import type { SessionId } from '@/lib/domain/ids';
import type { JsonObject } from '@/lib/domain/json';
import { done, type Result } from '@/lib/domain/refusal';
import { agentToolName } from '@/lib/domain/tool';
import type { AgentDesk } from '@/server/engine/ports/agents';
import type { Clock } from '@/server/engine/ports/clock';
import type { Log } from '@/server/engine/ports/log';
import { isOwnTool, ownTools } from './own-tools';
import { readableTools } from './readable-tools';
import { knowsTasks } from './version';

/** A ticket is due: what is not known by then is taken for the careful case. */
const lookWithinMs = 2_000;
const namedMost = 20;
const nameMost = 100;

export interface ToolListPorts {
  readonly desk: AgentDesk;
  readonly sessionId: SessionId;
  readonly scope: string | null;
  readonly protocolVersion: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** The tools a session's agent sees: the servers', passed on whole where a client can read them, and our own after them. */
export class ToolList {
  /** Names of those that promise structured content, as last listed; null before. */
  private structured: ReadonlySet<unknown> | null = null;
  /** Which are left out is said once a session. */
  private isToldOfLeft = false;

  constructor(private readonly ports: ToolListPorts) {}

  async list(): Promise<Result<readonly JsonObject[]>> {
    const tools = await this.named();
    if (!tools.ok) return tools;
    return done([...tools.value.map((tool) => this.asTask(tool)), ...ownTools]);
  }

  /** Whether a client believes that this tool always gives structured content. */
  async promisesStructure(name: string): Promise<boolean> {
    if (this.structured === null) await this.lookInTime();
    return this.structured?.has(name) ?? true;
  }

  private async lookInTime(): Promise<void> {
    let cancel: () => void = () => undefined;
    const late = new Promise<void>((resolve) => {
      cancel = this.ports.clock.after(lookWithinMs, resolve);
    });
    await Promise.race([late, this.named().then(() => undefined)]).finally(() => cancel());
  }

  /** On `/mcp` only the name says whose a tool is; on `/mcp/{server}` ours hide one of the same name. */
  private async named(): Promise<Result<readonly JsonObject[]>> {
    const { desk, sessionId, scope } = this.ports;
    const tools = await desk.tools(sessionId);
    if (!tools.ok) return tools;
    const named =
      scope === null
        ? tools.value.map(({ server, name, definition }) => ({ ...definition, name: agentToolName(server, name) }))
        : tools.value.filter(({ name }) => !isOwnTool(name)).map(({ definition }) => definition);
    const { tools: readable, left } = readableTools(named);
    if (left.length > 0) this.tellLeft(left);
    this.structured = new Set(
      readable.filter((tool) => tool['outputSchema'] !== undefined).map((tool) => tool['name']),
    );
    return done(readable);
  }

  private tellLeft(left: readonly string[]): void {
    if (this.isToldOfLeft) return;
    this.isToldOfLeft = true;
    const tools = left.slice(0, namedMost).map((name) => name.slice(0, nameMost));
    this.ports.log.warn({ tools, count: left.length }, 'tools no client can read are left out of the list');
  }

  /** Every call may be a task of ours; what its server says of tasks is between the server and us. */
  private asTask(tool: JsonObject): JsonObject {
    return knowsTasks(this.ports.protocolVersion) ? { ...tool, execution: { taskSupport: 'optional' } } : tool;
  }
}
