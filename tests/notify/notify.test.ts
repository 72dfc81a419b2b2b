import { afterEach, describe, expect, it } from 'vitest';
import { plainCall } from '@/tests/support/desk';
import { mintId, type PersonId } from '@/lib/domain/ids';
import { noticeKinds, type PersonPreferences, teamKinds } from '@/lib/domain/notice';
import type { RosterPerson } from '@/lib/domain/notice/recipients';
import { masked } from '@/lib/domain/mask';
import type { NoticeSubject } from '@/server/notify/ports';
import { dropRestored } from '@/server/notify/restored';
import {
  ana,
  asPerson,
  ben,
  cleo,
  Desk,
  type DeskOptions,
  dora,
  MovableClock,
  openedEvent,
  ops,
  payments,
  random,
  someone,
} from './desk';
import { Mailbox } from './mailbox';
import { Receiver } from './receiver';

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const minute = 60_000;
const teams = [
  { ...payments, members: [ben.id, cleo.id, dora.id] },
  { ...ops, members: [ana.id] },
];

async function newDesk(options: DeskOptions = {}): Promise<Desk> {
  const desk = await Desk.open({ people: [ana, ben, cleo, dora], teams, ...options });
  ends.push(() => desk.close());
  return desk;
}

async function running(options: DeskOptions = {}): Promise<Desk> {
  const desk = await newDesk(options);
  await desk.notify.run();
  return desk;
}

const toldOn = async (desk: Desk): Promise<readonly string[]> => {
  await desk.quiet();
  return desk.pushed.map(({ to }) => to.replace('per_', '')).sort();
};

const allOf = (change: Partial<PersonPreferences> = {}): PersonPreferences => ({
  kinds: { desktop: noticeKinds, email: noticeKinds },
  timeZone: 'UTC',
  quiet: null,
  digestMinutes: null,
  ...change,
});

