import type { SessionId } from '@/lib/domain/ids';
import type { JsonObject } from '@/lib/domain/json';
import { done, type Result } from '@/lib/domain/refusal';
import type { AgentDesk } from '@/server/engine/ports/agents';
import { tasksCapability } from './tasks';
import { knowsTasks } from './version';

/** What `initialize` tells an agent, all but the protocol version. */
export interface Welcome {
  readonly capabilities: JsonObject;
  readonly serverInfo: JsonObject;
  readonly instructions: string | null;
}

/** What of a server's capabilities its agents get; the rest (its own tasks, experimental) does not pass through us. */
const passedOn = ['tools', 'prompts', 'resources', 'completions', 'logging'] as const;

const instructions =
  'Tools of several servers, each named server__tool. A call may wait for a person, who approves it or answers a question of its server; ' +
  'it then takes as long as the person does. If that is longer than you can wait, the call is answered with a ticket, and holdpoint_await collects ' +
  'its result: do not repeat the call. "No one answered" is not a refusal.';

export interface WelcomeOrder {
  /** The one server of `/mcp/{server}`; null for all. */
  readonly scope: string | null;
  readonly protocolVersion: string;
  /** Holdpoint's own version. */
  readonly version: string;
}

/** One server alone introduces itself as it is, so that an agent made for it finds what it knows. */
export async function welcome(desk: AgentDesk, sessionId: SessionId, order: WelcomeOrder): Promise<Result<Welcome>> {
  const { scope, protocolVersion } = order;
  if (scope === null) return done(welcomeToAll(order));
  const facts = await desk.serverFacts(sessionId);
  if (!facts.ok) return facts;
  const { capabilities, serverInfo } = facts.value;
  const offered = passedOn.flatMap((name) => {
    const capability = capabilities[name];
    return capability === undefined ? [] : [[name, capability] as const];
  });
  return done({
    capabilities: withTasks(Object.fromEntries(offered), protocolVersion),
    serverInfo: { ...serverInfo },
    instructions: facts.value.instructions,
  });
}

/** All servers: their tools under one roof. */
function welcomeToAll({ protocolVersion, version }: WelcomeOrder): Welcome {
  return {
    capabilities: withTasks({ tools: { listChanged: true }, logging: {} }, protocolVersion),
    serverInfo: { name: 'holdpoint', title: 'Holdpoint', version },
    instructions,
  };
}

/** Any tool call may be a task, whatever its server thinks of tasks: the call is kept by us. */
function withTasks(capabilities: JsonObject, protocolVersion: string): JsonObject {
  const hasTasks = capabilities['tools'] !== undefined && knowsTasks(protocolVersion);
  return hasTasks ? { ...capabilities, tasks: tasksCapability } : capabilities;
}
