import type { Origin } from './audit';
import type { PersonId, TeamId } from './ids';
import type { Standing } from './policy/approval';
import type { Cover, TeamRef } from './team';

export type Role = 'admin' | 'approver' | 'observer';
export const roles: readonly Role[] = ['admin', 'approver', 'observer'];

export type Action =
  | 'queue.read'
  | 'request.read'
  | 'request.claim'
  | 'request.answer'
  | 'request.edit'
  | 'request.assign'
  | 'request.note'
  | 'request.draft'
  | 'choice.read'
  | 'choice.revoke'
  | 'session.read'
  | 'session.raw'
  | 'session.end'
  | 'call.cancel'
  | 'value.reveal'
  | 'pause.read'
  | 'pause.manage'
  | 'overview.read'
  | 'audit.read'
  | 'keeping.manage'
  | 'server.read'
  | 'server.manage'
  | 'rule.read'
  | 'rule.manage'
  | 'team.read'
  | 'team.manage'
  | 'agent.read'
  | 'agent.manage'
  | 'person.read'
  | 'person.manage'
  | 'notice.manage';

/** Who may do what: the one table, checked at the engine for HTTP, WebSocket and MCP alike (I11). */
export const permissions: { readonly [A in Action]: readonly Role[] } = {
  'queue.read': ['admin', 'approver', 'observer'],
  'request.read': ['admin', 'approver', 'observer'],
  'request.claim': ['admin', 'approver'],
  'request.answer': ['admin', 'approver'],
  'request.edit': ['admin', 'approver'],
  'request.assign': ['admin', 'approver'],
  'request.note': ['admin', 'approver', 'observer'],
  'request.draft': ['admin', 'approver'],
  'choice.read': ['admin', 'approver'],
  'choice.revoke': ['admin', 'approver'],
  'session.read': ['admin', 'approver', 'observer'],
  'session.raw': ['admin', 'approver', 'observer'],
  'session.end': ['admin'],
  'call.cancel': ['admin'],
  'value.reveal': ['admin'],
  'pause.read': ['admin', 'approver', 'observer'],
  'pause.manage': ['admin'],
  'overview.read': ['admin', 'approver', 'observer'],
  'audit.read': ['admin'],
  'keeping.manage': ['admin'],
  'server.read': ['admin'],
  'server.manage': ['admin'],
  'rule.read': ['admin'],
  'rule.manage': ['admin'],
  'team.read': ['admin', 'approver', 'observer'],
  'team.manage': ['admin'],
  'agent.read': ['admin'],
  'agent.manage': ['admin'],
  'person.read': ['admin'],
  'person.manage': ['admin'],
  'notice.manage': ['admin'],
};

/** A person who is signed in. */
export interface Person {
  readonly id: PersonId;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  /** Teams they are a member of. */
  readonly teams: readonly TeamId[];
  /** Whom they stand in for at the moment. */
  readonly covers: readonly Cover[];
  /** From where they act at the moment, for the audit log alone: it is said to no browser and no program. */
  readonly from?: Origin;
}

/** A person as others are told of them: without from where they act. */
export function withoutOrigin({ from: _from, ...person }: Person): Person {
  return person;
}

export function may(role: Role, action: Action): boolean {
  return permissions[action].includes(role);
}

/** Their own teams, and those of people they stand in for. */
export function teamsOf(person: Pick<Person, 'teams' | 'covers'>): readonly TeamId[] {
  return [...new Set([...person.teams, ...person.covers.flatMap(({ teams }) => teams)])];
}

/** What their vote counts as. */
export function standingOf(person: Person): Standing {
  return { role: person.role, teams: teamsOf(person) };
}

/** Whose a request is. */
export interface Routed {
  /** Null: it is for everyone who may answer. */
  readonly team: TeamRef | null;
  /** Asked as well: by escalation, or because nobody of the first was there. */
  readonly alsoTeams: readonly TeamRef[];
  readonly assignedTo: { readonly id: PersonId; readonly name: string } | null;
}

/** Whether a request is this person's to see (I11): by role, team, assignment, or for whom they stand in. */
export function isTheirs(person: Person, { team, alsoTeams, assignedTo }: Routed): boolean {
  if (team === null || person.role === 'admin') return true;
  const own = teamsOf(person);
  if ([team, ...alsoTeams].some(({ id }) => own.includes(id))) return true;
  return assignedTo !== null && standsFor(person).includes(assignedTo.id);
}

/** A person and whom they stand in for. */
export function standsFor(person: Pick<Person, 'id' | 'covers'>): readonly PersonId[] {
  return [person.id, ...person.covers.map((cover) => cover.person.id)];
}

/** For whom someone sees a request that would not be theirs otherwise. */
export function standsInFor(person: Person, routed: Routed): readonly Cover['person'][] {
  if (isTheirs({ ...person, covers: [] }, routed)) return [];
  return person.covers.flatMap((cover) => (isTheirs({ ...person, covers: [cover] }, routed) ? [cover.person] : []));
}
