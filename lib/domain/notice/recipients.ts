import type { PersonRef } from '../event';
import type { PersonId, TeamId } from '../ids';
import type { RequestNoticeKind } from '../notice';
import { isTheirs, type Role, type Routed } from '../permission';
import type { Away, Cover, TeamRef } from '../team';

/** The people and teams there are, as of now. */
export interface Roster {
  readonly people: readonly RosterPerson[];
  readonly teams: readonly RosterTeam[];
}

export interface RosterPerson {
  readonly id: PersonId;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly away: Away | null;
  readonly disabled: boolean;
}

export interface RosterTeam extends TeamRef {
  readonly members: readonly PersonId[];
}

/** What happened, as far as it says who is told. */
export type NoticeCause =
  | { readonly kind: Exclude<RequestNoticeKind, 'escalated' | 'assigned' | 'mentioned' | 'undelivered'> }
  | { readonly kind: 'escalated'; readonly team: TeamRef }
  | { readonly kind: 'assigned'; readonly to: PersonRef }
  | { readonly kind: 'mentioned'; readonly mentions: readonly PersonId[] }
  | { readonly kind: 'undelivered'; readonly answeredBy: readonly PersonId[] };

export interface NoticeAudience {
  readonly people: readonly RosterPerson[];
  /** Whose places are told; those for all are told besides. */
  readonly teams: readonly TeamId[];
}

/** Who is told, minus the person who caused it; never someone whose request it is not (I11). */
export function audienceOf(
  cause: NoticeCause,
  routed: Routed,
  look: { readonly roster: Roster; readonly now: number; readonly except: PersonId | null },
): NoticeAudience {
  const { roster, now, except } = look;
  const found = idsOf(cause, routed, look).flatMap(
    (id) => roster.people.find((person) => person.id === id && !person.disabled) ?? [],
  );
  const people = found.filter((person) => {
    const isCauser = person.id === except && cause.kind !== 'undelivered';
    return !isCauser && maySee(person, routed, { roster, now });
  });
  return { people, teams: teamsFor(cause, routed) };
}

/** A call as far as it says who watches over it. */
export interface Watched {
  /** Whose its server's questions are; null for everyone's. */
  readonly team: TeamRef | null;
  /** Who answers for its agent. */
  readonly owner: PersonId | null;
}

/** Who is told of a call: those who watch over sessions, and the owner of its agent. Sessions are for all roles to see. */
export function watchersOf(call: Watched, look: { readonly roster: Roster; readonly now: number }): NoticeAudience {
  const { roster, now } = look;
  const owner = ownersOf(call, look);
  const people = roster.people.filter(
    (person) => isWatcher(person, owner) && (owner.includes(person.id) || !isAway(person.away, now)),
  );
  return { people, teams: call.team === null ? roster.teams.map(({ id }) => id) : [call.team.id] };
}

/** Asked again at sending, for roles change. `owners`: the owner, or who stands in. */
export function isWatcher(person: RosterPerson, owners: readonly PersonId[]): boolean {
  return !person.disabled && (person.role !== 'approver' || owners.includes(person.id));
}

/** The owner of an agent, or who stands in for them. */
export function ownersOf(
  { owner }: Watched,
  look: { readonly roster: Roster; readonly now: number },
): readonly PersonId[] {
  return owner === null ? [] : standIns([owner], look, 'or-self');
}

function teamsFor(cause: NoticeCause, { team, alsoTeams }: Routed): readonly TeamId[] {
  if (cause.kind === 'escalated') return [cause.team.id];
  if (cause.kind === 'assigned' || cause.kind === 'mentioned' || cause.kind === 'undelivered') return [];
  return team === null ? [] : [...new Set([team, ...alsoTeams].map(({ id }) => id))];
}

