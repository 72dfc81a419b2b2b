import { type AgentId, readId } from '@/lib/domain/ids';
import type { AgentIdentity } from '@/server/engine/ports/agents';
import type { Clock } from '@/server/engine/ports/clock';
import { hashSecret, isAgentKey } from './secret-text';
import type { AuthDb } from './tables';
import type { UseNotes } from './use-notes';

/** How long a verified key is believed without asking the database: another node may have revoked it. */
const believeMs = 5_000;
const rememberedKeys = 1_000;

interface Remembered {
  readonly agent: AgentIdentity;
  readonly untilAt: number;
}

/** Verifies agents' keys: on the way of every MCP request, so mostly from memory. */
export class AgentKeys {
  readonly #db: AuthDb;
  readonly #clock: Clock;
  readonly #uses: UseNotes<AgentId>;
  readonly #known = new Map<string, Remembered>();
  /** Counts revocations: an answer read before one must not be remembered after it. */
  #revocations = 0;

  constructor(db: AuthDb, clock: Clock, uses: UseNotes<AgentId>) {
    this.#db = db;
    this.#clock = clock;
    this.#uses = uses;
  }

  async agentOf(key: string): Promise<AgentIdentity | null> {
    if (!isAgentKey(key)) return null;
    const hash = hashSecret(key);
    const now = this.#clock.now();
    const known = this.#known.get(hash);
    const agent = known !== undefined && known.untilAt > now ? known.agent : await this.#verify(hash);
    if (agent !== null) this.#uses.note(agent.id);
    return agent;
  }

  async identify(id: AgentId): Promise<AgentIdentity | null> {
    const row = await this.#db
      .selectFrom('auth_agent')
      .select(['name', 'servers'])
      .where('id', '=', id)
      .where('revoked_at', 'is', null)
      .executeTakeFirst();
    return row === undefined ? null : { id, name: row.name, servers: readServers(row.servers) };
  }

  /** Forgets every verified key at once; the next request of each asks the database. */
  forget(): void {
    this.#revocations += 1;
    this.#known.clear();
  }

  async #verify(hash: string): Promise<AgentIdentity | null> {
    const revocations = this.#revocations;
    this.#known.delete(hash);
    const row = await this.#db
      .selectFrom('auth_agent')
      .select(['id', 'name', 'servers'])
      .where('key_hash', '=', hash)
      .where('revoked_at', 'is', null)
      .executeTakeFirst();
    const id = row === undefined ? null : readId('agent', row.id);
    if (row === undefined || id === null) return null;
    const agent = { id, name: row.name, servers: readServers(row.servers) };
    if (revocations === this.#revocations) this.#remember(hash, agent);
    return agent;
  }

  #remember(hash: string, agent: AgentIdentity): void {
    if (this.#known.size >= rememberedKeys) this.#known.clear();
    this.#known.set(hash, { agent, untilAt: this.#clock.now() + believeMs });
  }
}

/** The stored list of names. An unreadable one allows no server rather than all. */
export function readServers(text: string | null): readonly string[] | null {
  if (text === null) return null;
  const value: unknown = JSON.parse(text);
  return Array.isArray(value) ? value.filter((name) => typeof name === 'string') : [];
}
