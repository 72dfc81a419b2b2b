import type { Colleague } from '@/lib/domain/directory';
import { type PersonId, readTeamId, type TeamId } from '@/lib/domain/ids';
import type { AuditAct } from '@/lib/domain/audit';
import type { JsonObject } from '@/lib/domain/json';
import type { Person } from '@/lib/domain/permission';
import { done, type Refusal, type Result, refuse } from '@/lib/domain/refusal';
import type { TeamRow } from '@/lib/domain/team';
import type { Clock } from '@/server/engine/ports/clock';
import type { Log } from '@/server/engine/ports/log';
import { actOf } from './acts';
import { changePeopleKnown } from './people-lock';
import { findPerson, refusalFor } from './person-record';
import { isPlainName } from './plain-name';
import type { MemoryRoster } from './roster';
import type { AuthDatabase, AuthTransaction, TeamTable } from './tables';

interface Parts {
  readonly database: AuthDatabase;
  readonly roster: MemoryRoster;
  readonly clock: Clock;
  readonly log: Log;
  /** Why a team cannot go, in words; null when nothing names it. */
  readonly isTeamUsed: (id: TeamId) => string | null;
}

const longestName = 60;
const mostMembers = 1_000;

/** Teams and who is in them. A member gains what is routed to the team, so only admins change any of it. */
export class TeamRegister {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async list(person: Person): Promise<Result<readonly TeamRow[]>> {
    const refusal = await refusalFor(this.#parts.database.db, person, 'team.read');
    return refusal ?? done(this.#parts.roster.teamRows());
  }

  async colleagues(person: Person): Promise<Result<readonly Colleague[]>> {
    const refusal = await refusalFor(this.#parts.database.db, person, 'team.read');
    return refusal ?? done(this.#parts.roster.colleagues());
  }

  async create(person: Person, order: { readonly id: string; readonly name: string }): Promise<Result<TeamRow>> {
    const id = readTeamId(order.id);
    if (id === null)
      return refuse('bad_input', "A team's short name has 1 to 40 lower-case letters, digits and dashes.");
    return this.#change(
      person,
      { id, act: 'team.created', facts: { name: order.name }, message: 'a team was made' },
      async (trx) => {
        const name = await freeName(trx, { id, name: order.name });
        if (!name.ok) return name;
        const there = await findTeam(trx, id);
        if (there !== null && there.removed_at === null)
          return refuse('not_allowed_now', `There is already a team ${id}.`);
        const row = { name: name.value, created_at: this.#parts.clock.now(), removed_at: null };
        if (there === null)
          await trx
            .insertInto('auth_team')
            .values({ id, ...row })
            .execute();
        else await trx.updateTable('auth_team').set(row).where('id', '=', id).execute();
        return null;
      },
    );
  }

  async rename(person: Person, id: TeamId, wanted: string): Promise<Result<TeamRow>> {
    return this.#change(
      person,
      { id, act: 'team.renamed', facts: { name: wanted }, message: 'a team was renamed' },
      async (trx) => {
        if (!(await isLive(trx, id))) return refuse('not_found');
        const name = await freeName(trx, { id, name: wanted });
        if (!name.ok) return name;
        await trx.updateTable('auth_team').set({ name: name.value }).where('id', '=', id).execute();
        return null;
      },
    );
  }

  async remove(person: Person, id: TeamId): Promise<Result<true>> {
    const { database, clock, log, isTeamUsed } = this.#parts;
    const change = async (trx: AuthTransaction): Promise<Result<true>> => {
      const refusal = await refusalFor(trx, person, 'team.manage');
      if (refusal !== null) return refusal;
      if (!(await isLive(trx, id))) return refuse('not_found');
      const used = isTeamUsed(id);
      if (used !== null) return refuse('not_allowed_now', used);
      await trx.updateTable('auth_team').set({ removed_at: clock.now() }).where('id', '=', id).execute();
      await trx.deleteFrom('auth_team_member').where('team_id', '=', id).execute();
      return done(true);
    };
    const outcome = await changePeopleKnown(database, change, (gone) =>
      gone.ok ? actOf({ by: person, act: 'team.removed', about: { kind: 'team', id, name: null } }, clock.now()) : null,
    );
    if (outcome.ok) log.info({ team: id, by: person.id }, 'a team was removed');
    return outcome;
  }

  /** Whoever is disabled is not added, and one who is left out of the list does not come back by being enabled. */
  async setMembers(person: Person, id: TeamId, members: readonly PersonId[]): Promise<Result<TeamRow>> {
    const wanted = [...new Set(members)];
    if (wanted.length > mostMembers) return refuse('bad_input', `A team has at most ${mostMembers} members.`);
    return this.#change(
      person,
      { id, act: 'team.members_set', facts: { members: wanted }, message: "a team's members were set" },
      async (trx) => {
        if (!(await isLive(trx, id))) return refuse('not_found');
        for (const member of wanted) {
          const record = await findPerson(trx, member);
          if (record === null || record.disabledAt !== null) return refuse('not_found', 'One of these is not here.');
        }
        await trx.deleteFrom('auth_team_member').where('team_id', '=', id).execute();
        const rows = wanted.map((member) => ({ team_id: id, person_id: member }));
        if (rows.length > 0) await trx.insertInto('auth_team_member').values(rows).execute();
        return null;
      },
    );
  }

  /** The one place where who may is checked; `change` says why not, or null. */
  async #change(
    person: Person,
    what: {
      readonly id: TeamId;
      readonly act: AuditAct;
      readonly facts: JsonObject;
      readonly message: string;
    },
    change: (trx: AuthTransaction) => Promise<Refusal | null>,
  ): Promise<Result<TeamRow>> {
    const { database, clock, log, roster } = this.#parts;
    const { act, facts } = what;
    const about = { kind: 'team', id: what.id, name: null } as const;
    const refusal = await changePeopleKnown(
      database,
      async (trx) => (await refusalFor(trx, person, 'team.manage')) ?? (await change(trx)),
      (refused) => (refused === null ? actOf({ by: person, act, about, facts }, clock.now()) : null),
    );
    if (refusal !== null) return refusal;
    log.info({ team: what.id, by: person.id }, what.message);
    const row = roster.teamRow(what.id);
    return row === null ? refuse('not_found') : done(row);
  }
}

async function findTeam(trx: AuthTransaction, id: TeamId): Promise<TeamTable | null> {
  return (await trx.selectFrom('auth_team').selectAll().where('id', '=', id).executeTakeFirst()) ?? null;
}

async function isLive(trx: AuthTransaction, id: TeamId): Promise<boolean> {
  const team = await findTeam(trx, id);
  return team !== null && team.removed_at === null;
}

/** The name as it is kept: on one line, and not another live team's, or people would take one for the other. */
async function freeName(
  trx: AuthTransaction,
  team: { readonly id: TeamId; readonly name: string },
): Promise<Result<string>> {
  const name = team.name.trim();
  if (name.length > longestName || !isPlainName(name))
    return refuse('bad_input', `A team needs a name of 1 to ${longestName} characters on one line.`);
  const others = await trx
    .selectFrom('auth_team')
    .select('name')
    .where('removed_at', 'is', null)
    .where('id', '<>', team.id)
    .execute();
  return others.some((other) => other.name.toLowerCase() === name.toLowerCase())
    ? refuse('not_allowed_now', `There is already a team called ${name}.`)
    : done(name);
}
