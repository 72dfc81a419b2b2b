import { betterAuth } from 'better-auth';
import type { Kysely } from 'kysely';
import { type PersonId, readId } from '@/lib/domain/ids';
import type { Person } from '@/lib/domain/permission';
import type { Clock } from '@/server/engine/ports/clock';
import type { Directory } from '@/server/engine/ports/directory';
import type { Log } from '@/server/engine/ports/log';
import { AgentKeys } from './agent-keys';
import { AgentRegister } from './agent-register';
import { Door } from './door';
import { Links } from './links';
import { migrateAuth } from './migrate';
import { PeopleRegister } from './people-register';
import { readRole } from './person-record';
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
  readonly door: Door;
  readonly signIns: SignIns;
  readonly trustedOrigins: readonly string[];
  readonly log: Log;
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
  // The store's handle knows only its own tables; ours are in the same database.
  const database = { db: options.db as unknown as AuthDb, kind: options.kind, turns: new Turns() };
  const signInSettings = signInOptions({ database, baseUrl, trustedOrigins, secret: options.secret, clock, log });
  await migrateAuth(database, signInSettings);
  const better = betterAuth(signInSettings);
  const context = await better.$context;

  const listeners: ((id: PersonId) => void)[] = [];
  const personChanged = (id: PersonId): void => {
    for (const listener of listeners) listener(id);
  };
  const keys = new AgentKeys(database.db, clock, log);
  const agents = new AgentRegister({ database, keys, clock, log });
  const people = new PeopleRegister({ database, clock, log, changed: personChanged });
  const links = new Links({ database, baseUrl, clock, log });
  const readSignIn = (headers: Headers): Promise<unknown> =>
    better.api.getSession({ headers, query: { disableRefresh: true } });

  return {
    directory: {
      personOf: async (headers) => (headers.has('cookie') ? readPerson(await readSignIn(headers)) : null),
      agentOf: (key) => keys.agentOf(key),
      identify: (id) => keys.identify(id),
      agents: (person) => agents.list(person),
      createAgent: (person, order) => agents.create(person, order),
      revokeAgent: (person, id) => agents.revoke(person, id),
      people: (person) => people.list(person),
      invite: (person, order) => links.invite(person, order),
      withdrawInvitation: (person, id) => links.withdrawInvitation(person, id),
      setRole: (person, id, role) => people.setRole(person, id, role),
      disable: (person, id) => people.disable(person, id),
      onPersonChanged: (listener) => void listeners.push(listener),
    },
    door: new Door({ database, clock, log, hashPassword: (password) => context.password.hash(password) }),
    signIns: {
      handle: (request) => better.handler(request),
      signIn: (headers, credentials) => better.api.signInEmail({ body: { ...credentials }, headers, asResponse: true }),
    },
    trustedOrigins,
    log,
    firstAdminLink: () => links.firstAdmin(),
    bootstrapAgent: (name, key) => agents.bootstrap(name, key),
    personChanged,
    drain: () => keys.drain(),
  };
}

/** The person of a sign-in read from the database just now; null when disabled or without a known role. */
function readPerson(signIn: unknown): Person | null {
  if (typeof signIn !== 'object' || signIn === null || !('user' in signIn)) return null;
  const { user } = signIn;
  if (typeof user !== 'object' || user === null) return null;
  const {
    id,
    name,
    email,
    role,
    disabledAt,
  }: { id?: unknown; name?: unknown; email?: unknown; role?: unknown; disabledAt?: unknown } = user;
  const personId = readId('person', id);
  const known = readRole(role);
  const isDisabled = disabledAt !== null && disabledAt !== undefined;
  if (personId === null || known === null || isDisabled || typeof name !== 'string' || typeof email !== 'string')
    return null;
  return { id: personId, name, email, role: known };
}
