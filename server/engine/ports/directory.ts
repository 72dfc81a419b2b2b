import type {
  AgentRow,
  AwayOrder,
  Colleague,
  InvitationRow,
  PersonRow,
  SettingKind,
  TokenRow,
} from '@/lib/domain/directory';
import type { AgentId, PersonId, TeamId } from '@/lib/domain/ids';
import type { Json } from '@/lib/domain/json';
import type { Person, Role } from '@/lib/domain/permission';
import type { Result } from '@/lib/domain/refusal';
import type { Away, TeamRow } from '@/lib/domain/team';
import type { AgentIdentity } from './agents';

/** Who is who: people by their cookie, agents by their key. Implemented by `server/auth`. */
export interface Directory {
  /** The person of a request's cookie; null when nobody is signed in or the session ended. */
  personOf(headers: Headers): Promise<Person | null>;
  /** The person of a token (without the `Bearer ` before it); null when unknown, expired, revoked or disabled. */
  personOfToken(token: string): Promise<Person | null>;
  /** The agent of an API key (without the `Bearer ` before it); null when unknown, revoked or malformed. */
  agentOf(key: string): Promise<AgentIdentity | null>;
  /** An agent by its id, for a session that is taken up again; null when unknown or revoked. */
  identify(id: AgentId): Promise<AgentIdentity | null>;
  agents(person: Person): Promise<Result<readonly AgentRow[]>>;
  /** The key is returned once and kept only as a hash. */
  createAgent(
    person: Person,
    order: {
      readonly name: string;
      readonly servers: readonly string[] | null;
      /** Who answers for it; whoever makes it when it is left out. */
      readonly owner?: PersonId | null;
    },
  ): Promise<Result<{ readonly agent: AgentRow; readonly key: string }>>;
  setAgentOwner(person: Person, id: AgentId, owner: PersonId | null): Promise<Result<AgentRow>>;
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
  /** Lets a disabled person sign in again; what ended with their access stays ended. */
  enable(person: Person, id: PersonId): Promise<Result<PersonRow>>;
  /**
   * A one-time link to choose a new password by, to be handed over by the admin; replaces an earlier one. Tokens of
   * theirs go on working, or are revoked at once.
   */
  resetLink(
    person: Person,
    id: PersonId,
    tokens: 'keep' | 'revoke',
  ): Promise<Result<{ readonly link: string; readonly expiresAt: number; readonly revokedTokens: number }>>;
  /** Everyone who is not disabled, for whoever is signed in. */
  colleagues(person: Person): Promise<Result<readonly Colleague[]>>;
  /** Live teams by name, with the members who are not disabled; for whoever is signed in. */
  teams(person: Person): Promise<Result<readonly TeamRow[]>>;
  /** The id is chosen here once and for all. That of a removed team may be taken again, without its members. */
  createTeam(person: Person, order: { readonly id: string; readonly name: string }): Promise<Result<TeamRow>>;
  renameTeam(person: Person, id: TeamId, name: string): Promise<Result<TeamRow>>;
  /** Refused while something names it. */
  removeTeam(person: Person, id: TeamId): Promise<Result<true>>;
  /** From now on exactly these. */
  setTeamMembers(person: Person, id: TeamId, members: readonly PersonId[]): Promise<Result<TeamRow>>;
  /** One's own absence. */
  away(person: Person): Promise<Result<Away | null>>;
  /** Sets or ends one's own absence. */
  setAway(person: Person, order: AwayOrder | null): Promise<Result<Away | null>>;
  /** The same for anyone, by an admin. */
  setAwayOf(person: Person, id: PersonId, order: AwayOrder | null): Promise<Result<Away | null>>;
  /** One's own, newest first, revoked ones among them. */
  tokens(person: Person): Promise<Result<readonly TokenRow[]>>;
  /** The token is returned once and kept only as a hash. */
  createToken(
    person: Person,
    order: { readonly name: string; readonly expiresAt: number | null },
  ): Promise<Result<{ readonly row: TokenRow; readonly token: string }>>;
  /** One's own; anyone else's reads as not found. */
  revokeToken(person: Person, id: string): Promise<Result<TokenRow>>;
  /** What that person saved; null when nothing. */
  setting(person: Pick<Person, 'id'>, kind: SettingKind): Promise<Json | null>;
  /** Saves one's own, of at most 20 KB as JSON text. */
  saveSetting(person: Person, kind: SettingKind, body: Json): Promise<Result<true>>;
  /** Calls `listener` when a person's role, teams, absence or cover changed, or they may no longer be here. */
  onPersonChanged(listener: (id: PersonId) => void): void;
}