function idsOf(
  cause: NoticeCause,
  routed: Routed,
  look: { readonly roster: Roster; readonly now: number },
): readonly PersonId[] {
  switch (cause.kind) {
    case 'mentioned':
      return [...new Set(cause.mentions)];
    case 'undelivered':
      return [...new Set(cause.answeredBy)];
    case 'assigned':
      return standIns([cause.to.id], look, 'or-self');
    case 'escalated':
      return answerers(standIns(membersOf(look.roster, [cause.team.id]), look, 'never-self'), look.roster);
    case 'opened':
    case 'expiring':
    case 'expired': {
      const assigned = routed.assignedTo === null ? [] : standIns([routed.assignedTo.id], look, 'or-self');
      const teams = teamsFor(cause, routed);
      const many =
        routed.team === null
          ? look.roster.people.map(({ id }) => id)
          : [...membersOf(look.roster, teams), ...adminsOf(teams, look)];
      return [...new Set([...assigned, ...answerers(standIns(many, look, 'never-self'), look.roster)])];
    }
  }
}

/** What is for a team that is none, or no more, admins alone see. */
function adminsOf(
  teams: readonly TeamId[],
  look: { readonly roster: Roster; readonly now: number },
): readonly PersonId[] {
  if (look.roster.teams.some(({ id }) => teams.includes(id))) return [];
  return look.roster.people.filter(({ role }) => role === 'admin').map(({ id }) => id);
}

function membersOf(roster: Roster, teams: readonly TeamId[]): readonly PersonId[] {
  return roster.teams.filter(({ id }) => teams.includes(id)).flatMap(({ members }) => members);
}

function answerers(ids: readonly PersonId[], roster: Roster): readonly PersonId[] {
  const may = new Set(roster.people.filter(({ role }) => role !== 'observer').map(({ id }) => id));
  return ids.filter((id) => may.has(id));
}

/** Each person who is there; for who is away, who stands in for them. */
function standIns(
  ids: readonly PersonId[],
  look: { readonly roster: Roster; readonly now: number },
  whenNobody: 'or-self' | 'never-self',
): readonly PersonId[] {
  const found = ids.flatMap((id): readonly PersonId[] => {
    const there = whoIsThere(id, look);
    if (there !== null) return [there];
    return whenNobody === 'or-self' ? [id] : [];
  });
  return [...new Set(found)];
}

/** Delegates may be away too: followed this far, as the desk does. */
const chainMost = 5;

/** A person, or the first along their delegates who is there; null when nobody is. */
function whoIsThere(id: PersonId, { roster, now }: { readonly roster: Roster; readonly now: number }): PersonId | null {
  let at = roster.people.find((person) => person.id === id);
  for (let steps = 0; at !== undefined && steps <= chainMost; steps += 1) {
    const { away } = at;
    if (away === null || !isAway(away, now)) return at.id;
    // Who may not answer has nothing to give on.
    if (at.role === 'observer') return null;
    const next = away.delegate?.id;
    at = roster.people.find((person) => person.id === next && !person.disabled && person.role !== 'observer');
  }
  return null;
}

export function isAway(away: Away | null, now: number): boolean {
  return away !== null && (away.untilAt === null || away.untilAt > now);
}

/** As the desk decides it, from the roster (I11). */
export function maySee(
  person: RosterPerson,
  routed: Routed,
  { roster, now }: { readonly roster: Roster; readonly now: number },
): boolean {
  if (person.disabled) return false;
  const teamsOf = (id: PersonId): readonly TeamId[] =>
    roster.teams.filter(({ members }) => members.includes(id)).map(({ id: team }) => team);
  const covers: Cover[] = roster.people
    .filter((other) => other.id !== person.id && other.role !== 'observer')
    .filter((other) => isAway(other.away, now) && whoIsThere(other.id, { roster, now }) === person.id)
    .map((other) => ({ person: { id: other.id, name: other.name }, teams: teamsOf(other.id) }));
  return isTheirs({ ...person, teams: teamsOf(person.id), covers }, routed);
}
