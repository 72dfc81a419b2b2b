import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { teamKinds, usualPersonPreferences, usualTeamPreferences } from '@/lib/domain/notice';
import { ana, asPerson, ben, cleo, Desk, dora, ops, payments, teamId } from './desk';
import { Mailbox } from './mailbox';
import { Receiver } from './receiver';

let desk: Desk;
let box: Mailbox;
let receiver: Receiver;
beforeEach(async () => {
  box = await Mailbox.open();
  receiver = await Receiver.start();
  desk = await Desk.open({
    mail: box.settings(),
    people: [ana, ben, cleo, dora],
    teams: [
      { ...payments, members: [ben.id] },
      { ...ops, members: [] },
    ],
  });
  await desk.notify.run();
});
afterEach(async () => {
  await desk.close();
  await box.close();
  await receiver.stop();
});

const admin = asPerson(ana);
const order = () => ({ kind: 'webhook', team: null, url: `${receiver.url}/x`, kinds: teamKinds }) as const;
const quiet = { fromMinute: 1_320, toMinute: 420, days: [1, 2, 3] as const };

describe('what a person wants', () => {
  it('is the usual until they say otherwise, and kept over a start', async () => {
    const { notices } = desk.notify;
    expect(notices.preferences(asPerson(ben))).toEqual({
      ok: true,
      value: { preferences: usualPersonPreferences, email: 'ben@example.com' },
    });
    const wanted = { ...usualPersonPreferences, timeZone: 'Europe/Berlin', quiet, digestMinutes: 30 };
    const saved = await notices.savePreferences(asPerson(ben), { ...wanted, extra: 'not kept' } as typeof wanted);
    expect(saved).toMatchObject({ ok: true, value: { preferences: wanted } });
    await desk.notify.stop();
    await desk.again();
    const now = desk.notify.notices.preferences(asPerson(ben));
    expect(now.ok ? now.value.preferences : null).toEqual(wanted);
    expect(desk.notify.notices.preferences(asPerson(cleo))).toMatchObject({
      value: { preferences: usualPersonPreferences },
    });
  });

  it('is refused with words when it makes no sense', async () => {
    const bad = { ...usualPersonPreferences, timeZone: 'Mars/Olympus' };
    expect(await desk.notify.notices.savePreferences(asPerson(ben), bad)).toMatchObject({
      ok: false,
      code: 'bad_input',
      message: 'This time zone is not known.',
    });
  });
});

describe('who may do what (I11)', () => {
  const roles = [
    ['ana', ana, true],
    ['ben', ben, false],
    ['dora', dora, false],
  ] as const;

  it.each(roles)('%s', async (_name, person, may) => {
    const { notices } = desk.notify;
    const added = await notices.addEndpoint(admin, order());
    const id = added.ok ? added.value.endpoint.id : '';
    const me = asPerson(person);
    const answers = [
      notices.teamPreferences(me, payments.id),
      await notices.saveTeamPreferences(me, payments.id, usualTeamPreferences),
      notices.endpoints(me),
      await notices.addEndpoint(me, order()),
      await notices.enableEndpoint(me, id),
      await notices.sendTest(me, id),
      await notices.removeEndpoint(me, id),
    ];
    for (const answer of answers) expect(answer).toMatchObject(may ? { ok: true } : { ok: false, code: 'forbidden' });
    expect(notices.preferences(me).ok).toBe(true);
    expect((await notices.savePreferences(me, usualPersonPreferences)).ok).toBe(true);
  });

  it('is decided by the role they have now, and nobody does anything once disabled', async () => {
    const { notices } = desk.notify;
    desk.roster = {
      ...desk.roster,
      people: [
        { ...ana, role: 'approver' },
        { ...ben, disabled: true },
      ],
    };
    expect(notices.endpoints(admin)).toMatchObject({ code: 'forbidden' });
    for (const answer of [
      notices.preferences(asPerson(ben)),
      await notices.savePreferences(asPerson(ben), usualPersonPreferences),
      await notices.log(asPerson(ben), { before: null, limit: 10 }),
      await notices.sendTest(asPerson(ben), 'desktop'),
    ])
      expect(answer).toMatchObject({ ok: false, code: 'not_signed_in' });
  });
});