describe('who is told', () => {
  it.each<[string, Partial<NoticeSubject>, readonly string[]]>([
    ['of what is for nobody in particular: who may answer', {}, ['ana', 'ben', 'cleo']],
    ['of a team’s: its members who may answer', { team: payments }, ['ben', 'cleo']],
    ['of two teams’: both', { team: payments, alsoTeams: [ops] }, ['ana', 'ben', 'cleo']],
    ['of what is assigned: them too', { team: payments, assignedTo: ana }, ['ana', 'ben', 'cleo']],
    ['of what a model answers: nobody', { forModel: true }, []],
  ])('%s (I11)', async (_words, subject, expected) => {
    const desk = await running();
    await desk.open(subject);
    expect(await toldOn(desk)).toEqual(expected);
  });

  const away = (delegate: RosterPerson | null, untilAt: number | null = null) => ({ untilAt, delegate });
  it.each<[string, RosterPerson, readonly string[]]>([
    ['away: their delegate', { ...ben, away: away(ana) }, ['ana', 'cleo']],
    ['away without a delegate: nobody for them', { ...ben, away: away(null) }, ['cleo']],
    ['back again: themselves', { ...ben, away: away(ana, 5) }, ['ben', 'cleo']],
    ['disabled: nobody', { ...ben, disabled: true }, ['cleo']],
    ['a delegate who is told already: once', { ...ben, away: away(cleo) }, ['cleo']],
  ])('for who is %s', async (_words, benNow, expected) => {
    const desk = await running({ people: [ana, benNow, cleo] });
    await desk.open({ team: payments });
    expect(await toldOn(desk)).toEqual(expected);
  });

  it('what happens to one person is told to that one, never to who did it', async () => {
    const desk = await running();
    const { requestId } = await desk.open({ team: payments });
    await desk.quiet();
    desk.pushed.length = 0;
    await desk.tell({ type: 'request.assigned', requestId, to: cleo }, ben);
    await desk.tell({ type: 'request.assigned', requestId, to: ben }, ben);
    await desk.tell({ type: 'request.assigned', requestId, to: null }, ben);
    const noteId = mintId('note', random);
    await desk.tell({ type: 'request.noted', requestId, noteId, mentions: [ben.id, cleo.id, dora.id] }, ben);
    await desk.tell({ type: 'request.noted', requestId, noteId: mintId('note', random), mentions: [] }, ben);
    desk.change(requestId, { state: 'undelivered', answeredBy: [cleo.id] });
    await desk.tell({ type: 'answer.undelivered', requestId, why: 'sk-0123456789abcdefghij' }, cleo);
    await desk.quiet();
    expect(desk.pushed.map(({ to, notice }) => `${to.replace('per_', '')}: ${notice.title}`).sort()).toEqual([
      'cleo: Your answer was not delivered: shell · run',
      'cleo: ben assigned this to you: shell · run',
      'cleo: ben mentioned you: shell · run',
      'dora: ben mentioned you: shell · run',
    ]);
  });

  it('is looked at again when it is sent: who may no longer see it is not told (I11)', async () => {
    const desk = await newDesk();
    await desk.notify.notices.savePreferences(asPerson(ben), allOf({ digestMinutes: 15 }));
    await desk.notify.run();
    await desk.open({ team: payments });
    await desk.quiet();
    desk.roster = { ...desk.roster, teams: [{ ...payments, members: [cleo.id] }] };
    desk.clock.move(15 * minute);
    const rows = await desk.until((all) => all.every(({ state }) => state !== 'pending'));
    expect(rows.find(({ recipient }) => recipient === ben.id)).toMatchObject({
      state: 'dropped',
      last_error: 'It was no longer theirs to see.',
    });
    expect(await toldOn(desk)).toEqual(['cleo']);
  });

  it('a mention of someone whose request it is not tells them nothing (I11)', async () => {
    const desk = await running({ people: [ana, ben, cleo, someone('eve')] });
    const { requestId } = await desk.open({ team: payments });
    await desk.quiet();
    desk.pushed.length = 0;
    await desk.tell(
      { type: 'request.noted', requestId, noteId: mintId('note', random), mentions: ['per_eve' as PersonId] },
      ben,
    );
    expect(await toldOn(desk)).toEqual([]);
  });

  it('says so when no browser was open', async () => {
    const desk = await running({ people: [ben] });
    desk.browsers = 0;
    await desk.open();
    const rows = await desk.until((all) => all.every(({ state }) => state !== 'pending'));
    expect(rows).toMatchObject([{ state: 'dropped', last_error: 'No browser of theirs was open.' }]);
  });
});

describe('routes that change', () => {
  it('tell the team the rules sent an edited request to, and nobody twice', async () => {
    const desk = await running();
    const subject = await desk.open({ team: payments });
    const edited = {
      type: 'request.edited' as const,
      requestId: subject.requestId,
      digest: 'd',
      changed: [],
      title: '',
    };
    const terms = { rule: { id: 'r', words: '' }, approval: null as never, ...plainCall };
    await desk.tell({ ...edited, ...terms, team: payments, alsoTeams: [] }, ben);
    expect(await toldOn(desk)).toEqual(['ben', 'cleo']);
    desk.change(subject.requestId, { team: ops });
    await desk.tell({ ...edited, ...terms, team: ops, alsoTeams: [] }, ben);
    expect(await toldOn(desk)).toEqual(['ana', 'ben', 'cleo']);
  });

  it('tell people when a model that was to answer did not', async () => {
    const desk = await running({ people: [ben] });
    const { requestId } = await desk.open({ forModel: true, kind: 'sampling' });
    desk.change(requestId, { forModel: false });
    await desk.tell({ type: 'request.to_person', requestId, why: 'it failed' });
    expect(await toldOn(desk)).toEqual(['ben']);
    expect(desk.pushed[0]?.notice.title).toBe('Model reply waits: shell · run');
  });
});

