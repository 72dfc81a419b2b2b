import { sql } from 'kysely';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPostgres, type TestPostgres } from '@/tests/support/postgres';
import { breakableLink } from './breakable-link';
import { opened } from './opened';
import { stopPostgres } from './postgres-restart';
import { agentCallOf, commitOf, logEvent, newSessionId, summaryOf } from './samples';

const page = { afterSeq: 0, limit: 100 };
let server: TestPostgres | null = null;

beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server?.stop());

async function freshUrl(): Promise<string> {
  if (server === null) throw new Error('PostgreSQL has not started');
  return server.url(await server.createDatabase());
}

async function setUp(url: string) {
  const { store, db } = await opened(url);
  const sessionId = newSessionId();
  const commit = (seq: number, text?: string) =>
    store.commit([
      commitOf(sessionId, {
        events: [logEvent(sessionId, seq, text)],
        summary: summaryOf(sessionId),
        agentCalls: [agentCallOf(sessionId, { key: `${sessionId}/${seq}` })],
      }),
    ]);
  const saved = async (): Promise<readonly number[]> => (await store.events(sessionId, page)).map((event) => event.seq);
  expect(await commit(1)).toEqual({ ok: true });
  return { store, db, sessionId, commit, saved };
}

/** A connection that our store knows nothing of. */
async function beside(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** Asks again until there is a row. */
async function firstRow<T extends object>(client: Client, query: string, values: readonly unknown[] = []): Promise<T> {
  for (;;) {
    const { rows } = await client.query<T>(query, [...values]);
    const row = rows[0];
    if (row !== undefined) return row;
  }
}

const waitingWriter = `select pid from pg_stat_activity
  where datname = current_database() and wait_event_type = 'Lock' and query like '%hp_event%'`;

describe('PostgreSQL in trouble', () => {
  it('writes nothing of a commit whose connection was ended half way, says so, and recovers (I2)', async () => {
    const url = await freshUrl();
    const { store, commit, saved } = await setUp(url);
    const other = await beside(url);
    // The last table a commit of this kind writes is locked: its event is written, and waits to be committed.
    await other.query('begin');
    await other.query('lock table hp_session in exclusive mode');
    const committing = commit(2);
    const { pid } = await firstRow<{ pid: number }>(other, waitingWriter);
    await other.query('select pg_terminate_backend($1)', [pid]);
    expect(await committing).toMatchObject({ ok: false, code: 'unavailable' });
    await other.query('rollback');
    expect(await saved()).toEqual([1]);
    expect(await commit(2)).toEqual({ ok: true });
    expect(await saved()).toEqual([1, 2]);
    await other.end();
    await store.close();
  });

  it('does not call a commit saved whose answer was lost, and finds it when it is tried again (I1, I2)', async () => {
    const url = new URL(await freshUrl());
    const other = await beside(url.href);
    const link = await breakableLink({ host: url.hostname, port: Number(url.port) });
    url.port = String(link.port);
    const { store, sessionId, commit } = await setUp(url.href);
    link.mute();
    const committing = commit(2, 'first');
    await firstRow(other, 'select 1 from hp_event where session_id = $1 and seq = 2', [sessionId]);
    await link.cut();
    expect(await committing).toMatchObject({ ok: false, code: 'unavailable' });
    await link.mend();
    expect(await commit(2, 'second')).toMatchObject({ ok: false, code: 'conflict' });
    expect(await store.events(sessionId, page)).toEqual([logEvent(sessionId, 1), logEvent(sessionId, 2, 'first')]);
    expect(await commit(3)).toEqual({ ok: true });
    await store.close();
    await link.cut();
    await other.end();
  });

  it('says that it cannot save while the server crashes and recovers, and then goes on (I2, I5)', async () => {
    const url = await freshUrl();
    const { store, db, commit, saved } = await setUp(url);
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(db);
    // One process of it that dies takes all connections with it: it starts anew from its log.
    process.kill(rows[0]?.pid ?? 0, 'SIGKILL');
    let seq = 2;
    let refused = 0;
    // Some tries meet the crash, some the recovery; those called saved must be there.
    const called: number[] = [1];
    while (called.length < 3) {
      const outcome = await commit(seq);
      if (outcome.ok || outcome.code === 'conflict') {
        called.push(seq);
        seq += 1;
      } else refused += 1;
    }
    expect(refused).toBeGreaterThan(0);
    expect(await saved()).toEqual(called);
    await store.close();
  });

  it('says that it cannot save while the server is stopped, and goes on when it is started again (I2, I5)', async () => {
    const own = await startPostgres();
    const url = own.url(await own.createDatabase());
    const { store, commit, saved } = await setUp(url);
    const stopped = await stopPostgres(url);
    expect(await commit(2)).toMatchObject({ ok: false, code: 'unavailable' });
    expect(await store.commit([])).toMatchObject({ ok: false, code: 'unavailable' });
    await expect(saved()).rejects.toThrow(/ECONNREFUSED|connect|terminat/i);
    const started = await stopped.start();
    expect(await store.commit([])).toEqual({ ok: true });
    expect(await commit(2)).toEqual({ ok: true });
    expect(await saved()).toEqual([1, 2]);
    await store.close();
    await started.end();
    await own.stop();
  });

  it('has the server give a commit up before it does itself, so that it is known not to be saved (I2)', async () => {
    const { store, db } = await setUp(await freshUrl());
    const { rows } = await sql<{
      ms: number;
    }>`select setting::int as ms from pg_settings where name = 'statement_timeout'`.execute(db);
    expect(rows[0]?.ms).toBeGreaterThan(0);
    expect(rows[0]?.ms).toBeLessThan(15_000);
    await store.close();
  });

  it('says of a database that takes no writes that it cannot save, and recovers (I2)', async () => {
    const url = await freshUrl();
    const { store, commit, saved } = await setUp(url);
    const other = await beside(url);
    const name = new URL(url).pathname.slice(1);
    await other.query(`alter database ${name} set default_transaction_read_only = on`);
    await other.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and pid <> pg_backend_pid()',
      [name],
    );
    let outcome = await commit(2);
    // A connection that broke is seen first; the next one finds the database read-only.
    if (!outcome.ok && !outcome.message.includes('25006')) outcome = await commit(2);
    expect(outcome).toMatchObject({ ok: false, code: 'unavailable', message: expect.stringContaining('25006') });
    expect(await saved()).toEqual([1]);
    await other.query('begin read write');
    await other.query(`alter database ${name} set default_transaction_read_only = off`);
    await other.query('commit');
    await other.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and pid <> pg_backend_pid()',
      [name],
    );
    while (!(await store.commit([])).ok) await other.query('select 1');
    expect(await commit(2)).toEqual({ ok: true });
    expect(await saved()).toEqual([1, 2]);
    await other.end();
    await store.close();
  });
});
