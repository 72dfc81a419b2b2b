import { randomBytes } from 'node:crypto';
import type { AgentRow } from '@/lib/domain/directory';
import { holdpoint } from '@/lib/domain/actor';
import { type AgentId, mintId, type PersonId, readId } from '@/lib/domain/ids';
import type { AuditAct, AuditDraft } from '@/lib/domain/audit';
import type { JsonObject } from '@/lib/domain/json';
import type { Person } from '@/lib/domain/permission';
import { done, type Refusal, type Result, refuse } from '@/lib/domain/refusal';
import type { Clock } from '@/server/engine/ports/clock';
import type { Log } from '@/server/engine/ports/log';
import { type AgentKeys, readServers } from './agent-keys';
import { actOf } from './acts';
import { changePeopleKnown } from './people-lock';
import { findPerson, refusalFor } from './person-record';
import { isPlainName } from './plain-name';
import type { MemoryRoster } from './roster';
import { hashSecret, isAgentKey, keyStart, mintKey } from './secret-text';
import { type AgentTable, type AuthDatabase, type AuthTransaction, readInstant } from './tables';
import type { UseNotes } from './use-notes';

export interface AgentOrder {
  readonly name: string;
  readonly servers: readonly string[] | null;
  /** Whoever makes it when it is left out. */
  readonly owner?: PersonId | null;
}

interface Parts {
  readonly database: AuthDatabase;
  readonly keys: AgentKeys;
  readonly uses: UseNotes<AgentId>;
  readonly roster: MemoryRoster;
  readonly clock: Clock;
  readonly log: Log;
}

const longestName = 60;

