import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { wholeAudit } from '@/lib/domain/audit-look';
import { mintId, type RequestId } from '@/lib/domain/ids';
import { teamKinds, usualPersonPreferences } from '@/lib/domain/notice';
import { contentOf } from '@/server/notify/content/content';
import type { NewDelivery } from '@/server/notify/delivery';
import { migrateNotify } from '@/server/notify/migrate';
import { NoticeStore } from '@/server/notify/notice-store';
import { loseNextCommit } from '@/tests/policy/policy-place';
import { startPostgres } from '@/tests/support/postgres';
import { ana, asPerson, ben, Desk, payments, random } from './desk';
import { Receiver } from './receiver';

interface Harness {
  freshUrl(): Promise<string>;
  stop(): Promise<void>;
}

const sqlite = async (): Promise<Harness> => {
  const folder = await mkdtemp(path.join(tmpdir(), 'holdpoint-notify-'));
  let count = 0;
  return {
    freshUrl: async () => `sqlite:${path.join(folder, `${(count += 1)}.db`)}`,
    stop: () => rm(folder, { recursive: true, force: true }),
  };
};
const postgres = async (): Promise<Harness> => {
  const server = await startPostgres();
  return { freshUrl: async () => server.url(await server.createDatabase()), stop: () => server.stop() };
};

