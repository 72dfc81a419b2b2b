import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serve } from '@hono/node-server';
import type { Kysely } from 'kysely';
import type { TeamId } from '@/lib/domain/ids';
import type { Person } from '@/lib/domain/permission';
import { type Auth, createAuth } from '@/server/auth/auth';
import { authRoutes } from '@/server/auth/routes';
import type { AuthTables } from '@/server/auth/tables';
import type { AuditTrail } from '@/server/engine/ports/audit';
import type { Clock } from '@/server/engine/ports/clock';
import type { Log } from '@/server/engine/ports/log';
import { openStore } from '@/server/store/open-store';

export const baseUrl = 'http://localhost:3999';
export const password = 'a long enough one';

/** Everything that was logged, as one text. */
export class TestLog implements Log {
  readonly lines: string[] = [];
  debug(fields: object, message: string): void {
    this.#add('debug', fields, message);
  }
  info(fields: object, message: string): void {
    this.#add('info', fields, message);
  }
  warn(fields: object, message: string): void {
    this.#add('warn', fields, message);
  }
  error(fields: object, message: string): void {
    this.#add('error', fields, message);
  }
  child(): Log {
    return this;
  }
  #add(level: string, fields: object, message: string): void {
    this.lines.push(`${level} ${message} ${JSON.stringify(fields)}`);
  }
}

/** The real time, moved forward by hand; what waits runs when its time was moved past. */
export class TestClock implements Clock {
  #aheadMs = 0;
  readonly #waiting = new Map<object, { readonly at: number; readonly run: () => void }>();
  now(): number {
    return Date.now() + this.#aheadMs;
  }
  /** Time goes on and nothing that waits has run yet, as when the process is busy. */
  skip(byMs: number): void {
    this.#aheadMs += byMs;
  }
  move(byMs: number): void {
    this.skip(byMs);
    const now = this.now();
    for (const [key, { at, run }] of this.#waiting) {
      if (at > now) continue;
      this.#waiting.delete(key);
      run();
    }
  }
  after(delayMs: number, run: () => void): () => void {
    const key = {};
    this.#waiting.set(key, { at: this.now() + delayMs, run });
    return () => void this.#waiting.delete(key);
  }
}

export interface OpenDatabase {
  /** The store's own handle, seen with our tables. */
  readonly db: Kysely<AuthTables>;
  readonly kind: 'sqlite' | 'postgres';
  readonly audit: AuditTrail;
  close(): Promise<void>;
}

export async function openDatabase(databaseUrl: string): Promise<OpenDatabase> {
  const opening = await openStore({ databaseUrl, log: new TestLog() });
  if (!opening.ok) throw new Error(opening.message);
  const { audit, kind, store } = opening;
  return { db: opening.db as unknown as Kysely<AuthTables>, audit, kind, close: () => store.close() };
}

export async function openSqlite(): Promise<OpenDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'holdpoint-auth-'));
  const database = await openDatabase(`sqlite:${join(folder, 'auth.db')}`);
  const close = async (): Promise<void> => {
    await database.close();
    await rm(folder, { recursive: true });
  };
  return { ...database, close };
}

/** A browser, as far as the door can tell: it keeps cookies and names its origin. */
export class TestBrowser {
  readonly #address: string;
  readonly #jar = new Map<string, string>();

  constructor(address: string) {
    this.#address = address;
  }

  get headers(): Headers {
    return new Headers({ cookie: [...this.#jar].map(([name, value]) => `${name}=${value}`).join('; ') });
  }

  get(path: string): Promise<Response> {
    return this.#send(path, {});
  }

  post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
    return this.#send(path, {
      method: 'POST',
      body: typeof body === 'string' ? body : JSON.stringify(body),
      headers: { 'content-type': 'application/json', origin: baseUrl, ...headers },
    });
  }

  signIn(email: string, secret = password): Promise<Response> {
    return this.post('/api/auth/sign-in/email', { email, password: secret });
  }

