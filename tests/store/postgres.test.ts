import { sql } from 'kysely';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RequestId } from '@/lib/domain/ids';
import type { QueuePlace } from '@/lib/domain/queue-query';
import { openStore } from '@/server/store/open-store';
import { startPostgres, type TestPostgres } from '@/tests/support/postgres';
import { breakableLink } from './breakable-link';
import { storeContract } from './contract';
import { opened } from './opened';
import { lookOf } from './queue-model';
import { commitOf, logEvent, newSessionId, requestOf, summaryOf } from './samples';
import { recordingLog } from './silent-log';

const page = { afterSeq: 0, limit: 100 };

storeContract('PostgreSQL', async () => {
  const server = await startPostgres();
  return {
    freshUrl: async () => server.url(await server.createDatabase()),
    stop: () => server.stop(),
  };
});

describe('PostgreSQL itself', () => {
  let server: TestPostgres | null = null;
  const freshUrl = async (): Promise<string> => {
    if (server === null) throw new Error('PostgreSQL has not started');
    return server.url(await server.createDatabase());
  };
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server?.stop());

  it('waits for the disk at every commit, whatever the database says (I2)', async () => {
    const url = await freshUrl();
    const first = await opened(url);
    await sql`alter database ${sql.id(new URL(url).pathname.slice(1))} set synchronous_commit = off`.execute(first.db);
    await first.store.close();
    const { db, store } = await opened(url);
    const asked = Array.from({ length: 8 }, () =>
      sql<{ synchronous_commit: string }>`show synchronous_commit`.execute(db),
    );
    for (const { rows } of await Promise.all(asked)) expect(rows).toEqual([{ synchronous_commit: 'on' }]);
    await store.close();
  });

  it('does not open with a URL that turns that off (I2)', async () => {
    const url = `${await freshUrl()}?options=-c%20synchronous_commit%3Doff`;
    const opening = await openStore({ databaseUrl: url, log: recordingLog().log });
    expect(opening.ok ? '' : opening.message).toContain('synchronous_commit');
  });

  it('warns when the server itself does not wait for the disk (I2)', async () => {
    const { log, lines } = recordingLog();
    const opening = await openStore({ databaseUrl: await freshUrl(), log });
    if (!opening.ok) throw new Error(opening.message);
    // The server of these tests runs so.
    expect(lines.join('\n')).toContain('fsync off');
    await opening.store.close();
  });

  it('says that it cannot save while the server is away, stays up, and recovers (I2)', async () => {
    const url = new URL(await freshUrl());
    const link = await breakableLink({ host: url.hostname, port: Number(url.port) });
    url.port = String(link.port);
    const { store } = await opened(url.href);
    const sessionId = newSessionId();
    const commit = (seq: number) =>
      store.commit([commitOf(sessionId, { events: [logEvent(sessionId, seq)], summary: summaryOf(sessionId) })]);
    expect(await commit(1)).toEqual({ ok: true });
    await link.cut();
    expect(await commit(2)).toMatchObject({ ok: false, code: 'unavailable' });
    await expect(store.session(sessionId)).rejects.toThrow(/connect|terminated/i);
    await link.mend();
    expect(await commit(2)).toEqual({ ok: true });
    expect(await store.events(sessionId, page)).toHaveLength(2);
    await store.close();
    await link.cut();
  });

  it('lets several nodes migrate one database at once', async () => {
    const url = await freshUrl();
    const nodes = await Promise.all([opened(url), opened(url), opened(url)]);
    const sessionId = newSessionId();
    const outcomes = await Promise.all(
      nodes.map(({ store }, at) =>
        store.commit([commitOf(sessionId, { events: [logEvent(sessionId, 1, `node ${at}`)] })]),
      ),
    );
    expect(outcomes.filter((outcome) => outcome.ok)).toHaveLength(1);
    await Promise.all(nodes.map(({ store }) => store.close()));
  });

  it('orders the queue byte by byte where the database orders text as people do', async () => {
    const url = new URL(await freshUrl());
    const first = new Client({ connectionString: url.href });
    await first.connect();
    await first.query("create database people template template0 locale_provider icu icu_locale 'en-US'");
    await first.end();
    url.pathname = '/people';
    const { store, db } = await opened(url.href);
    const { rows } = await sql<{ before: boolean }>`select 'req_a' < 'req_B' as before`.execute(db);
    expect(rows).toEqual([{ before: true }]);
    const sessionId = newSessionId();
    const ids = ['req_a', 'req_B', 'req_b', 'req_A'] as RequestId[];
    const requests = ids.map((id) => requestOf(sessionId, id));
    expect(await store.commit([commitOf(sessionId, { requests, summary: summaryOf(sessionId) })])).toEqual({
      ok: true,
    });
    const found = [];
    for (let after: QueuePlace | null = null; found.length < ids.length; ) {
      const [row] = await store.queue({ ...lookOf({}), after, limit: 1 });
      if (row === undefined) break;
      found.push(row.request.requestId);
      after = { at: row.request.deadline.at, requestId: row.request.requestId };
    }
    expect(found).toEqual(['req_A', 'req_B', 'req_a', 'req_b']);
    await store.close();
  });

  it('says where it could not connect, without the password', async () => {
    const url = new URL(await freshUrl());
    url.password = 'hunter2-wrong';
    const { log, lines } = recordingLog();
    const opening = await openStore({ databaseUrl: url.href, log });
    if (opening.ok) throw new Error('it opened');
    expect(opening.message).toContain(url.host);
    expect(`${opening.message} ${lines.join(' ')}`).not.toContain('hunter2');
  });
});
