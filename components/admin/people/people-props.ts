import type { InvitationRow, PersonRow } from '@/lib/domain/directory';
import type { PersonId, TeamId } from '@/lib/domain/ids';
import type { Role } from '@/lib/domain/permission';
import type { Result } from '@/lib/domain/refusal';
import type { TeamRow } from '@/lib/domain/team';

export type PeopleTab = 'people' | 'teams';

export interface PeopleView {
  readonly people: readonly PersonRow[];
  readonly invitations: readonly InvitationRow[];
  readonly teams: readonly TeamRow[];
}

export interface MadeInvitation {
  readonly invitation: InvitationRow;
  readonly link: string;
}

export interface MadeReset {
  readonly link: string;
  readonly expiresAt: number;
  readonly revokedTokens: number;
}

/** What becomes of the tokens of a person's programs when they get a reset link. */
export type TokensThen = 'keep' | 'revoke';

export interface NewTeam {
  readonly teamId: TeamId;
  readonly name: string;
}

/** What an admin may do with people and teams; every refusal has words for a person. */
export interface PeopleDesk {
  readonly invite: (email: string, role: Role) => Promise<Result<MadeInvitation>>;
  readonly withdraw: (invitationId: string) => Promise<Result<unknown>>;
  readonly setRole: (id: PersonId, role: Role) => Promise<Result<unknown>>;
  readonly disable: (id: PersonId) => Promise<Result<unknown>>;
  readonly enable: (id: PersonId) => Promise<Result<unknown>>;
  readonly reset: (id: PersonId, tokens: TokensThen) => Promise<Result<MadeReset>>;
  readonly createTeam: (team: NewTeam) => Promise<Result<TeamRow>>;
  readonly renameTeam: (id: TeamId, name: string) => Promise<Result<unknown>>;
  readonly setMembers: (id: TeamId, members: readonly PersonId[]) => Promise<Result<unknown>>;
  readonly removeTeam: (id: TeamId) => Promise<Result<unknown>>;
}