describe('quiet hours and digests', () => {
  // 23:00 UTC, in the quiet hours.
  const night = Date.parse('2026-11-22T23:00:00Z');
  const quiet = { fromMinute: 22 * 60, toMinute: 7 * 60, days: [0, 1, 2, 3, 4, 5, 6] as const };

  it('hold what comes until they are over, in one message, and let escalations through', async () => {
    const box = await Mailbox.open();
    ends.push(() => box.close());
    const desk = await newDesk({ mail: box.settings(), people: [ben], clock: new MovableClock(night) });
    await desk.notify.notices.savePreferences(asPerson(ben), allOf({ quiet }));
    await desk.notify.run();
    const day = { deadlineAt: night + 24 * 60 * minute };
    const first = await desk.open({ ...day, server: 'one' });
    await desk.open({ ...day, server: 'two' });
    const third = await desk.open({ ...day, server: 'three' });
    await desk.quiet();
    expect(box.letters).toEqual([]);
    expect(desk.pushed).toEqual([]);
    desk.roster = { ...desk.roster, teams: [{ ...payments, members: [ben.id] }] };
    await desk.tell({ type: 'request.escalated', requestId: first.requestId, team: payments, why: 'nobody is there' });
    const [escalation] = await box.until(1);
    expect(escalation?.raw).toContain('Escalated to Payments: one');
    const isUnderWay = ({ kind, state }: { kind: string; state: string }) =>
      kind === 'escalated' && state === 'pending';
    await desk.until((rows) => !rows.some(isUnderWay));
    desk.change(third.requestId, { state: 'answered' });
    desk.clock.move(8 * 60 * minute);
    await box.until(2);
    await desk.until((rows) => rows.every(({ state }) => state !== 'pending'));
    expect(box.letters).toHaveLength(2);
    expect(box.letters[1]?.raw).toContain('2 notices from Holdpoint');
    expect(box.letters[1]?.raw).not.toContain('three');
    expect(desk.pushed.map(({ notice }) => notice.title)).toEqual([
      'Escalated to Payments: one · run',
      '2 notices from Holdpoint',
    ]);
  });

  it('a digest that failed says the same again at its retry, and not what came since', async () => {
    const receiver = await Receiver.start();
    ends.push(() => receiver.stop());
    const desk = await newDesk();
    await desk.notify.notices.saveTeamPreferences(asPerson(ana), payments.id, {
      ...allOf({ digestMinutes: 5 }),
      kinds: { slack: [], webhook: teamKinds },
    });
    const url = `${receiver.url}/`;
    const order = { kind: 'webhook', team: payments.id, url, kinds: teamKinds } as const;
    await desk.notify.notices.addEndpoint(asPerson(ana), order);
    await desk.notify.run();
    receiver.answer = () => ({ status: 500 });
    await desk.open({ team: payments, server: 'one' });
    await desk.open({ team: payments, server: 'two' });
    desk.clock.move(5 * minute);
    await receiver.until(1);
    const isTried = ({ channel, attempts }: { channel: string; attempts: number }) =>
      channel !== 'webhook' || attempts === 1;
    await desk.until((rows) => rows.every(isTried));
    await desk.open({ team: payments, server: 'three' });
    receiver.answer = () => ({ status: 200 });
    desk.clock.move(10 * minute);
    await receiver.until(3);
    const ofWebhook = (await desk.quiet()).filter(({ channel }) => channel === 'webhook');
    expect(ofWebhook.map(({ state }) => state)).toEqual(['sent', 'sent', 'sent']);
    const [failed, again, later] = receiver.received;
    expect(again?.headers['webhook-id']).toBe(failed?.headers['webhook-id']);
    const said = (body = ''): unknown => JSON.parse(body.replaceAll(/"timestamp":"[^"]*",?/g, ''));
    expect(said(again?.body)).toEqual(said(failed?.body));
    expect(later?.body).toContain('three');
    expect(later?.headers['webhook-id']).not.toBe(failed?.headers['webhook-id']);
  });
});

describe('little time left', () => {
  const watch = (desk: Desk, { requestId, openedAt, deadlineAt }: NoticeSubject, state = 'open'): void => {
    const request = { requestId, openedAt, deadline: { at: deadlineAt }, state, writer: 'person' };
    desk.notify.hear({ change: 'request', seq: 1, item: { request } } as never);
  };

  it('is told once, whatever is heard and however often we start', async () => {
    const desk = await running({ people: [ben] });
    const subject = await desk.open();
    watch(desk, subject);
    watch(desk, subject);
    await desk.quiet();
    desk.clock.move(26 * minute);
    expect(desk.pushed).toHaveLength(1);
    desk.clock.move(minute);
    await expect.poll(() => desk.pushed.length).toBe(2);
    expect(desk.pushed[1]?.notice.title).toBe('3 min left: shell · run');
    await desk.notify.stop();
    await desk.again();
    await desk.notify.run();
    desk.clock.move(minute);
    await desk.notify.settled();
    await desk.quiet();
    expect(desk.pushed).toHaveLength(2);
  });

  it('is not told of what was answered', async () => {
    const desk = await running({ people: [ben] });
    const subject = await desk.open();
    watch(desk, subject);
    desk.change(subject.requestId, { state: 'answered' });
    watch(desk, subject, 'answered');
    desk.clock.move(28 * minute);
    await desk.notify.settled();
    expect((await desk.rows()).map(({ kind }) => kind)).toEqual(['opened']);
  });

  it('is told after a start in its last minutes', async () => {
    const desk = await newDesk({ people: [ben] });
    const subject = desk.subject();
    desk.clock.move(28 * minute);
    await desk.notify.run();
    desk.clock.move(1);
    await desk.until((rows) => rows.length === 2 && rows.every(({ state }) => state === 'sent'));
    expect((await desk.rows()).map(({ kind, request_id }) => [kind, request_id])).toEqual(
      expect.arrayContaining([
        ['opened', subject.requestId],
        ['expiring', subject.requestId],
      ]),
    );
  });
});

describe('after a crash', () => {
  it('what was committed and never heard is told once, and what was written is sent once (I5)', async () => {
    const desk = await newDesk({ people: [ben] });
    // Heard before the start, written, not sent: the first life ends here.
    const written = desk.subject({ server: 'written' });
    await desk.notify.run();
    await desk.quiet();
    await desk.notify.stop();
    desk.pushed.length = 0;
    await desk.db.updateTable('hp_notice').set({ state: 'pending', sent_at: null }).execute();
    // Committed while nobody listened.
    const lost = desk.subject({ server: 'lost' });
    desk.commit(openedEvent(lost));
    desk.commit({
      type: 'request.noted',
      requestId: lost.requestId,
      noteId: mintId('note', random),
      mentions: [ben.id],
    });
    await desk.db
      .insertInto('hp_notice_mark')
      .values({ id: 1, at: desk.clock.now() - 1 })
      .execute();
    for (let life = 0; life < 3; life += 1) {
      await desk.again();
      await desk.notify.run();
      await desk.quiet();
      await desk.notify.stop();
    }
    expect(desk.pushed.map(({ notice }) => notice.title).sort()).toEqual([
      'Approval waits: lost · run',
      'Approval waits: written · run',
      'You were mentioned: lost · run',
    ]);
    expect(desk.pushed.some(({ notice }) => notice.path === `/queue/${written.requestId}`)).toBe(true);
    await desk.again();
  });

  it('I7 a database that was restored from a backup tells nobody again, and tells what comes after', async () => {
    const desk = await newDesk({ people: [ben] });
    const backupAt = desk.clock.now();
    const written = desk.subject({ server: 'written' });
    await desk.notify.run();
    await desk.quiet();
    await desk.notify.stop();
    // As the backup holds it: one on its way, and events that were committed and not looked at yet.
    await desk.db.updateTable('hp_notice').set({ state: 'pending', sent_at: null }).execute();
    await desk.db
      .insertInto('hp_notice_mark')
      .values({ id: 1, at: backupAt - 1 })
      .execute();
    const noteId = mintId('note', random);
    desk.commit({ type: 'request.noted', requestId: written.requestId, noteId, mentions: [ben.id] });
    desk.clock.move(3 * 60 * minute);
    // What restoring itself writes.
    desk.change(written.requestId, { state: 'withdrawn' });
    desk.commit({ type: 'answer.undelivered', requestId: written.requestId, why: 'Restored.' });
    desk.pushed.length = 0;
    const order = { kind: desk.store.kind, backupAt, now: desk.clock.now() };
    expect(await dropRestored(desk.store.db, order)).toBe(1);
    expect(await dropRestored(desk.store.db, order)).toBe(0);
    await desk.again();
    await desk.notify.run();
    await desk.quiet();
    expect(desk.pushed).toEqual([]);
    expect(await desk.rows()).toMatchObject([
      { state: 'dropped', last_error: expect.stringContaining('Restored from a backup of') },
    ]);
    desk.clock.move(minute);
    await desk.open({ server: 'later' });
    await desk.quiet();
    expect(desk.pushed.map(({ notice }) => notice.title)).toEqual(['Approval waits: later · run']);
  });

  it('what is heard before the start waits for it', async () => {
    const desk = await newDesk({ people: [ben] });
    const subject = desk.subject();
    const event = desk.commit(openedEvent(subject));
    desk.notify.hear({ change: 'events', sessionId: event.sessionId, events: [event] });
    expect(await desk.rows()).toEqual([]);
    await desk.notify.run();
    await desk.notify.settled();
    expect(await toldOn(desk)).toEqual(['ben']);
    expect(await desk.rows()).toHaveLength(1);
  });

  it('while the database is away nothing is lost', async () => {
    const desk = await running({ people: [ben] });
    desk.away = true;
    const subject = desk.subject();
    const event = desk.commit(openedEvent(subject));
    desk.notify.hear({ change: 'events', sessionId: event.sessionId, events: [event] });
    await expect.poll(() => desk.lines.join()).toContain('tried again');
    desk.away = false;
    desk.clock.move(1_000);
    await desk.notify.settled();
    expect(await toldOn(desk)).toEqual(['ben']);
  });

  it('a database that is away when it is sent only delays it', async () => {
    const receiver = await Receiver.start();
    ends.push(() => receiver.stop());
    const desk = await newDesk();
    const order = { kind: 'webhook', team: null, url: `${receiver.url}/`, kinds: ['opened'] } as const;
    await desk.notify.notices.addEndpoint(asPerson(ana), order);
    await desk.notify.run();
    receiver.answer = () => ({ status: 500 });
    await desk.open();
    await desk.until((rows) => rows.every(({ attempts }) => attempts === 1));
    desk.away = true;
    desk.clock.move(10_000);
    await expect.poll(() => desk.lines.join()).toContain('could not be read');
    expect(receiver.received).toHaveLength(1);
    desk.away = false;
    receiver.answer = () => ({ status: 200 });
    desk.clock.move(10_000);
    await receiver.until(2);
    await desk.until((rows) => rows.every(({ state }) => state === 'sent'));
  });

  it('an orderly end lets what is under way finish', async () => {
    const receiver = await Receiver.start();
    ends.push(() => receiver.stop());
    const desk = await newDesk({ people: [ana] });
    const order = { kind: 'webhook', team: null, url: `${receiver.url}/`, kinds: ['opened'] } as const;
    await desk.notify.notices.addEndpoint(asPerson(ana), order);
    await desk.notify.run();
    await desk.open();
    await receiver.until(1);
    await desk.notify.drain();
    expect((await desk.rows()).map(({ state }) => state)).toEqual(['sent', 'sent']);
  });
});

describe('what is never told', () => {
  const secrets = ['sk-live0123456789abcdef', 'hunter2', 'Bearer abcdefghijklmnop', 'ghp_0123456789abcdefghijkl'];

  it('is in no delivered byte, no row and no log: arguments, titles, questions, notes (I14)', async () => {
    const box = await Mailbox.open();
    const receiver = await Receiver.start();
    ends.push(
      () => box.close(),
      () => receiver.stop(),
    );
    const desk = await newDesk({
      mail: box.settings(),
      people: [ana, ben],
      teams: [{ ...payments, members: [ben.id] }],
    });
    const admin = asPerson(ana);
    for (const person of [ana, ben]) await desk.notify.notices.savePreferences(asPerson(person), allOf());
    const added: string[] = [];
    for (const kind of ['slack', 'webhook'] as const) {
      const order = {
        kind,
        team: payments.id,
        url: `${receiver.url}/${kind}/sk-url0123456789abcdef`,
        kinds: teamKinds,
      };
      const made = await desk.notify.notices.addEndpoint(admin, order);
      if (made.ok && made.value.secret !== null) added.push(made.value.secret, made.value.secret.slice(6));
    }
    await desk.notify.run();
    const all = {
      title: secrets.join(' '),
      arguments: { password: 'hunter2', key: secrets[0] },
      ask: { message: secrets.join(' ') },
    };
    const subject = await desk.open({
      ...all,
      team: payments,
      server: `shell ${secrets[0]}`,
      agent: `bot ${secrets[3]}`,
      safe: [
        { name: '/amount', value: '120.50 EUR' },
        { name: '/password', value: 'hunter2' },
        { name: '/order', value: JSON.stringify({ id: 'ord-7', login: { password: 'hunter2' } }) },
        { name: '/note', value: `see ${secrets[0]} and ${secrets[2]} and ${secrets[3]} ${'x'.repeat(500)}` },
      ],
    } as Partial<NoticeSubject>);
    const { requestId } = subject;
    await desk.tell({ type: 'request.noted', requestId, noteId: mintId('note', random), mentions: [ben.id] }, ana);
    await desk.tell({ type: 'request.escalated', requestId, team: payments, why: secrets.join(' ') });
    desk.change(requestId, { state: 'undelivered', answeredBy: [ben.id] });
    await desk.tell({ type: 'answer.undelivered', requestId, why: secrets.join(' ') });
    const rows = await desk.until((each) => each.every(({ state }) => state === 'sent' || state === 'dropped'));
    expect(new Set(rows.filter(({ state }) => state === 'sent').map(({ channel }) => channel))).toEqual(
      new Set(['desktop', 'email', 'slack', 'webhook']),
    );
    const delivered = [
      ...box.letters.map(({ raw }) => raw.replaceAll('=\r\n', '')),
      ...receiver.received.map(({ body, headers }) => `${body}${JSON.stringify(headers)}`),
      ...desk.pushed.map(({ notice }) => JSON.stringify(notice)),
    ].join('\n');
    const kept = `${JSON.stringify(rows)}\n${desk.lines.join('\n')}`;
    for (const text of [...secrets, ...added, 'sk-url', 'sk-title', 'never to be told'])
      expect(`${delivered}\n${kept}`).not.toContain(text);
    expect(delivered).toContain('120.50 EUR');
    expect(delivered).toContain('ord-7');
    expect(delivered).toContain(masked);
    expect(delivered).not.toContain('x'.repeat(101));
  });
});

describe('a person without a browser open', () => {
  it('is not told on the desktop, and nothing is written down for it', async () => {
    const desk = await running({ people: [ben] });
    desk.browsers = 0;
    desk.wasAtBrowser = false;
    await desk.open();
    expect(await toldOn(desk)).toEqual([]);
    expect(await desk.db.selectFrom('hp_notice').selectAll().execute()).toEqual([]);
  });
});
