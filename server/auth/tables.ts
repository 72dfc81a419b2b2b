import type { Kysely, Transaction } from 'kysely';
import type { Audit, AuditDue, AuditDueRow } from '@/server/engine/ports/audit';
import type { Turns } from './turns';

export type DatabaseKind = 'sqlite' | 'postgres';

/** better-auth keeps dates as ISO text in SQLite and as `timestamptz` in PostgreSQL. */
export type StoredDate = string | Date;

/** A person. The columns in camel case are better-auth's; `role` and `disabledAt` are ours and never a client's. */
export interface UserTable {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly emailVerified: boolean | number;
  readonly image: string | null;
  readonly createdAt: StoredDate;
  readonly updatedAt: StoredDate;
  readonly role: string;
  readonly disabledAt: number | string | null;
}

export interface AccountTable {
  readonly id: string;
  readonly accountId: string;
  readonly providerId: string;
  readonly userId: string;
  readonly password: string | null;
  readonly createdAt: StoredDate;
  readonly updatedAt: StoredDate;
}

export interface SignInTable {
  readonly id: string;
  readonly token: string;
  readonly userId: string;
}

/** One agent and its key's hash. Instants are epoch milliseconds; a driver may return them as text. */
export interface AgentTable {
  readonly id: string;
  readonly name: string;
  readonly key_hash: string;
  readonly key_start: string;
  /** JSON list of names; null for all servers. */
  readonly servers: string | null;
  /** Who answers for it; null for nobody. */
  readonly owner_id: string | null;
  readonly created_at: number | string;
  readonly last_used_at: number | string | null;
  readonly revoked_at: number | string | null;
}

/** A one-time link: the first admin's `welcome`, an invitation's `join`, a new password's `reset`. Only its token's hash is kept. */
export interface LinkTable {
  readonly id: string;
  readonly kind: 'welcome' | 'join' | 'reset';
  readonly token_hash: string;
  readonly email: string | null;
  readonly role: string;
  readonly made_by: string | null;
  readonly made_by_name: string;
  readonly made_at: number | string;
  readonly expires_at: number | string;
  readonly used_at: number | string | null;
  readonly withdrawn_at: number | string | null;
}

/** A team; its id is the short name rules know it by. */
export interface TeamTable {
  readonly id: string;
  readonly name: string;
  readonly created_at: number | string;
  readonly removed_at: number | string | null;
}

export interface TeamMemberTable {
  readonly team_id: string;
  readonly person_id: string;
}

/** Out of office. A row whose end has passed says nothing any more. */
export interface AwayTable {
  readonly person_id: string;
  readonly from_at: number | string;
  readonly until_at: number | string | null;
  readonly delegate_id: string | null;
  readonly set_at: number | string;
}

/** A person's token for the HTTP API; only its hash is kept. */
export interface TokenTable {
  readonly id: string;
  readonly person_id: string;
  readonly name: string;
  readonly hash: string;
  readonly start: string;
  readonly created_at: number | string;
  readonly expires_at: number | string | null;
  readonly last_used_at: number | string | null;
  readonly revoked_at: number | string | null;
}

/** What a person chose for themselves; `body` is JSON. */
export interface SettingTable {
  readonly person_id: string;
  readonly kind: string;
  readonly body: string;
}

export interface AuthTables {
  /** The store's; an act waits there in the transaction of its change. */
  readonly hp_audit_due: AuditDueRow;
  readonly auth_user: UserTable;
  readonly auth_account: AccountTable;
  readonly auth_session: SignInTable;
  readonly auth_agent: AgentTable;
  readonly auth_link: LinkTable;
  readonly auth_team: TeamTable;
  readonly auth_team_member: TeamMemberTable;
  readonly auth_away: AwayTable;
  readonly auth_token: TokenTable;
  readonly auth_setting: SettingTable;
}

export type AuthDb = Kysely<AuthTables>;
export type AuthTransaction = Transaction<AuthTables>;

/** The copy in memory that every change is followed by. */
export interface RosterReader {
  /** Reads it as this transaction leaves it; what is returned puts it in place, after the commit. */
  read(trx: AuthTransaction): Promise<() => void>;
  /** Whether a change was committed is not known: it is read again before it is believed. */
  doubt(): void;
}

/** The database as this part uses it. */
export interface AuthDatabase {
  readonly db: AuthDb;
  readonly kind: DatabaseKind;
  /** Changes of people in this process. */
  readonly turns: Turns;
  readonly roster: RosterReader;
  /** Null where nothing keeps an audit log. */
  readonly audit: (Audit & AuditDue) | null;
}

export function storedDate(kind: DatabaseKind, at: number): StoredDate {
  const date = new Date(at);
  return kind === 'sqlite' ? date.toISOString() : date;
}

export function readInstant(value: number | string | null): number | null {
  return value === null ? null : Number(value);
}
