import os from 'node:os';
import { Client } from 'pg';
import type { Log } from '@/server/engine/ports/log';
import { advisoryKeys } from './advisory-keys';
import type { DatabaseTarget } from './database-url';
import type { LockOrder, LockOutcome, LockState } from './exclusive-lock';

const heartbeatMs = 5_000;
const retryMs = 1_000;
const answerMs = 5_000;

type PostgresTarget = Extract<DatabaseTarget, { kind: 'postgres' }>;

type Attempt =
  | { readonly got: 'lock'; readonly client: Client }
  | { readonly got: 'taken'; readonly by: string }
  | { readonly got: 'error'; readonly message: string };

/** Locks the database by an advisory lock on a connection of its own; PostgreSQL frees it when that connection ends. */
export async function lockPostgres(target: PostgresTarget, order: LockOrder): Promise<LockOutcome> {
  const attempt = await tryLock(target);
  if (attempt.got === 'taken') {
    const advice = 'Stop it first, or give this one another database with DATABASE_URL.';
    return { ok: false, message: `Another Holdpoint${attempt.by} is using the database at ${target.where}. ${advice}` };
  }
  if (attempt.got === 'error') {
    return { ok: false, message: `The database at ${target.where} cannot be locked: ${attempt.message}` };
  }
  const keeper = new LockKeeper(target, order);
  keeper.hold(attempt.client);
  return { ok: true, lock: { release: () => keeper.release() } };
}

/** Watches the lock's connection and opens it again when it breaks. */
class LockKeeper {
  readonly #target: PostgresTarget;
  readonly #order: LockOrder;
  readonly #log: Log;
  #client: Client | null = null;
  #state: LockState = 'held';
  #released = false;
  #cancelTimer: () => void = () => undefined;

  constructor(target: PostgresTarget, order: LockOrder) {
    this.#target = target;
    this.#order = order;
    this.#log = order.log.child({ part: 'exclusive-lock', database: target.where });
  }

  hold(client: Client): void {
    this.#client = client;
    const broken = (): void => this.#broken(client);
    client.on('error', broken);
    client.on('end', broken);
    this.#change('held');
    this.#later(heartbeatMs, () => this.#beat(client));
  }

  async release(): Promise<void> {
    this.#released = true;
    this.#cancelTimer();
    const client = this.#client;
    this.#client = null;
    await client?.end().catch(() => undefined);
  }

  /** A connection can be dead without a sign of it; asking finds out. */
  async #beat(client: Client): Promise<void> {
    try {
      await client.query('select 1');
      this.#later(heartbeatMs, () => this.#beat(client));
    } catch {
      this.#broken(client);
    }
  }

  #broken(client: Client): void {
    if (this.#released || this.#client !== client) return;
    this.#client = null;
    client.end().catch(() => undefined);
    this.#change('lost');
    this.#later(0, () => this.#again());
  }

  async #again(): Promise<void> {
    const attempt = await tryLock(this.#target);
    if (this.#released) {
      if (attempt.got === 'lock') await attempt.client.end().catch(() => undefined);
      return;
    }
    if (attempt.got === 'lock') return this.hold(attempt.client);
    if (attempt.got === 'taken') this.#change('taken');
    this.#later(retryMs, () => this.#again());
  }

  #change(state: LockState): void {
    if (state === this.#state) return;
    this.#state = state;
    if (state === 'held') this.#log.info({ state }, 'the exclusive lock is held again');
    else this.#log.error({ state }, 'the exclusive lock is not held');
    this.#order.onChange(state);
  }

  #later(delayMs: number, run: () => Promise<void>): void {
    this.#cancelTimer();
    if (this.#released) return;
    this.#cancelTimer = this.#order.clock.after(delayMs, () => void run());
  }
}

async function tryLock(target: PostgresTarget): Promise<Attempt> {
  const client = new Client({
    connectionString: target.url,
    connectionTimeoutMillis: answerMs,
    query_timeout: answerMs,
    keepAlive: true,
    // Other processes read who holds the lock from here; PostgreSQL keeps 63 bytes.
    application_name: `holdpoint ${process.pid} on ${os.hostname()}`.slice(0, 63),
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ got: boolean }>('select pg_try_advisory_lock($1) as got', [
      advisoryKeys.exclusive,
    ]);
    if (rows[0]?.got === true) return { got: 'lock', client };
    const by = await holderOf(client);
    await client.end();
    return { got: 'taken', by };
  } catch (error) {
    await client.end().catch(() => undefined);
    return { got: 'error', message: error instanceof Error && error.message !== '' ? error.message : String(error) };
  }
}

async function holderOf(client: Client): Promise<string> {
  const { rows } = await client.query<{ name: string }>(
    `select a.application_name as name from pg_locks l join pg_stat_activity a on a.pid = l.pid
     where l.locktype = 'advisory' and l.granted and l.objsubid = 1
       and l.database = (select oid from pg_database where datname = current_database())
       and l.classid::bigint * 4294967296 + l.objid::bigint = $1`,
    [advisoryKeys.exclusive],
  );
  const process = /^holdpoint (\d+) on (.+)$/.exec(rows[0]?.name ?? '');
  return process === null ? '' : ` (process ${process[1]} on ${process[2]})`;
}
