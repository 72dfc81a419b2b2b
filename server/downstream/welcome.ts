import type { JsonObject } from '@/lib/domain/json';
import { done, type Result } from '@/lib/domain/refusal';
import type { SessionId } from '@/lib/domain/ids';
import type { AgentDesk } from '@/server/engine/ports/agents';

/** What `initialize` tells an agent, all but the protocol version. */
export interface Welcome {
  readonly capabilities: JsonObject;
  readonly serverInfo: JsonObject;
  readonly instructions: string | null;
}

/** What of a server's capabilities its agents get; the rest (tasks, experimental) does not pass through us. */
const passedOn = ['tools', 'prompts', 'resources', 'completions', 'logging'] as const;

const instructions =
  'Tools of several servers, each named server__tool. A call may wait for a person, who approves it or answers a question of its server; ' +
  'it then takes as long as the person does. "No one answered" is not a refusal.';

/** All servers: their tools under one roof. */
export function welcomeToAll(version: string): Welcome {
  return {
    capabilities: { tools: { listChanged: true }, logging: {} },
    serverInfo: { name: 'holdpoint', title: 'Holdpoint', version },
    instructions,
  };
}

/** One server alone introduces itself as it is, so that an agent made for it finds what it knows. */
export async function welcomeToOne(desk: AgentDesk, sessionId: SessionId): Promise<Result<Welcome>> {
  const facts = await desk.serverFacts(sessionId);
  if (!facts.ok) return facts;
  const { capabilities, serverInfo } = facts.value;
  const offered = passedOn.flatMap((name) => {
    const capability = capabilities[name];
    return capability === undefined ? [] : [[name, capability] as const];
  });
  return done({
    capabilities: Object.fromEntries(offered),
    serverInfo: { ...serverInfo },
    instructions: facts.value.instructions,
  });
}
