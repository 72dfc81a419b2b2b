import type { AgentId, PersonId } from './ids';
import type { Role } from './permission';

export interface AgentRow {
  readonly id: AgentId;
  readonly name: string;
  /** The first characters of the key, to recognise it by. */
  readonly keyStart: string;
  /** Servers it may use; null for all. */
  readonly servers: readonly string[] | null;
  readonly createdAt: number;
  readonly lastUsedAt: number | null;
  readonly revokedAt: number | null;
}

export interface PersonRow {
  readonly id: PersonId;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly createdAt: number;
  readonly disabledAt: number | null;
}

export interface InvitationRow {
  readonly id: string;
  readonly email: string;
  readonly role: Role;
  readonly expiresAt: number;
  readonly invitedBy: string;
}

export interface ServerRow {
  readonly name: string;
  readonly transport: 'http' | 'stdio';
  /** The URL without credentials, or the command line with masked values. */
  readonly where: string;
  readonly trusted: boolean;
  readonly liveConnections: number;
  readonly lastError: { readonly at: number; readonly message: string } | null;
}