describe.each([
  ['SQLite', sqlite],
  ['PostgreSQL', postgres],
])('the tables of notices on %s', (_name, start) => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await start();
  });
  afterAll(() => harness.stop());

  async function fresh(): Promise<{
    readonly desk: Desk;
    readonly store: NoticeStore;
    readonly close: () => Promise<void>;
  }> {
    const desk = await Desk.open({ databaseUrl: await harness.freshUrl(), people: [ana, ben] });
    return { desk, store: new NoticeStore(desk.db, random), close: () => desk.close() };
  }

  const delivery = (desk: Desk, change: Partial<NewDelivery> = {}): NewDelivery & { readonly about: RequestId } => {
    const subject = desk.subject();
    return {
      kind: 'opened',
      channel: 'webhook',
      recipient: 'end_1',
      occurrence: 'to:all',
      gather: false,
      nextAt: 1_000,
      content: contentOf('opened', subject, { by: null, team: null }),
      ...change,
      about: subject.requestId,
    };
  };

  it('are made once, however often and by however many', async () => {
    const { desk, close } = await fresh();
    const { db, kind } = desk.store;
    await Promise.all([migrateNotify(db, kind), migrateNotify(db, kind), migrateNotify(db, kind)]);
    await migrateNotify(db, kind);
    expect(await desk.rows()).toEqual([]);
    await close();
  });

  it('hold each delivery once', async () => {
    const { desk, store, close } = await fresh();
    const one = delivery(desk);
    expect(await store.add([one, { ...one, recipient: 'end_2' }], 5, 7)).toBe(2);
    expect(await store.add([one, { ...one, recipient: 'end_3' }, { ...one, occurrence: '2' }], 6, null)).toBe(2);
    expect(await desk.rows()).toHaveLength(4);
    expect(await store.mark()).toBe(7);
    await store.add([], 8, 9);
    await store.add([], 8, 3);
    expect(await store.mark()).toBe(9);
    expect(await store.has(one.about, 'opened', 'to:all')).toBe(true);
    expect(await store.has(one.about, 'opened', 'other')).toBe(false);
    expect(await store.hasAny(one.about, 'opened')).toBe(true);
    expect(await store.hasAny(one.about, 'expired')).toBe(false);
    const other = mintId('request', random);
    expect(await store.untold([other, one.about])).toEqual([other]);
    const many = Array.from({ length: 1_200 }, () => mintId('request', random));
    expect(await store.untold([...many, one.about])).toHaveLength(1_200);
    await close();
  });

  it('write thousands at once', async () => {
    const { desk, store, close } = await fresh();
    const one = delivery(desk);
    const news = Array.from({ length: 2_345 }, (_, index) => ({ ...one, recipient: `per_${index}` }));
    expect(await store.add(news, 5, 7)).toBe(2_345);
    expect(await store.add(news, 5, 7)).toBe(0);
    await close();
  });

  it('say what is due, in order, and what belongs together', async () => {
    const { desk, store, close } = await fresh();
    const busy = { ids: [], recipients: [] };
    const gathered = { gather: true, recipient: 'end_2' };
    await store.add([delivery(desk, { nextAt: 300 })], 1, null);
    await store.add(
      [delivery(desk, { nextAt: 200, ...gathered }), delivery(desk, { nextAt: 200, ...gathered })],
      2,
      null,
    );
    await store.add([delivery(desk, { nextAt: 100, channel: 'slack', recipient: 'end_9' })], 3, null);
    expect((await store.upcoming('webhook', busy, 9)).map(({ nextAt }) => nextAt)).toEqual([200, 200, 300]);
    expect(await store.upcoming('email', busy, 9)).toEqual([]);
    const [leader = null] = await store.upcoming('webhook', busy, 1);
    if (leader === null) throw new Error('nothing is due');
    const batch = await store.batchOf(leader, 500);
    expect(batch.map(({ recipient, batch: of }) => [recipient, of])).toEqual([
      ['end_2', leader.id],
      ['end_2', leader.id],
    ]);
    const rest = { ids: batch.map(({ id }) => id), recipients: [] };
    expect(await store.upcoming('webhook', rest, 9)).toMatchObject([{ recipient: 'end_1', createdAt: 1 }]);
    expect(await store.upcoming('webhook', { ids: [], recipients: ['end_1', 'end_2'] }, 9)).toEqual([]);
    await store.end([leader.id], { state: 'pending', words: 'no', status: 500, nextAt: 900 }, 1);
    const [again] = await store.upcoming('webhook', { ids: [], recipients: ['end_1'] }, 1);
    expect((await store.batchOf(again ?? leader, 1_000)).map(({ id }) => id).sort()).toEqual([...rest.ids].sort());
    await store.end(rest.ids, { state: 'sent', at: 950, status: 204 }, 2);
    expect(
      (await store.log({ recipient: null, before: null, limit: 10 })).filter(({ state }) => state === 'sent'),
    ).toMatchObject([
      { sentAt: 950, lastStatus: 204, lastError: null, attempts: 2, nextAt: null },
      { sentAt: 950, lastStatus: 204, lastError: null, attempts: 2, nextAt: null },
    ]);
    await store.dropFor('end_1', 'gone');
    expect(await store.upcoming('webhook', busy, 9)).toEqual([]);
    await store.purge(3);
    expect((await desk.rows()).map(({ channel, state }) => `${channel} ${state}`)).toEqual(['slack pending']);
    await close();
  });

  it('I15 take a place and its entry together, or neither; also when only the word of it was lost', async () => {
    const { desk, close } = await fresh();
    const { notices } = desk.notify;
    const order = { kind: 'webhook', team: null, url: 'http://127.0.0.1:1/x', kinds: teamKinds } as const;
    const places = (): number => {
      const list = notices.endpoints(asPerson(ana));
      return list.ok ? list.value.length : -1;
    };
    const acts = async (): Promise<readonly string[]> => {
      const { entries } = await desk.store.audit.page(wholeAudit, { before: null, limit: 100 });
      return entries.map(({ act }) => act).toReversed();
    };
    const break_ = () => sql`alter table hp_audit_due rename to hp_away`.execute(desk.db);
    const mend = () => sql`alter table hp_away rename to hp_audit_due`.execute(desk.db);
    await break_();
    expect(await notices.addEndpoint(asPerson(ana), order)).toMatchObject({ ok: false, code: 'cannot_save' });
    expect([places(), await desk.db.selectFrom('hp_endpoint').select('id').execute()]).toEqual([0, []]);
    await mend();
    loseNextCommit(desk.db as never);
    const added = await notices.addEndpoint(asPerson(ana), order);
    const id = added.ok ? added.value.endpoint.id : '';
    await break_();
    expect(await notices.removeEndpoint(asPerson(ana), id)).toMatchObject({ ok: false, code: 'cannot_save' });
    expect(places()).toBe(1);
    await mend();
    loseNextCommit(desk.db as never);
    expect(await notices.removeEndpoint(asPerson(ana), id)).toEqual({ ok: true, value: true });
    expect(places()).toBe(0);
    expect(await acts()).toEqual(['place.added', 'place.removed']);
    await close();
  });

  it('hold that a place is enabled together with its entry in the audit log, and enabling it again keeps none', async () => {
    const { desk, close } = await fresh();
    const order = { kind: 'webhook', team: null, url: 'http://127.0.0.1:1/x', kinds: teamKinds } as const;
    const added = await desk.notify.notices.addEndpoint(asPerson(ana), order);
    const id = added.ok ? added.value.endpoint.id : '';
    await desk.notify.stop();
    await desk.db.updateTable('hp_endpoint').set({ disabled_at: 5, disabled_why: 'gone', failures: 9 }).execute();
    await desk.again();
    const enable = () => desk.notify.notices.enableEndpoint(asPerson(ana), id);
    await sql`alter table hp_audit_due rename to hp_away`.execute(desk.db);
    expect(await enable()).toMatchObject({ ok: false, code: 'cannot_save' });
    expect(desk.notify.notices.endpoints(asPerson(ana))).toMatchObject({ value: [{ disabledAt: 5 }] });
    await sql`alter table hp_away rename to hp_audit_due`.execute(desk.db);
    loseNextCommit(desk.db as never);
    expect(await enable()).toMatchObject({ ok: true, value: { disabledAt: null } });
    expect(await enable()).toMatchObject({ ok: true, value: { disabledAt: null } });
    const rows = await desk.db.selectFrom('hp_endpoint').select(['disabled_at', 'failures']).execute();
    expect(rows).toMatchObject([{ disabled_at: null, failures: 0 }]);
    const { entries } = await desk.store.audit.page(wholeAudit, { before: null, limit: 100 });
    expect(entries.map(({ act }) => act)).toEqual(['place.enabled', 'place.added']);
    await close();
  });

  it('carry a notice from the event to the receiver', async () => {
    const receiver = await Receiver.start();
    const { desk, close } = await fresh();
    const { notices } = desk.notify;
    await notices.savePreferences(asPerson(ben), { ...usualPersonPreferences, digestMinutes: 5 });
    desk.roster = { ...desk.roster, teams: [{ ...payments, members: [ben.id] }] };
    const order = { kind: 'webhook', team: payments.id, url: `${receiver.url}/`, kinds: teamKinds } as const;
    await notices.addEndpoint(asPerson(ana), order);
    await desk.notify.run();
    receiver.answer = () => ({ status: receiver.received.length === 1 ? 500 : 200 });
    await desk.open({ team: payments });
    await desk.until((rows) => rows.some(({ channel, attempts }) => channel === 'webhook' && attempts === 1));
    desk.clock.move(5 * 60_000);
    await desk.until((rows) => rows.length === 2 && rows.every(({ state }) => state === 'sent'));
    expect(receiver.received).toHaveLength(2);
    await desk.notify.stop();
    await desk.again();
    expect(desk.notify.notices.preferences(asPerson(ben))).toMatchObject({
      value: { preferences: { digestMinutes: 5 } },
    });
    expect(desk.notify.notices.endpoints(asPerson(ana))).toMatchObject({ value: [{ team: payments.id }] });
    await close();
    await receiver.stop();
  });
});
