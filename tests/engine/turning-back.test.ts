import { afterEach, describe, expect, it } from 'vitest';
import type { AgentId } from '@/lib/domain/ids';
import type { JsonObject } from '@/lib/domain/json';
import type { SendOutcome } from '@/server/engine/ports/upstream';
import { TestRoster } from '@/tests/support/desk';
import {
  isEvent,
  nowhere,
  page,
  required,
  sentAgain,
  setUp,
  titled,
  turnBack,
  turned,
  types,
  closeAll,
} from './turned-back';
import { MovableClock, must, person } from './workplace';

afterEach(closeAll);

/** Turned back while it is not known yet whether its sending was taken: `take` says so. */
async function turnedBackUntaken() {
  const { place, upstream } = await setUp();
  let settle: (outcome: SendOutcome) => void = () => {};
  upstream.onConnection = (connection) => {
    connection.onCall = () => new Promise((resolve) => (settle = resolve));
  };
  const session = await place.session();
  const callId = await place.call(session, 'work').received;
  await expect.poll(() => upstream.connections[0]?.calls.length).toBe(1);
  await turnBack(upstream, callId, page('files'));
  return { place, upstream, session, callId, take: (outcome: SendOutcome) => settle(outcome) };
}

describe('a call that its server turns back', () => {
  it('waits for each of its pages, and is sent once more when the last is done by hand', async () => {
    const life = await setUp();
    const { place, upstream } = life;
    const { session, callId, asked, outcome, heard } = await turned(life, 'files', 'calendar');
    const [files, calendar] = asked;
    if (files === undefined || calendar === undefined) throw new Error('not asked');
    // Due at one instant, they stand in the queue by their ids.
    expect(files.requestId < calendar.requestId).toBe(true);
    expect(asked).toMatchObject([
      { kind: 'url', callId, upstream: null, elicitationId: 'files', deadline: { cause: 'default' }, approval: null },
      { kind: 'url', callId, upstream: null, elicitationId: 'calendar' },
    ]);
    expect((await place.store.call(callId))?.call).toMatchObject({ state: 'held', reasons: ['urls'], turnedBack: 1 });
    expect(heard.waiting.join()).toContain('A person is being asked');
    must(await place.answer(calendar, 'accept'));
    expect(await types(place, session)).not.toContain('call.urls_done');
    expect(upstream.to().calls).toHaveLength(1);
    must(await place.answer(files, 'accept'));
    await sentAgain(place, session, 2);
    const [first, second] = upstream.to().calls;
    expect(second).toMatchObject({ rpcId: `${callId}.2`, tool: 'work', arguments: { note: 'once' } });
    expect(first?.arguments).toEqual(second?.arguments);
    await upstream.to().finish(`${callId}.2`, 'done');
    expect(must(await outcome)).toMatchObject({ outcome: 'completed' });
    for (const { requestId } of asked) await place.until(requestId, ({ state }) => state === 'delivered');
    const log = (await place.events(session)).filter(({ type }) => /^(call|request)\./.test(type));
    expect(log.map(({ type, actor }) => `${type} ${actor.kind}`)).toEqual([
      'call.received agent',
      'call.allowed holdpoint',
      'call.sent holdpoint',
      'call.turned_back server',
      'request.opened server',
      'request.opened server',
      'request.answered person',
      'request.answered person',
      'call.urls_done person',
      'call.sent holdpoint',
      'call.completed server',
    ]);
    expect((await place.acts()).map(({ act, actor }) => `${act} ${actor.kind}`)).toContain('call.allowed person');
  });

  it('a notification of its server settles a page, on a later connection too, and no other server or session does', async () => {
    const life = await setUp();
    const { place, upstream } = life;
    const { session, callId, asked, outcome } = await turned(life, 'files');
    const [files] = asked;
    if (files === undefined) throw new Error('not asked');
    // Of another session of the same agent, and of another server of this one.
    const other = await place.session();
    await place.call(other, 'work').received;
    await place.untilEvent(other, isEvent('call.sent'));
    const mine = upstream.connections[0];
    const theirs = upstream.to();
    expect(theirs).not.toBe(mine);
    await theirs.inbox.elicitationComplete('files', nowhere);
    await place.call(session, 'pantry/work').received;
    await upstream.to('pantry').inbox.elicitationComplete('files', nowhere);
    await mine?.inbox.elicitationComplete('unknown', nowhere);
    expect((await place.store.request(files.requestId))?.state).toBe('open');
    await mine?.inbox.lost({ code: 'gone', message: '404' });
    expect((await place.store.request(files.requestId))?.state).toBe('open');
    // Its next connection is opened for another call.
    await place.call(session, 'work', { other: true }).received;
    await expect.poll(() => upstream.to() === theirs).toBe(false);
    await place.untilEvent(session, (event) => event.type === 'call.sent' && event.rpcId !== callId);
    await upstream.to().inbox.elicitationComplete('files', nowhere);
    await sentAgain(place, session, 2);
    const done = (await place.events(session)).filter(
      ({ type }) => type === 'request.answered' || type === 'call.urls_done',
    );
    expect(done).toMatchObject([{ actor: { kind: 'server', name: 'kitchen' } }, { actor: { kind: 'server' } }]);
    await upstream.to().finish(`${callId}.2`);
    expect(must(await outcome)).toMatchObject({ outcome: 'completed' });
  });

  it('a notification that comes before its page, or once more after it, lets nothing go', async () => {
    const life = await setUp();
    const { place, upstream } = life;
    const session = await place.session();
    const call = place.call(session, 'work');
    const callId = await call.received;
    await place.untilEvent(session, isEvent('call.sent'));
    await upstream.to().inbox.elicitationComplete('files', nowhere);
    await turnBack(upstream, callId, page('files'), page('calendar'));
    const files = await place.opened(titled('Allow files.'));
    const calendar = await place.opened(titled('Allow calendar.'));
    expect((await place.store.request(files.requestId))?.state).toBe('open');
    for (const _again of [1, 2]) await upstream.to().inbox.elicitationComplete('files', nowhere);
    expect((await place.store.request(calendar.requestId))?.state).toBe('open');
    expect(await types(place, session)).not.toContain('call.urls_done');
    expect((await types(place, session)).filter((type) => type === 'request.answered')).toHaveLength(1);
    expect(upstream.to().calls).toHaveLength(1);
  });

  it('one page that two calls wait for is done for both', async () => {
    const life = await setUp();
    const { place, upstream } = life;
    const { session, callId, asked } = await turned(life, 'files');
    const other = await place.call(session, 'work', { note: 'two' }).received;
    await place.untilEvent(session, (event) => event.type === 'call.sent' && event.callId === other);
    await turnBack(upstream, other, page('files'), page('calendar'));
    const calendar = await place.opened(titled('Allow calendar.'));
    await upstream.to().inbox.elicitationComplete('files', nowhere);
    await place.until(asked[0]?.requestId ?? calendar.requestId, ({ state }) => state === 'delivered');
    expect(upstream.to().calls.map(({ rpcId }) => rpcId)).toEqual([callId, other, `${callId}.2`]);
    expect((await place.store.call(other))?.call).toMatchObject({ requestIds: [calendar.requestId] });
    await upstream.to().inbox.elicitationComplete('calendar', nowhere);
    await place.untilEvent(session, (event) => event.type === 'call.sent' && event.rpcId === `${other}.2`);
  });

  it('that is over before the first sending was taken is sent again all the same', async () => {
    const { place, upstream, session, callId, take } = await turnedBackUntaken();
    await upstream.to().inbox.elicitationComplete('files', nowhere);
    await place.untilEvent(session, isEvent('call.urls_done'));
    expect(upstream.to().calls).toHaveLength(1);
    take({ ok: true, status: 200 });
    await expect.poll(() => upstream.to().calls.map(({ rpcId }) => rpcId)).toEqual([callId, `${callId}.2`]);
  });

  it('whose line broke after that goes on waiting for its pages', async () => {
    const { place, session, take } = await turnedBackUntaken();
    const asked = await place.opened();
    take({ ok: false, code: 'unknown', status: null, message: 'reset' });
    must(await place.answer(asked, 'accept'));
    await sentAgain(place, session, 2);
    expect((await types(place, session)).filter((type) => type === 'answer.undelivered')).toEqual([]);
  });

  it('is for the person the agent acts for', async () => {
    const ana = person('approver');
    const roster = new TestRoster([ana]);
    roster.own('agt_oncall-copilot' as AgentId, ana.id);
    const { asked } = await turned(await setUp({ roster }), 'files');
    expect(asked).toMatchObject([{ assignedTo: { id: ana.id, name: ana.name } }]);
  });

  it('keeps the words of the server masked for people (I14)', async () => {
    const { place, upstream } = await setUp();
    const session = await place.session();
    const callId = await place.call(session, 'work').received;
    await place.untilEvent(session, isEvent('call.sent'));
    const secret = 'Bearer abcdefghijklmnop';
    const error = required([page('files', { message: `Use ${secret}` })], `Use ${secret}`);
    await upstream.to().inbox.callError({ rpcId: callId, error }, { callRpcId: callId, place: null });
    await place.opened();
    expect(JSON.stringify(await place.events(session))).not.toContain('abcdefghijklmnop');
  });
});