  async #send(
    path: string,
    init: { method?: string; body?: string; headers?: Record<string, string> },
  ): Promise<Response> {
    const headers = new Headers(init.headers);
    if (this.#jar.size > 0) headers.set('cookie', this.headers.get('cookie') ?? '');
    const response = await fetch(`${this.#address}${path}`, { ...init, headers, redirect: 'manual' });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (name !== undefined && value !== undefined) this.#jar.set(name, value);
    }
    return response;
  }
}

/** People and agents on a real database, behind a real socket. */
export class Bench {
  readonly auth: Auth;
  readonly database: OpenDatabase;
  readonly log: TestLog;
  readonly clock: TestClock;
  readonly address: string;
  readonly #stop: () => Promise<void>;

  private constructor(parts: {
    auth: Auth;
    database: OpenDatabase;
    log: TestLog;
    clock: TestClock;
    address: string;
    stop: () => Promise<void>;
  }) {
    this.auth = parts.auth;
    this.database = parts.database;
    this.log = parts.log;
    this.clock = parts.clock;
    this.address = parts.address;
    this.#stop = parts.stop;
  }

  static async open(
    database: OpenDatabase,
    options: {
      readonly base?: string;
      readonly trustedProxies?: number;
      readonly isTeamUsed?: (id: TeamId) => string | null;
    } = {},
  ): Promise<Bench> {
    const log = new TestLog();
    const clock = new TestClock();
    const base = options.base ?? baseUrl;
    const secret = 's'.repeat(43);
    const auth = await createAuth({
      db: database.db,
      kind: database.kind,
      baseUrl: base,
      trustedOrigins: [base],
      secret,
      clock,
      log,
      isTeamUsed: options.isTeamUsed ?? (() => null),
      audit: database.audit,
    });
    const app = authRoutes(auth, { trustedProxies: options.trustedProxies ?? 0 });
    const { server, port } = await new Promise<{ server: ReturnType<typeof serve>; port: number }>((resolve) => {
      const listening = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, (info: AddressInfo) =>
        resolve({ server: listening, port: info.port }),
      );
    });
    const stop = (): Promise<void> => new Promise((resolve) => void server.close(() => resolve()));
    return new Bench({ auth, database, log, clock, address: `http://127.0.0.1:${port}`, stop });
  }

  async close(): Promise<void> {
    await this.auth.drain();
    await this.#stop();
    await this.database.close();
  }

  browser(): TestBrowser {
    return new TestBrowser(this.address);
  }

  async firstAdminToken(): Promise<string> {
    return tokenOf((await this.auth.firstAdminLink()) ?? 'there is an admin already');
  }

  /** The first admin, through the one-time link. */
  async admin(email = 'ana@example.com'): Promise<{ readonly person: Person; readonly browser: TestBrowser }> {
    return this.#enter('welcome', { token: await this.firstAdminToken(), name: 'Ana', email, password });
  }

  /** Someone invited by `admin`. */
  async guest(
    admin: Person,
    order: { readonly email: string; readonly role: Person['role'] },
  ): Promise<{ readonly person: Person; readonly browser: TestBrowser }> {
    const invited = await this.auth.directory.invite(admin, order);
    if (!invited.ok) throw new Error(invited.message);
    return this.#enter('join', {
      token: tokenOf(invited.value.link),
      name: order.email.split('@')[0] ?? 'guest',
      password,
    });
  }

  async #enter(
    kind: 'welcome' | 'join',
    form: object,
  ): Promise<{ readonly person: Person; readonly browser: TestBrowser }> {
    const browser = this.browser();
    const response = await browser.post(`/api/door/${kind}`, form);
    const person = await this.auth.directory.personOf(browser.headers);
    if (person === null) throw new Error(`nobody came in: ${response.status} ${await response.text()}`);
    return { person, browser };
  }
}

export function tokenOf(link: string): string {
  return new URL(link).searchParams.get('token') ?? '';
}