/** What a start did about the agent of the environment; the row as it was before, if it was there. */
interface Bootstrapped {
  readonly outcome: 'made' | 'there' | 'rekeyed' | 'revoked';
  readonly row: AgentTable;
}

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
    const owner = order.owner === undefined ? person.id : order.owner;
    const change = async (trx: AuthTransaction): Promise<Result<AgentTable>> => {
      const refusal = await refusalFor(trx, person, 'agent.manage');
      if (refusal !== null) return refusal;
      if ((await liveAgent(trx, name)) !== null)
        return refuse('not_allowed_now', `There is already an agent called ${name}.`);
      if (!(await mayOwn(trx, owner))) return ownerNotHere();
      return done(await this.#insert(trx, { name, servers: order.servers, owner, key }));
    };
    const made = await changePeopleKnown(this.#parts.database, change, (row) =>
      this.#act(person, row, { act: 'agent.created', facts: { owner, servers: order.servers } }),
    );
    const agent = made.ok ? this.#found(made.value) : made;
    if (!agent.ok) return agent;
    this.#parts.log.info({ agent: agent.value.id, owner, by: person.id }, 'an agent was made');
    return done({ agent: agent.value, key });
  }

  async setOwner(person: Person, id: AgentId, owner: PersonId | null): Promise<Result<AgentRow>> {
    const change = async (trx: AuthTransaction): Promise<Result<AgentTable>> => {
      const refusal = await refusalFor(trx, person, 'agent.manage');
      if (refusal !== null) return refusal;
      if (!(await mayOwn(trx, owner))) return ownerNotHere();
      await trx.updateTable('auth_agent').set({ owner_id: owner }).where('id', '=', id).execute();
      return readAgent(trx, id);
    };
    const set = await changePeopleKnown(this.#parts.database, change, (row) =>
      this.#act(person, row, { act: 'agent.owner_set', facts: { owner } }),
    );
    const agent = set.ok ? this.#found(set.value) : set;
    if (agent.ok) this.#parts.log.info({ agent: id, owner, by: person.id }, "an agent's owner was set");
    return agent;
  }

  async revoke(person: Person, id: AgentId): Promise<Result<AgentRow>> {
    const change = async (trx: AuthTransaction): Promise<Result<AgentTable>> => {
      const refusal = await refusalFor(trx, person, 'agent.manage');
      if (refusal !== null) return refusal;
      await trx
        .updateTable('auth_agent')
        .set({ revoked_at: this.#parts.clock.now() })
        .where('id', '=', id)
        .where('revoked_at', 'is', null)
        .execute();
      return readAgent(trx, id);
    };
    const outcome = await changePeopleKnown(this.#parts.database, change, (row) =>
      this.#act(person, row, { act: 'agent.revoked', facts: {} }),
    );
    const revoked = outcome.ok ? this.#found(outcome.value) : outcome;
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
    const change = async (trx: AuthTransaction): Promise<Bootstrapped> => {
      const sameKey = await trx.selectFrom('auth_agent').selectAll().where('key_hash', '=', hash).executeTakeFirst();
      if (sameKey !== undefined) return { outcome: sameKey.revoked_at === null ? 'there' : 'revoked', row: sameKey };
      const sameName = await liveAgent(trx, name.trim());
      if (sameName === null)
        return {
          outcome: 'made',
          row: await this.#insert(trx, { name: name.trim(), servers: null, owner: null, key }),
        };
      await trx
        .updateTable('auth_agent')
        .set({ key_hash: hash, key_start: keyStart(key) })
        .where('id', '=', sameName.id)
        .execute();
      return { outcome: 'rekeyed', row: sameName };
    };
    const { outcome } = await changePeopleKnown(database, change, (started) => this.#actOfStart(started));
    keys.forget();
    if (outcome === 'revoked') log.warn({ name }, 'the key of the agent from the environment was revoked; it stays so');
    else log.info({ name, outcome }, 'the agent from the environment is ready');
  }

  /** Nobody is signed in: the environment said so. */
  #actOfStart({ outcome, row: { id, name } }: Bootstrapped): AuditDraft | null {
    if (outcome === 'there' || outcome === 'revoked') return null;
    return {
      act: outcome === 'made' ? 'agent.created' : 'agent.key_set',
      at: this.#parts.clock.now(),
      actor: holdpoint,
      from: null,
      about: { kind: 'agent', id, name },
      why: 'The environment names this agent and its key.',
      facts: outcome === 'made' ? { owner: null, servers: null } : {},
    };
  }

  #act(
    by: Person,
    row: Result<AgentTable>,
    what: { readonly act: AuditAct; readonly facts: JsonObject },
  ): AuditDraft | null {
    if (!row.ok) return null;
    const { id, name } = row.value;
    return actOf({ by, about: { kind: 'agent', id, name }, ...what }, this.#parts.clock.now());
  }

  async #insert(trx: AuthTransaction, order: Required<AgentOrder> & { readonly key: string }): Promise<AgentTable> {
    const row: AgentTable = {
      id: mintId('agent', randomBytes),
      name: order.name,
      key_hash: hashSecret(order.key),
      key_start: keyStart(order.key),
      servers: order.servers === null ? null : JSON.stringify([...new Set(order.servers)]),
      owner_id: order.owner,
      created_at: this.#parts.clock.now(),
      last_used_at: null,
      revoked_at: null,
    };
    await trx.insertInto('auth_agent').values(row).execute();
    return row;
  }

  #found(row: AgentTable): Result<AgentRow> {
    const agent = this.#row(row);
    return agent === null ? refuse('not_found') : done(agent);
  }

  #row(row: AgentTable): AgentRow | null {
    const id = readId('agent', row.id);
    if (id === null) return null;
    const owner = this.#parts.roster.ownerOf(id);
    return {
      id,
      name: row.name,
      keyStart: row.key_start,
      servers: readServers(row.servers),
      owner: owner === null ? null : { id: owner.id, name: owner.name },
      createdAt: Number(row.created_at),
      lastUsedAt: this.#parts.uses.lastUsedAt(id, readInstant(row.last_used_at)),
      revokedAt: readInstant(row.revoked_at),
    };
  }
}

async function readAgent(trx: AuthTransaction, id: AgentId): Promise<Result<AgentTable>> {
  const row = await trx.selectFrom('auth_agent').selectAll().where('id', '=', id).executeTakeFirst();
  return row === undefined ? refuse('not_found') : done(row);
}

async function mayOwn(trx: AuthTransaction, owner: PersonId | null): Promise<boolean> {
  if (owner === null) return true;
  const person = await findPerson(trx, owner);
  return person !== null && person.disabledAt === null;
}

function ownerNotHere(): Refusal {
  return refuse('not_found', 'Whoever is to answer for the agent is not here.');
}

async function liveAgent(trx: AuthTransaction, name: string): Promise<AgentTable | null> {
  const rows = await trx.selectFrom('auth_agent').selectAll().where('revoked_at', 'is', null).execute();
  return rows.find((row) => row.name.toLowerCase() === name.toLowerCase()) ?? null;
}