describe('a page that is not done', () => {
  it.each([
    ['decline', 'I do not trust it', 'A person declined to visit a page it asks for: I do not trust it.'],
    ['cancel', null, 'A person dismissed a page it asks for without deciding.'],
  ] as const)('%s: the agent gets the error as it was, and what the person said', async (action, reason, words) => {
    const life = await setUp();
    const { place, upstream } = life;
    const { session, callId, asked, outcome } = await turned(life, 'files', 'calendar', 'mail');
    const [files, calendar, mail] = asked;
    if (files === undefined || calendar === undefined || mail === undefined) throw new Error('not asked');
    must(await place.answer(files, 'accept'));
    must(await place.answer(calendar, action, reason === null ? {} : { reason }));
    expect(must(await outcome)).toEqual({
      outcome: 'failed',
      callId,
      error: {
        code: -32_042,
        message: `Two permissions are needed first. ${words}`,
        data: required([page('files'), page('calendar'), page('mail')]).data,
      },
    });
    expect(await place.store.request(files.requestId)).toMatchObject({ state: 'undelivered' });
    expect(await place.store.request(mail.requestId)).toMatchObject({ state: 'withdrawn' });
    await place.until(calendar.requestId, ({ state }) => state === 'delivered');
    expect(await place.store.request(calendar.requestId)).toMatchObject({ receipt: { to: 'agent' } });
    expect(upstream.to().calls).toHaveLength(1);
    expect(await types(place, session)).not.toContain('call.urls_done');
    // By ticket it is the same.
    expect(must(await place.attach(callId).outcome)).toMatchObject({ outcome: 'failed', error: { code: -32_042 } });
  });

  it('I7 in time: the agent hears that no one answered, and not that somebody refused', async () => {
    const clock = new MovableClock();
    const life = await setUp({ clock, settings: { requestDeadlineMs: 60_000 } });
    const { place, upstream } = life;
    const { callId, asked, outcome } = await turned(life, 'files', 'calendar');
    const [files, calendar] = asked;
    if (files === undefined || calendar === undefined) throw new Error('not asked');
    must(await place.answer(files, 'accept'));
    clock.move(61_000);
    expect(must(await outcome)).toMatchObject({
      outcome: 'expired',
      message: expect.stringContaining('no one answered'),
    });
    expect(await place.store.request(files.requestId)).toMatchObject({ state: 'undelivered' });
    expect(await place.store.request(calendar.requestId)).toMatchObject({ state: 'expired' });
    expect(upstream.to().calls.map(({ rpcId }) => rpcId)).toEqual([callId]);
  });

  async function cutOffAndTurnedBack(...pages: readonly JsonObject[]) {
    const clock = new MovableClock();
    const life = await setUp({ clock, settings: { requestDeadlineMs: 60_000 } });
    const { place, upstream } = life;
    const session = await place.session();
    const { outcome, received } = place.call(session, 'work');
    const callId = await received;
    await place.untilEvent(session, isEvent('call.sent'));
    await upstream.to().inbox.lost({ code: 'gone', message: '404' });
    const recovery = await place.opened(({ kind }) => kind === 'recovery');
    must(await place.answer(recovery, 'accept', { content: { choice: 'run_again' } }));
    await sentAgain(place, session, 2);
    await turnBack(upstream, `${callId}.2`, ...pages);
    return { ...life, clock, session, callId, outcome };
  }

  it.each([
    ['nobody visits a page of', 'No one visited in time'],
    ['a person declines a page of', 'declined to visit a page it asks for: Not that one.'],
    ['nobody can be asked about', 'Nobody was asked to visit a page: Its error names no page.'],
  ] as const)('I4 %s a call that was cut off before: its outcome is unknown, not nothing', async (how, words) => {
    const isAsked = how !== 'nobody can be asked about';
    const { place, clock, outcome, session } = await cutOffAndTurnedBack(...(isAsked ? [page('files')] : []));
    if (isAsked) {
      const asked = await place.opened(({ kind }) => kind === 'url');
      if (how === 'a person declines a page of')
        must(await place.answer(asked, 'decline', { reason: 'Not that one.' }));
      else clock.move(61_000);
    }
    const told = must(await outcome);
    expect(told).toMatchObject({ outcome: 'indeterminate', message: expect.stringContaining('earlier run') });
    expect(JSON.stringify(told)).toContain(words);
    expect((await types(place, session)).filter((type) => type === 'call.sent')).toHaveLength(2);
  });
});

