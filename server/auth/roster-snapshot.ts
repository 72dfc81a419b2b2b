import { type AgentId, type PersonId, readId, readTeamId, type TeamId } from '@/lib/domain/ids';
import type { TeamRef } from '@/lib/domain/team';
import { type PersonRecord, personRecord } from './person-record';
import { type AuthTransaction, readInstant } from './tables';

export interface AwayRecord {
  readonly fromAt: number;
  readonly untilAt: number | null;
  readonly delegate: PersonId | null;
}

export interface RosterTeam extends TeamRef {
  readonly createdAt: number;
  /** Disabled ones among them. */
  readonly members: readonly PersonId[];
}

/** People, live teams, absences and agents' owners at one moment. Maps, because ids are words from outside. */
export interface RosterSnapshot {
  readonly people: ReadonlyMap<PersonId, PersonRecord>;
  readonly teams: ReadonlyMap<TeamId, RosterTeam>;
  readonly away: ReadonlyMap<PersonId, AwayRecord>;
  readonly owners: ReadonlyMap<AgentId, PersonId>;
}

export const emptySnapshot: RosterSnapshot = {
  people: new Map(),
  teams: new Map(),
  away: new Map(),
  owners: new Map(),
};

export async function readSnapshot(trx: AuthTransaction): Promise<RosterSnapshot> {
  const people = new Map<PersonId, PersonRecord>();
  for (const user of await trx.selectFrom('auth_user').selectAll().orderBy('name').orderBy('id').execute()) {
    const record = personRecord(user);
    if (record !== null) people.set(record.id, record);
  }
  return { people, teams: await readTeams(trx), away: await readAway(trx), owners: await readOwners(trx) };
}

async function readTeams(trx: AuthTransaction): Promise<ReadonlyMap<TeamId, RosterTeam>> {
  const rows = await trx
    .selectFrom('auth_team')
    .selectAll()
    .where('removed_at', 'is', null)
    .orderBy('name')
    .orderBy('id')
    .execute();
  const members = await trx.selectFrom('auth_team_member').selectAll().orderBy('person_id').execute();
  const teams = new Map<TeamId, RosterTeam>();
  for (const row of rows) {
    const id = readTeamId(row.id);
    if (id === null) continue;
    const own = members.flatMap((member) => (member.team_id === id ? (readId('person', member.person_id) ?? []) : []));
    teams.set(id, { id, name: row.name, createdAt: Number(row.created_at), members: own });
  }
  return teams;
}

async function readAway(trx: AuthTransaction): Promise<ReadonlyMap<PersonId, AwayRecord>> {
  const away = new Map<PersonId, AwayRecord>();
  for (const row of await trx.selectFrom('auth_away').selectAll().execute()) {
    const id = readId('person', row.person_id);
    if (id === null) continue;
    const untilAt = readInstant(row.until_at);
    away.set(id, { fromAt: Number(row.from_at), untilAt, delegate: readId('person', row.delegate_id) });
  }
  return away;
}

async function readOwners(trx: AuthTransaction): Promise<ReadonlyMap<AgentId, PersonId>> {
  const owners = new Map<AgentId, PersonId>();
  const rows = await trx
    .selectFrom('auth_agent')
    .select(['id', 'owner_id'])
    .where('owner_id', 'is not', null)
    .execute();
  for (const row of rows) {
    const [agent, owner] = [readId('agent', row.id), readId('person', row.owner_id)];
    if (agent !== null && owner !== null) owners.set(agent, owner);
  }
  return owners;
}
