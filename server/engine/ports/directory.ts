import type { AgentId, PersonId } from '@/lib/domain/ids';
import type { Person, Role } from '@/lib/domain/permission';
import type { Result } from '@/lib/domain/refusal';
import type { AgentRow, InvitationRow, PersonRow } from '@/lib/domain/directory';
import type { AgentIdentity } from './agents';

/** Who is who: people by their cookie, agents by their key. Implemented by `server/auth`. */
export interface Directory {
  /** The person of a request's cookie; null when nobody is signed in or the session ended. */
  personOf(headers: Headers): Promise<Person | null>;
  /** The agent of an API key (without the `Bearer ` before it); null when unknown, revoked or malformed. */
  agentOf(key: string): Promise<AgentIdentity | null>;
  /** An agent by its id, for a session that is taken up again; null when unknown or revoked. */
  identify(id: AgentId): Promise<AgentIdentity | null>;
  agents(person: Person): Promise<Result<readonly AgentRow[]>>;
  /** The key is returned once and kept only as a hash. */
  createAgent(
    person: Person,
    order: { readonly name: string; readonly servers: readonly string[] | null },
  ): Promise<Result<{ readonly agent: AgentRow; readonly key: string }>>;
  revokeAgent(person: Person, id: AgentId): Promise<Result<AgentRow>>;
  people(
    person: Person,
  ): Promise<Result<{ readonly people: readonly PersonRow[]; readonly invitations: readonly InvitationRow[] }>>;
  /** Makes a one-time link, to be handed over by the admin. */
  invite(
    person: Person,
    order: { readonly email: string; readonly role: Role },
  ): Promise<Result<{ readonly invitation: InvitationRow; readonly link: string }>>;
  withdrawInvitation(person: Person, id: string): Promise<Result<true>>;
  /** The last admin cannot be made less. Takes effect on open sockets at once. */
  setRole(person: Person, id: PersonId, role: Role): Promise<Result<PersonRow>>;
  /** Ends every sign-in of that person and forbids new ones. */
  disable(person: Person, id: PersonId): Promise<Result<PersonRow>>;
  /** Calls `listener` when a person's role changed or they may no longer be here. */
  onPersonChanged(listener: (id: PersonId) => void): void;
}