describe('an endpoint', () => {
  it.each([
    ['a private address', { url: 'https://10.0.0.1/' }, 'public internet'],
    ['no address', { url: 'nowhere' }, 'not an address'],
    ['no kind', { kinds: [] }, 'at least one'],
    ['a kind that concerns one person', { kinds: ['mentioned'] }, 'at least one'],
    ['another kind of place', { kind: 'fax' }, ''],
    ['a team that is not', { team: teamId('nobody') }, 'no such team'],
    ['Slack for all', { kind: 'slack' }, 'belongs to a team'],
  ])('with %s is refused', async (_words, change, words) => {
    const answer = await desk.notify.notices.addEndpoint(admin, { ...order(), ...change } as ReturnType<typeof order>);
    expect(answer).toMatchObject({ ok: false, message: expect.stringContaining(words) });
    expect(desk.notify.notices.endpoints(admin)).toEqual({ ok: true, value: [] });
  });

  it('shows its secret once; lists never do', async () => {
    const added = await desk.notify.notices.addEndpoint(admin, order());
    if (!added.ok || added.value.secret === null) throw new Error('not added');
    const list = desk.notify.notices.endpoints(admin);
    expect(JSON.stringify(list)).not.toContain(added.value.secret.slice(6));
    expect(list).toMatchObject({
      ok: true,
      value: [{ kind: 'webhook', team: null, createdBy: 'ana', disabledAt: null }],
    });
    expect(Object.keys(list.ok ? (list.value[0] ?? {}) : {}).sort()).toEqual(
      ['createdAt', 'createdBy', 'disabledAt', 'disabledWhy', 'id', 'kind', 'kinds', 'team', 'where'].sort(),
    );
  });

  it('that is removed hears nothing more, of what waits either', async () => {
    const added = await desk.notify.notices.addEndpoint(admin, order());
    const id = added.ok ? added.value.endpoint.id : '';
    receiver.answer = () => ({ status: 500 });
    await desk.open();
    await desk.until((rows) => rows.every(({ attempts }) => attempts === 1));
    expect(await desk.notify.notices.removeEndpoint(admin, id)).toEqual({ ok: true, value: true });
    expect((await desk.rows()).find(({ recipient }) => recipient === id)).toMatchObject({ state: 'dropped' });
    expect(await desk.notify.notices.removeEndpoint(admin, id)).toMatchObject({ code: 'not_found' });
  });

  it('sealed with another secret is not used, and says what to do', async () => {
    const added = await desk.notify.notices.addEndpoint(admin, order());
    const id = added.ok ? added.value.endpoint.id : '';
    await desk.notify.stop();
    await desk.db.updateTable('hp_endpoint').set({ url_sealed: 'v1.AAAA' }).execute();
    await desk.again();
    await desk.notify.run();
    const tested = await desk.notify.notices.sendTest(admin, id);
    expect(tested).toMatchObject({ ok: false, message: expect.stringContaining('add it again') });
  });
});

describe('a test', () => {
  it('goes to oneself by desktop and mail, and to an endpoint, and says what became of it', async () => {
    const { notices } = desk.notify;
    expect(await notices.sendTest(asPerson(ben), 'desktop')).toMatchObject({ ok: true });
    expect(desk.pushed.map(({ to }) => to)).toEqual([ben.id]);
    expect(await notices.sendTest(asPerson(ben), 'email')).toMatchObject({ ok: false, code: 'too_many' });
    desk.clock.move(3_000);
    expect(await notices.sendTest(asPerson(ben), 'email')).toMatchObject({ ok: true });
    expect(box.letters.map(({ to }) => to)).toEqual([['ben@example.com']]);
    const added = await notices.addEndpoint(admin, order());
    receiver.answer = () => ({ status: 418 });
    const answer = await notices.sendTest(admin, added.ok ? added.value.endpoint.id : '');
    expect(answer).toMatchObject({ ok: false, message: 'It answered 418.' });
    expect(receiver.received).toHaveLength(1);
    expect(await desk.rows()).toEqual([]);
  });
});

describe('the log of deliveries', () => {
  it('shows an admin all and others their own, page by page', async () => {
    const { notices } = desk.notify;
    for (let count = 0; count < 3; count += 1) {
      await desk.open({ team: payments, assignedTo: cleo });
      desk.clock.move(1_000);
    }
    await desk.quiet();
    const page = { before: null, limit: 100 };
    const all = await notices.log(admin, page);
    expect(all.ok ? all.value.map(({ to }) => to).sort() : []).toEqual(['ben', 'ben', 'ben', 'cleo', 'cleo', 'cleo']);
    const own = await notices.log(asPerson(ben), page);
    expect(own.ok ? own.value.map(({ to, state, kind }) => `${to} ${state} ${kind}`) : []).toEqual(
      Array(3).fill('ben sent opened'),
    );
    const seen: string[] = [];
    for (let before: { createdAt: number; id: string } | null = null; ; ) {
      const next = await notices.log(admin, { before, limit: 2 });
      const last = next.ok ? next.value.at(-1) : undefined;
      if (!next.ok || last === undefined) break;
      seen.push(...next.value.map(({ id }) => id));
      before = { createdAt: last.createdAt, id: last.id };
    }
    expect(seen).toEqual(all.ok ? all.value.map(({ id }) => id) : []);
    expect(await notices.log(asPerson(dora), page)).toEqual({ ok: true, value: [] });
  });
});
