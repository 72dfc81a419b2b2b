import type { SessionId } from '@/lib/domain/ids';
import { isJsonObject, type JsonObject } from '@/lib/domain/json';
import { done, type Result } from '@/lib/domain/refusal';
import { agentToolName } from '@/lib/domain/tool';
import type { ToolOffer } from '@/lib/domain/tool-offer';
import type { AgentDesk, ListedTool } from '@/server/engine/ports/agents';
import type { Clock } from '@/server/engine/ports/clock';
import type { Log } from '@/server/engine/ports/log';
import type { ToolOffers } from '@/server/engine/ports/tool-offers';
import { isOwnTool, ownTools } from './own-tools';
import { knowsTasks } from './version';

/** A ticket is due: what is not known by then is taken for the careful case. */
const lookWithinMs = 2_000;
const namedMost = 20;
const nameMost = 100;

export interface ToolListPorts {
  readonly desk: AgentDesk;
  readonly offers: ToolOffers;
  readonly sessionId: SessionId;
  readonly scope: string | null;
  readonly protocolVersion: string;
  readonly clock: Clock;
  readonly log: Log;
}

interface Offered {
  readonly tool: ListedTool;
  readonly offer: ToolOffer;
}

/** The tools a session's agent sees: the servers', passed on whole where a client can take them, and our own after them. */
export class ToolList {
  /** Names of those that promise structured content, as last listed; null before. */
  private structured: ReadonlySet<unknown> | null = null;
  /** Which stand there twice is said once a session. */
  private isToldOfTwins = false;

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
    const offered = await this.offered(tools.value);
    const given = offered.flatMap(({ tool, offer }) => {
      if (offer.is === 'left_out' || (scope !== null && isOwnTool(tool.name))) return [];
      const definition = listedAs(tool.definition, offer);
      return [scope === null ? { ...definition, name: agentToolName(tool.server, tool.name) } : definition];
    });
    const listed = this.withoutTwins(given);
    this.structured = new Set(listed.filter((tool) => tool['outputSchema'] !== undefined).map((tool) => tool['name']));
    return done(listed);
  }

  private async offered(tools: readonly ListedTool[]): Promise<readonly Offered[]> {
    const servers = [...new Set(tools.map(({ server }) => server))];
    const each = servers.map(async (server): Promise<readonly Offered[]> => {
      const own = tools.filter((tool) => tool.server === server);
      const offers = await this.ports.offers.of(server, own);
      return own.flatMap((tool, index) => {
        const offer = offers[index];
        return offer === undefined ? [] : [{ tool, offer }];
      });
    });
    return (await Promise.all(each)).flat();
  }

  /** Models refuse two tools of one name. The first stays, which is the one that is called. */
  private withoutTwins(tools: readonly JsonObject[]): readonly JsonObject[] {
    const byName = new Map<unknown, JsonObject>();
    const twins: string[] = [];
    for (const tool of tools) {
      const { name } = tool;
      if (!byName.has(name)) byName.set(name, tool);
      else if (typeof name === 'string') twins.push(name);
    }
    if (twins.length > 0) this.tellTwins(twins);
    return [...byName.values()];
  }

  private tellTwins(twins: readonly string[]): void {
    if (this.isToldOfTwins) return;
    this.isToldOfTwins = true;
    const tools = twins.slice(0, namedMost).map((name) => name.slice(0, nameMost));
    this.ports.log.warn({ tools, count: twins.length }, 'of tools that are listed twice the first is offered');
  }

  /** Every call may be a task of ours; what its server says of tasks is between the server and us. */
  private asTask(tool: JsonObject): JsonObject {
    return knowsTasks(this.ports.protocolVersion) ? { ...tool, execution: { taskSupport: 'optional' } } : tool;
  }
}

/**
 * An `$id` names a schema among all that a client knows, where one server's could stand for another's: within one
 * schema it means nothing, and it stays out.
 */
function listedAs(definition: JsonObject, offer: ToolOffer): JsonObject {
  const { outputSchema, ...rest } = definition;
  if (outputSchema === undefined) return definition;
  if (offer.is !== 'whole') return rest;
  if (!isJsonObject(outputSchema) || outputSchema['$id'] === undefined) return definition;
  const unnamed = Object.entries(outputSchema).filter(([key]) => key !== '$id');
  return { ...rest, outputSchema: Object.fromEntries(unnamed) };
}