describe('an error that cannot be asked about', () => {
  it.each([
    ['ten thousand pages', Array.from({ length: 10_000 }, (_none, at) => page(`p${at}`)), '10,000 pages'],
    ['a script among its pages', [page('files'), page('b', { url: 'javascript:alert(1)' })], 'javascript:'],
    ['the same page twice', [page('files'), page('files')], 'same elicitationId'],
    ['a page with a book of words', [page('files', { message: 'x'.repeat(1_000_000) })], '10,000 characters'],
    ['no page', [], 'names no page'],
  ])('%s: goes to the agent as it is, and why is on record', async (_name, pages, why) => {
    const { place, upstream } = await setUp();
    const session = await place.session();
    const { outcome, received } = place.call(session, 'work');
    const callId = await received;
    await place.untilEvent(session, isEvent('call.sent'));
    await turnBack(upstream, callId, ...pages);
    expect(must(await outcome)).toEqual({ outcome: 'failed', callId, error: required(pages) });
    const failed = await place.untilEvent(session, isEvent('call.failed'));
    expect(failed).toMatchObject({ unasked: expect.stringContaining(why) });
    expect(JSON.stringify(failed).length).toBeLessThan(10_000);
    expect(await types(place, session)).not.toContain('request.opened');
  });

  it('the fourth of one call goes to the agent: three rounds are asked about', async () => {
    const { place, upstream } = await setUp();
    const session = await place.session();
    const { outcome, received } = place.call(session, 'work');
    const callId = await received;
    await place.untilEvent(session, isEvent('call.sent'));
    for (const [round, rpcId] of [callId, `${callId}.2`, `${callId}.3`].entries()) {
      await turnBack(upstream, rpcId, page(`round-${round}`));
      must(await place.answer(await place.opened(titled(`Allow round-${round}.`)), 'accept'));
      await sentAgain(place, session, round + 2);
    }
    await turnBack(upstream, `${callId}.4`, page('round-4'));
    expect(must(await outcome)).toMatchObject({ outcome: 'failed', error: required([page('round-4')]) });
    const failed = await place.untilEvent(session, isEvent('call.failed'));
    expect(failed).toMatchObject({ unasked: 'It was turned back 3 times before.' });
    expect((await place.store.call(callId))?.call).toMatchObject({ runs: 4, turnedBack: 3 });
  });

  it('no server fills the queue: with so many pages open the next error goes to the agent', async () => {
    const { place, upstream } = await setUp({
      settings: {
        limits: { sessionsPerAgent: 10, openCallsPerSession: 3, requestsPerSecond: 10_000, argumentsBytes: 1_000 },
      },
    });
    const session = await place.session();
    const ids = ['a', 'b', 'c', 'd', 'e'];
    const first = await place.call(session, 'work', { at: 1 }).received;
    await place.untilEvent(session, isEvent('call.sent'));
    await turnBack(upstream, first, ...ids.map((id) => page(id)));
    const second = place.call(session, 'work', { at: 2 });
    const callId = await second.received;
    await place.untilEvent(session, (event) => event.type === 'call.sent' && event.callId === callId);
    await turnBack(upstream, callId, page('f'), page('g'));
    expect(must(await second.outcome)).toMatchObject({ outcome: 'failed', error: { code: -32_042 } });
    expect(await place.untilEvent(session, isEvent('call.failed'))).toMatchObject({
      unasked: '5 questions of its server wait for people already.',
    });
  });

  it('another code with such a list is an error like any other', async () => {
    const { place, upstream } = await setUp();
    const session = await place.session();
    const { outcome, received } = place.call(session, 'work');
    const callId = await received;
    await place.untilEvent(session, isEvent('call.sent'));
    const error = { ...required([page('files')]), code: -32_000 };
    await upstream.to().inbox.callError({ rpcId: callId, error }, { callRpcId: callId, place: null });
    expect(must(await outcome)).toMatchObject({ outcome: 'failed', error });
    expect(await place.untilEvent(session, isEvent('call.failed'))).not.toHaveProperty('unasked');
  });
});
