import { type AgentId, type PersonId, readId } from '@/lib/domain/ids';
import type { Person } from '@/lib/domain/permission';
import type { AgentIdentity } from '@/server/engine/ports/agents';
import type { Roster } from '@/server/engine/ports/roster';

/** No key opens these, and no agent that was made has such an id: those have no dash. */
const mark = 'agt_by-hand-';
const personMark = 'per_';

/** The made-up agent a person calls tools as; it answers to them. */
export function agentByHand(person: Pick<Person, 'id' | 'name'>): AgentIdentity {
  const id = `${mark}${person.id.slice(personMark.length)}`;
  return { id: id as AgentId, name: `${person.name}, by hand`, servers: null };
}

/** Whom such an agent answers to; null for any other. */
export function personByHand(id: AgentId): PersonId | null {
  return id.startsWith(mark) ? readId('person', `${personMark}${id.slice(mark.length)}`) : null;
}

/** A roster that knows the owners of made-up agents as well: duties are separated for them too. */
export function rosterWithHands(roster: Roster): Roster {
  return {
    team: (id) => roster.team(id),
    isStaffed: (id) => roster.isStaffed(id),
    person: (id) => roster.person(id),
    isDisabled: (id) => roster.isDisabled(id),
    people: () => roster.people(),
    teamRows: () => roster.teamRows(),
    awayOf: (id) => roster.awayOf(id),
    ownerOf(id) {
      const owner = personByHand(id);
      if (owner === null) return roster.ownerOf(id);
      const person = roster.person(owner);
      return person === null ? null : { id: person.id, name: person.name, email: person.email };
    },
  };
}

/** Who takes a session up again after a restart; null for one who may not any more. */
export function identifyByHand(roster: Roster, id: AgentId): AgentIdentity | null {
  const owner = personByHand(id);
  const person = owner === null ? null : roster.person(owner);
  return person?.role === 'admin' ? agentByHand(person) : null;
}
