import { type AgentId, readId } from '@/lib/domain/ids';
import type { AgentIdentity } from '@/server/engine/ports/agents';
import type { Clock } from '@/server/engine/ports/clock';
import type { Log } from '@/server/engine/ports/log';
import { hashSecret, isAgentKey } from './secret-text';
import type { AuthDb } from './tables';

/** How long a verified key is believed without asking the database: another node may have revoked it. */
const believeMs = 5_000;
const rememberedKeys = 1_000;
/** `lastUsedAt` is written at most this often for each agent. */
const noteUseEveryMs = 60_000;

interface Remembered {
  readonly agent: AgentIdentity;
  readonly untilAt: number;
}

/** Verifies agents' keys: on the way of every MCP request, so mostly from memory. */
export class AgentKeys {
  readonly #db: AuthDb;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #known = new Map<string, Remembered>();
  readonly #usedAt = new Map<AgentId, number>();
  readonly #writtenAt = new Map<AgentId, number>();
  readonly #writing = new Set<Promise<void>>();
  /** Counts revocations: an answer read before one must not be remembered after it. */
  #revocations = 0;

  constructor(db: AuthDb, clock: Clock, log: Log) {
    this.#db = db;
    this.#clock = clock;
    this.#log = log;
  }

  async agentOf(key: string): Promise<AgentIdentity | null> {
    if (!isAgentKey(key)) return null;
    const hash = hashSecret(key);
    const now = this.#clock.now();
    const known = this.#known.get(hash);
    const agent = known !== undefined && known.untilAt > now ? known.agent : await this.#verify(hash);
    if (agent !== null) this.#noteUse(agent.id, now);
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

  /** The latest use, whether it is written yet or not. */
  lastUsedAt(id: AgentId, writtenAt: number | null): number | null {
    const usedAt = this.#usedAt.get(id);
    return usedAt === undefined ? writtenAt : Math.max(usedAt, writtenAt ?? 0);
  }

  /** Writes what is not written yet. */
  async drain(): Promise<void> {
    for (const [id, at] of this.#usedAt) if (at > (this.#writtenAt.get(id) ?? 0)) this.#write(id, at);
    await Promise.all(this.#writing);
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

  #noteUse(id: AgentId, now: number): void {
    this.#usedAt.set(id, now);
    if (now - (this.#writtenAt.get(id) ?? Number.NEGATIVE_INFINITY) >= noteUseEveryMs) this.#write(id, now);
  }

  #write(id: AgentId, at: number): void {
    this.#writtenAt.set(id, at);
    const written = this.#db
      .updateTable('auth_agent')
      .set({ last_used_at: at })
      .where('id', '=', id)
      .execute()
      .then(
        () => undefined,
        (error: unknown) => {
          this.#log.warn(
            { agent: id, error: error instanceof Error ? error.message : String(error) },
            'the use of a key was not noted',
          );
        },
      )
      .finally(() => this.#writing.delete(written));
    this.#writing.add(written);
  }
}

/** The stored list of names. An unreadable one allows no server rather than all. */
export function readServers(text: string | null): readonly string[] | null {
  if (text === null) return null;
  const value: unknown = JSON.parse(text);
  return Array.isArray(value) ? value.filter((name) => typeof name === 'string') : [];
}
