import type { AgentId } from '@/lib/domain/ids';
import type { JsonObject } from '@/lib/domain/json';
import type { PolicyQuestion } from '@/lib/domain/policy/question';
import type { Session } from '@/lib/domain/session';
import { bookOf, type EngineParts, type LiveSession } from './parts';
import { annotationsOf, titleOf } from './tool-facts';

/** A call as far as rules look at it. */
export interface Asked {
  readonly server: string;
  readonly tool: string;
  readonly definition: JsonObject;
  readonly arguments: JsonObject;
}

interface Asker {
  readonly agent: { readonly id: AgentId; readonly name: string };
  readonly session: Pick<Session, 'client' | 'scope'> | null;
}

/** What the rules are asked about a call of this session. */
export function questionOf(parts: EngineParts, live: LiveSession, asked: Asked): PolicyQuestion {
  return questionBy(parts, { agent: live.agent, session: bookOf(live).session }, asked);
}

export function questionBy(parts: Pick<EngineParts, 'servers' | 'roster'>, asker: Asker, asked: Asked): PolicyQuestion {
  const { description } = asked.definition;
  return {
    server: { name: asked.server, trusted: parts.servers.get(asked.server)?.trusted ?? false },
    tool: {
      name: asked.tool,
      title: titleOf(asked.definition),
      description: typeof description === 'string' ? description : '',
      annotations: annotationsOf(asked.definition),
    },
    agent: { name: asker.agent.name, owner: parts.roster.ownerOf(asker.agent.id)?.email ?? null },
    session: { client: asker.session?.client?.name ?? null, scope: asker.session?.scope ?? null },
    args: asked.arguments,
  };
}
