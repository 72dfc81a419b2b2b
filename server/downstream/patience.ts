import { matchesGlob } from '@/lib/domain/policy/glob';
import type { AgentHello } from '@/server/engine/ports/agents';
import type { AgentSettings } from '@/server/engine/ports/servers';

/** How long a client waits for one answer, and whether it can do something with a ticket. */
export interface Patience {
  /** Null: as long as it takes. */
  readonly holdMs: number | null;
  readonly tickets: boolean;
}

/** The first profile whose name and version fit; otherwise what holds for a client nobody knows. */
export function patienceOf({ clients, holdMs }: AgentSettings, client: AgentHello['client']): Patience {
  const profile =
    client === null
      ? undefined
      : clients.find(
          ({ name, version }) =>
            matchesGlob(name, client.name) && (version === null || matchesGlob(version, client.version)),
        );
  return profile === undefined ? { holdMs, tickets: true } : { holdMs: profile.holdMs, tickets: profile.tickets };
}
