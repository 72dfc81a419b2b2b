import { betterAuth } from 'better-auth';
import type { Kysely } from 'kysely';
import type { PersonId, TeamId } from '@/lib/domain/ids';
import type { Audit, AuditDue } from '@/server/engine/ports/audit';
import type { Clock } from '@/server/engine/ports/clock';
import type { Directory } from '@/server/engine/ports/directory';
import type { Log } from '@/server/engine/ports/log';
import type { Roster } from '@/server/engine/ports/roster';
import { openDirectory } from './directory';
import { Door } from './door';
import { migrateAuth } from './migrate';
import { MemoryRoster } from './roster';
import { signInOptions } from './sign-in-options';
import type { AuthDb, DatabaseKind } from './tables';
import { Turns } from './turns';

export interface AuthOptions<Tables> {
  /** Shared with the store. */
  readonly db: Kysely<Tables>;
  readonly kind: DatabaseKind;
  /** Without a path. */
  readonly baseUrl: string;
  /** The origins browsers may act from; the base URL's own among them. */
  readonly trustedOrigins: readonly string[];
  /** Signs cookies; at least 32 characters. */
  readonly secret: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Why a team cannot be removed, in words; null when nothing names it. */
  readonly isTeamUsed?: (id: TeamId) => string | null;
  /** Keeps who did what; without it nothing is kept. */
  readonly audit?: Audit & AuditDue;
}

/** better-auth as a web handler, and its one call we make ourselves. */
export interface SignIns {
  handle(request: Request): Promise<Response>;
  /** Signs in whoever just came through the door; the cookie is in the response. */
  signIn(headers: Headers, credentials: { readonly email: string; readonly password: string }): Promise<Response>;
}

/** People and agents: who they are, and how they come in. */
export interface Auth {
  readonly directory: Directory;
  readonly roster: Roster;
  readonly door: Door;
  readonly signIns: SignIns;
  readonly trustedOrigins: readonly string[];
  readonly log: Log;
  readonly audit: (Audit & AuditDue) | null;
  now(): number;
  /** A one-time link that makes the first admin, voiding the one before; null once there is an admin. */
  firstAdminLink(): Promise<string | null>;
  /** Sees to it that this agent exists with this key. */
  bootstrapAgent(name: string, key: string): Promise<void>;
  /** Tells that a person signed out, so that open sockets are looked at again. */
  personChanged(id: PersonId): void;
  /** Writes what is still in memory; call before the database closes. */
  drain(): Promise<void>;
}

/** Makes the tables if they are missing and opens the directory on them. */
export async function createAuth<Tables>(options: AuthOptions<Tables>): Promise<Auth> {
  const { clock, log, baseUrl, trustedOrigins } = options;
  const listeners: ((id: PersonId) => void)[] = [];
  const personChanged = (id: PersonId): void => {
    for (const listener of listeners) listener(id);
  };
  const roster = new MemoryRoster({ clock, changed: personChanged });
  // The store's handle knows only its own tables; ours are in the same database.
  const database = {
    db: options.db as unknown as AuthDb,
    kind: options.kind,
    turns: new Turns(),
    roster,
    audit: options.audit ?? null,
  };
  const signInSettings = signInOptions({ database, baseUrl, trustedOrigins, secret: options.secret, clock, log });
  await migrateAuth(database, signInSettings);
  const better = betterAuth(signInSettings);
  const context = await better.$context;
  const { directory, now, links, agents, drain } = openDirectory({
    database,
    roster,
    baseUrl,
    clock,
    log,
    isTeamUsed: options.isTeamUsed ?? (() => null),
    readSignIn: (headers) => better.api.getSession({ headers, query: { disableRefresh: true } }),
    listen: (listener) => void listeners.push(listener),
  });
  await now.refresh();
  const hashPassword = (password: string): Promise<string> => context.password.hash(password);

  return {
    directory,
    roster,
    door: new Door({ database, clock, log, hashPassword, signedOut: personChanged }),
    signIns: {
      handle: (request) => better.handler(request),
      signIn: (headers, credentials) => better.api.signInEmail({ body: { ...credentials }, headers, asResponse: true }),
    },
    trustedOrigins,
    log,
    audit: options.audit ?? null,
    now: () => clock.now(),
    firstAdminLink: () => links.firstAdmin(),
    bootstrapAgent: (name, key) => agents.bootstrap(name, key),
    personChanged,
    drain,
  };
}
