import { randomBytes } from 'node:crypto';
import type { AgentRow } from '@/lib/domain/directory';
import { type AgentId, mintId, readId } from '@/lib/domain/ids';
import type { Person } from '@/lib/domain/permission';
import { done, type Result, refuse } from '@/lib/domain/refusal';
import type { Clock } from '@/server/engine/ports/clock';
import type { Log } from '@/server/engine/ports/log';
import { type AgentKeys, readServers } from './agent-keys';
import { changePeople } from './people-lock';
import { refusalFor } from './person-record';
import { isPlainName } from './plain-name';
import { hashSecret, isAgentKey, keyStart, mintKey } from './secret-text';
import { type AgentTable, type AuthDatabase, type AuthTransaction, readInstant } from './tables';

export interface AgentOrder {
  readonly name: string;
  readonly servers: readonly string[] | null;
}

interface Parts {
  readonly database: AuthDatabase;
  readonly keys: AgentKeys;
  readonly clock: Clock;
  readonly log: Log;
}

const longestName = 60;

/** Makes and revokes agents; their keys are shown once and kept only as hashes. */
export class AgentRegister {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async list(person: Person): Promise<Result<readonly AgentRow[]>> {
    const { db } = this.#parts.database;
    const refusal = await refusalFor(db, person, 'agent.read');
    if (refusal !== null) return refusal;
    const rows = await db.selectFrom('auth_agent').selectAll().orderBy('created_at', 'desc').orderBy('id').execute();
    return done(rows.flatMap((row) => this.#row(row) ?? []));
  }

  async create(person: Person, order: AgentOrder): Promise<Result<{ readonly agent: AgentRow; readonly key: string }>> {
    const name = order.name.trim();
    if (name.length > longestName || !isPlainName(name))
      return refuse('bad_input', `An agent needs a name of 1 to ${longestName} characters on one line.`);
    const key = mintKey();
    const made = await changePeople(this.#parts.database, async (trx): Promise<Result<AgentRow>> => {
      const refusal = await refusalFor(trx, person, 'agent.manage');
      if (refusal !== null) return refusal;
      if ((await liveAgent(trx, name)) !== null)
        return refuse('not_allowed_now', `There is already an agent called ${name}.`);
      const row = await this.#insert(trx, { name, servers: order.servers, key });
      return row === null ? refuse('cannot_save') : done(row);
    });
    if (!made.ok) return made;
    this.#parts.log.info({ agent: made.value.id, by: person.id }, 'an agent was made');
    return done({ agent: made.value, key });
  }

  async revoke(person: Person, id: AgentId): Promise<Result<AgentRow>> {
    const revoked = await changePeople(this.#parts.database, async (trx): Promise<Result<AgentRow>> => {
      const refusal = await refusalFor(trx, person, 'agent.manage');
      if (refusal !== null) return refusal;
      await trx
        .updateTable('auth_agent')
        .set({ revoked_at: this.#parts.clock.now() })
        .where('id', '=', id)
        .where('revoked_at', 'is', null)
        .execute();
      const row = await trx.selectFrom('auth_agent').selectAll().where('id', '=', id).executeTakeFirst();
      const agent = row === undefined ? null : this.#row(row);
      return agent === null ? refuse('not_found') : done(agent);
    });
    if (revoked.ok) {
      this.#parts.keys.forget();
      this.#parts.log.info({ agent: id, by: person.id }, 'an agent was revoked');
    }
    return revoked;
  }

  /**
   * Sees to it that the agent of the environment exists with this key. Whoever sets the environment may
   * change the key; a key an admin revoked stays revoked.
   */
  async bootstrap(name: string, key: string): Promise<void> {
    const { database, keys, log } = this.#parts;
    if (!isAgentKey(key))
      throw new Error(
        'The key of the agent from the environment must be "hp_" and 43 to 125 letters, digits, "-" or "_".',
      );
    const hash = hashSecret(key);
    const outcome = await changePeople(database, async (trx) => {
      const sameKey = await trx.selectFrom('auth_agent').selectAll().where('key_hash', '=', hash).executeTakeFirst();
      if (sameKey !== undefined) return sameKey.revoked_at === null ? 'there' : 'revoked';
      const sameName = await liveAgent(trx, name.trim());
      if (sameName === null) {
        await this.#insert(trx, { name: name.trim(), servers: null, key });
        return 'made';
      }
      await trx
        .updateTable('auth_agent')
        .set({ key_hash: hash, key_start: keyStart(key) })
        .where('id', '=', sameName.id)
        .execute();
      return 'rekeyed';
    });
    keys.forget();
    if (outcome === 'revoked') log.warn({ name }, 'the key of the agent from the environment was revoked; it stays so');
    else log.info({ name, outcome }, 'the agent from the environment is ready');
  }

  async #insert(trx: AuthTransaction, order: AgentOrder & { readonly key: string }): Promise<AgentRow | null> {
    const row: AgentTable = {
      id: mintId('agent', randomBytes),
      name: order.name,
      key_hash: hashSecret(order.key),
      key_start: keyStart(order.key),
      servers: order.servers === null ? null : JSON.stringify([...new Set(order.servers)]),
      created_at: this.#parts.clock.now(),
      last_used_at: null,
      revoked_at: null,
    };
    await trx.insertInto('auth_agent').values(row).execute();
    return this.#row(row);
  }

  #row(row: AgentTable): AgentRow | null {
    const id = readId('agent', row.id);
    if (id === null) return null;
    return {
      id,
      name: row.name,
      keyStart: row.key_start,
      servers: readServers(row.servers),
      createdAt: Number(row.created_at),
      lastUsedAt: this.#parts.keys.lastUsedAt(id, readInstant(row.last_used_at)),
      revokedAt: readInstant(row.revoked_at),
    };
  }
}

async function liveAgent(trx: AuthTransaction, name: string): Promise<AgentTable | null> {
  const rows = await trx.selectFrom('auth_agent').selectAll().where('revoked_at', 'is', null).execute();
  return rows.find((row) => row.name.toLowerCase() === name.toLowerCase()) ?? null;
}
