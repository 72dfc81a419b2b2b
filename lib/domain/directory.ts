import type { AgentId, PersonId, TeamId } from './ids';
import type { Role } from './permission';
import type { ServerSource, ServerState, ServerTrouble } from './server';
import type { Away } from './team';

export interface AgentRow {
  readonly id: AgentId;
  readonly name: string;
  /** The first characters of the key, to recognise it by. */
  readonly keyStart: string;
  /** Servers it may use; null for all. */
  readonly servers: readonly string[] | null;
  /** Who answers for it; null for nobody. */
  readonly owner: { readonly id: PersonId; readonly name: string } | null;
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
  readonly teams: readonly TeamId[];
  /** Null while they are there. */
  readonly away: Away | null;
}

/** Someone who is here, as everyone who is signed in may know them: to hand over to, mention, or stand in. */
export interface Colleague {
  readonly id: PersonId;
  readonly name: string;
  readonly role: Role;
  readonly away: Away | null;
}

/** To be out of office from now on. */
export interface AwayOrder {
  /** Epoch milliseconds; null until it is ended by hand. */
  readonly untilAt: number | null;
  /** Who stands in; null for nobody. */
  readonly delegateId: PersonId | null;
}

/** A person's token for the HTTP API. */
export interface TokenRow {
  readonly id: string;
  readonly name: string;
  /** The first characters of the token, to recognise it by. */
  readonly start: string;
  readonly createdAt: number;
  /** Null: never. */
  readonly expiresAt: number | null;
  readonly lastUsedAt: number | null;
  readonly revokedAt: number | null;
}

/** What a person keeps for themselves: saved views of the queue, and which notifications they get. */
export type SettingKind = 'views' | 'notify';
export const settingKinds: readonly SettingKind[] = ['views', 'notify'];

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
  readonly source: ServerSource;
  readonly state: ServerState;
  readonly liveConnections: number;
  readonly lastError: ServerTrouble | null;
  /** Tools whose definition changed and waits for an admin. */
  readonly waiting: number;
}
