import { afterEach, describe, expect, it } from 'vitest';
import type { CallId, RequestId } from '@/lib/domain/ids';
import type { HoldRequest } from '@/lib/domain/request';
import { TestChoices, TestPolicy, TestRoster, ruleOf } from '@/tests/support/desk';
import type { ScriptedUpstream } from './scripted-upstream';
import {
  admin,
  allowAll,
  holdAll,
  isEvent,
  nowhere,
  page,
  places,
  required,
  sentAgain,
  setUp,
  titled,
  turnBack,
  turned,
  types,
  type Given,
  closeAll,
} from './turned-back';
import { agentOf, must, person, type Workplace } from './workplace';

afterEach(closeAll);

describe('I6 the second sending', () => {
  async function approved(policy: TestPolicy) {
    const life = await setUp({ policy });
    const { place, upstream } = life;
    const session = await place.session();
    const call = place.call(session, 'work', { note: 'once' });
    must(await place.answer(await place.opened(({ kind }) => kind === 'approval'), 'accept'));
    const callId = await call.received;
    await place.untilEvent(session, isEvent('call.sent'));
    await turnBack(upstream, callId, page('files'));
    const asked = await place.opened(({ kind }) => kind === 'url');
    return { ...life, ...call, session, callId, asked };
  }

  it('goes under the approval that let the first one go, which covers exactly the same', async () => {
    const { place, upstream, session, asked, callId, outcome } = await approved(new TestPolicy([holdAll]));
    const requests = await place.store.requestsOfCall(callId);
    const approval = requests.find(({ kind }) => kind === 'approval')?.requestId as RequestId;
    // What its approver is shown: the server took it, and the tool did not move.
    expect(await place.store.request(approval)).toMatchObject({
      state: 'delivered',
      receipt: { to: 'server', movedOnAt: null },
    });
    must(await place.answer(asked, 'accept'));
    await sentAgain(place, session, 2);
    await upstream.to().finish(`${callId}.2`);
    expect(must(await outcome)).toMatchObject({ outcome: 'completed' });
    expect((await types(place, session)).filter((type) => type === 'call.held')).toHaveLength(1);
    for (const id of [approval, asked.requestId])
      expect(await place.store.request(id)).toMatchObject({ receipt: { movedOnAt: expect.any(Number) } });
  });

  it('does not go where the rules changed since it was approved', async () => {
    const policy = new TestPolicy([holdAll]);
    const { place, upstream, asked, outcome } = await approved(policy);
    policy.set([ruleOf({ id: 'other', decision: 'hold' })]);
    must(await place.answer(asked, 'accept'));
    expect(must(await outcome)).toMatchObject({
      outcome: 'failed',
      error: { code: -32_051, message: expect.stringContaining('the approval is void. Nothing was sent.') },
    });
    expect(upstream.to().calls).toHaveLength(1);
    await place.until(asked.requestId, ({ state }) => state === 'undelivered');
  });

  it('does not go where its tool is another one by now', async () => {
    const { place, upstream, asked, outcome } = await approved(new TestPolicy([holdAll]));
    upstream.to().tools = [{ name: 'work', description: 'Another tool.', inputSchema: { type: 'object' } }];
    must(await place.answer(asked, 'accept'));
    expect(must(await outcome)).toMatchObject({
      outcome: 'failed',
      error: { message: expect.stringContaining('changed its definition') },
    });
    expect(upstream.to().calls).toHaveLength(1);
  });

  it.each([
    ['denies it now', ruleOf({ id: 'no', decision: 'deny', reason: 'Not any more.' }), 'A rule denies it now'],
    [
      'holds it now',
      ruleOf({ id: 'ask', decision: 'hold', reason: 'Ask first.' }),
      'A rule asks for approval of it now',
    ],
  ])(
    'does not go where a rule %s that had let it go: who says that a page is done approves nothing',
    async (_name, rule, words) => {
      const policy = new TestPolicy([allowAll]);
      const life = await setUp({ policy });
      const { place, upstream } = life;
      const { asked, outcome } = await turned(life, 'files');
      policy.set([rule]);
      await upstream.to().inbox.elicitationComplete('files', nowhere);
      expect(must(await outcome)).toMatchObject({
        outcome: 'failed',
        error: { message: expect.stringContaining(words) },
      });
      expect(upstream.to().calls).toHaveLength(1);
      expect(asked).toHaveLength(1);
      expect(place.engine.storageOk()).toBe(true);
    },
  );

  it('does not go where a tool that a rule let go by itself changed meanwhile', async () => {
    const life = await setUp();
    const { upstream } = life;
    const { outcome } = await turned(life, 'files');
    upstream.to().tools = [{ name: 'work', description: 'Another tool.', inputSchema: { type: 'object' } }];
    await upstream.to().inbox.elicitationComplete('files', nowhere);
    expect(must(await outcome)).toMatchObject({
      error: { message: expect.stringContaining('since it was first sent') },
    });
    expect(upstream.to().calls).toHaveLength(1);
  });

  it('of a call that a remembered choice let go needs that choice still', async () => {
    const choices = new TestChoices();
    const life = await setUp({
      policy: new TestPolicy([holdAll]),
      choices,
      roster: new TestRoster([person('approver')]),
    });
    const { place, upstream } = life;
    const session = await place.session();
    const first = place.call(session, 'work', { note: 'once' });
    const approval = await place.opened(({ kind }) => kind === 'approval');
    must(await place.answer(approval, 'accept', { remember: { for: 'revoked', fields: [] } }));
    const firstId = await first.received;
    await place.untilEvent(session, isEvent('call.sent'));
    await upstream.to().finish(firstId);
    await first.outcome;
    const second = place.call(session, 'work', { note: 'twice' });
    const callId = await second.received;
    await place.untilEvent(session, (event) => event.type === 'call.sent' && event.callId === callId);
    await turnBack(upstream, callId, page('files'));
    const asked = await place.opened(({ kind }) => kind === 'url');
    choices.kept.splice(0);
    must(await place.answer(asked, 'accept'));
    expect(must(await second.outcome)).toMatchObject({
      error: { message: expect.stringContaining('remembered choice') },
    });
  });

  it('waits while paused where a person would let it go, and is refused in words where its server does', async () => {
    const life = await setUp();
    const { place, upstream } = life;
    const { asked, outcome } = await turned(life, 'files');
    const [files] = asked;
    if (files === undefined) throw new Error('not asked');
    const order = { target: { kind: 'everything' as const }, reason: 'deploying', untilAt: null };
    const pause = must(await place.engine.control.pause(admin, order));
    expect(await place.answer(files, 'accept')).toMatchObject({ ok: false, code: 'paused' });
    expect((await place.store.request(files.requestId))?.state).toBe('open');
    await upstream.to().inbox.elicitationComplete('files', nowhere);
    expect(must(await outcome)).toMatchObject({ outcome: 'failed', error: { code: -32_054 } });
    expect(upstream.to().calls).toHaveLength(1);
    must(await place.engine.control.lift(admin, pause.pauseId));
  });
});

describe('I3 I4 what becomes of the second sending', () => {
  it('lost on its way, it is asked about: nothing says that it did not run', async () => {
    const life = await setUp();
    const { place, upstream } = life;
    const { session, callId, asked, outcome } = await turned(life, 'files');
    must(await place.answer(asked[0] as HoldRequest, 'accept'));
    await sentAgain(place, session, 2);
    await upstream.to().inbox.lost({ code: 'gone', message: '404' });
    const recovery = await place.opened(({ kind }) => kind === 'recovery');
    expect(upstream.to().calls).toHaveLength(2);
    must(await place.answer(recovery, 'decline'));
    expect(must(await outcome)).toMatchObject({ outcome: 'indeterminate', callId });
  });

  it('met with a session that is gone, it goes to a new connection once, for it was not run', async () => {
    const life = await setUp();
    const { place, upstream } = life;
    const { session, callId, asked, outcome } = await turned(life, 'files');
    const { inbox } = upstream.to();
    upstream.to().onCall = async () => {
      await inbox.lost({ code: 'gone', message: '404' });
      return { ok: false, code: 'gone', status: 404, message: 'no such session' };
    };
    must(await place.answer(asked[0] as HoldRequest, 'accept'));
    await sentAgain(place, session, 3);
    expect(await place.untilEvent(session, isEvent('call.interrupted'))).toMatchObject({
      next: 'repeat',
      notRun: true,
    });
    expect(upstream.to().calls.map(({ rpcId }) => rpcId)).toContain(`${callId}.3`);
    // Turned back once more it is still known that nothing ran.
    await turnBack(upstream, `${callId}.3`, page('calendar'));
    must(await place.answer(await place.opened(titled('Allow calendar.')), 'decline'));
    expect(must(await outcome)).toMatchObject({ outcome: 'failed' });
  });

  it('waits for a server that is away, on a new connection', async () => {
    const life = await setUp();
    const { place, upstream } = life;
    const { session, callId, asked, outcome } = await turned(life, 'files');
    await upstream.to().inbox.lost({ code: 'unreachable', message: 'reset' });
    expect(await types(place, session)).not.toContain('request.withdrawn');
    let tries = 0;
    upstream.onOpen = () => {
      tries += 1;
      return Promise.resolve(tries > 2 ? null : { ok: false, code: 'unreachable', message: 'refused' });
    };
    must(await place.answer(asked[0] as HoldRequest, 'accept'));
    await sentAgain(place, session, 2);
    expect(upstream.connections).toHaveLength(2);
    await upstream.to().finish(`${callId}.2`);
    expect(must(await outcome)).toMatchObject({ outcome: 'completed' });
  });
});

describe('I3 what still comes of a sending that was turned back', () => {
  it('is nothing to the call while its pages are visited, nor once it runs', async () => {
    const life = await setUp();
    const { place, upstream } = life;
    const { session, callId, asked, outcome } = await turned(life, 'files');
    const again = { rpcId: callId, error: required([page('files')]) };
    const arrival = { callRpcId: callId, place: null };
    await upstream.to().inbox.callError(again, arrival);
    await upstream.to().finish(callId, 'after all');
    expect((await place.store.request(asked[0]?.requestId as RequestId))?.state).toBe('open');
    must(await place.answer(asked[0] as HoldRequest, 'accept'));
    await sentAgain(place, session, 2);
    await upstream.to().inbox.callError(again, arrival);
    await upstream.to().inbox.callError({ rpcId: callId, error: { code: -32_000, message: 'late' } }, arrival);
    expect((await place.store.call(callId))?.call).toMatchObject({ state: 'working', rpcId: `${callId}.2` });
    await upstream.to().finish(`${callId}.2`, 'done');
    expect(must(await outcome)).toMatchObject({
      outcome: 'completed',
      result: { content: [{ type: 'text', text: 'done' }] },
    });
  });

  it('is not what the agent hears when a page is declined', async () => {
    const life = await setUp();
    const { place, upstream } = life;
    const { callId, asked, outcome } = await turned(life, 'files');
    await upstream.to().finish(callId, 'after all');
    must(await place.answer(asked[0] as HoldRequest, 'decline'));
    expect(must(await outcome)).toMatchObject({
      outcome: 'failed',
      error: { code: -32_042, data: required([page('files')]).data },
    });
  });
});

describe('a call that waits for pages is a call like any other', () => {
  it('an agent that asks the same again joins it, and one that was away collects by its ticket', async () => {
    const life = await setUp();
    const { place, upstream } = life;
    const { session, callId, asked, outcome, listener } = await turned(life, 'files');
    const twin = place.call(session, 'work', { note: 'once' });
    expect(await twin.received).toBe(callId);
    place.engine.agents.leave(callId, listener, 'ticket');
    expect(must(await outcome)).toMatchObject({ outcome: 'left' });
    expect(must(await place.engine.agents.status(agentOf(), callId)).words).toContain('A person is being asked');
    must(await place.answer(asked[0] as HoldRequest, 'accept'));
    await sentAgain(place, session, 2);
    const collected = place.attach(callId);
    await upstream.to().finish(`${callId}.2`, 'done');
    for (const each of [twin, collected]) expect(must(await each.outcome)).toMatchObject({ outcome: 'completed' });
  });

  it('its agent’s own patience is its deadline (I8)', async () => {
    const { place, upstream } = await setUp();
    const session = await place.session();
    const given = { server: 'kitchen', tool: 'work', arguments: {}, patienceMs: 90_000 };
    const callId = await place.order(session, given).received;
    await place.untilEvent(session, isEvent('call.sent'));
    await turnBack(upstream, callId, page('files'));
    expect((await place.opened()).deadline).toMatchObject({ cause: 'agent' });
  });

  it.each(['the agent', 'a person', 'the end of the session'] as const)(
    'cancelled by %s, its pages are withdrawn, what was done is said not to have had effect, and nothing is sent',
    async (by) => {
      const life = await setUp();
      const { place, upstream } = life;
      const { session, callId, asked, outcome } = await turned(life, 'files', 'calendar');
      const [files, calendar] = asked;
      if (files === undefined || calendar === undefined) throw new Error('not asked');
      must(await place.answer(files, 'accept'));
      if (by === 'the agent') await place.engine.agents.cancel(agentOf(), callId, 'changed my mind');
      if (by === 'a person')
        must(await place.engine.control.cancelCall(admin, { sessionId: session, callId, reason: 'stuck' }));
      if (by === 'the end of the session') must(await place.engine.people.end(admin, session, 'stuck'));
      const told = must(await outcome);
      expect(told).toMatchObject({ outcome: by === 'the end of the session' ? 'ended' : 'cancelled' });
      expect(JSON.stringify(told)).not.toMatch(/unknown|never sent/);
      expect(await place.store.request(files.requestId)).toMatchObject({ state: 'undelivered' });
      expect(await place.store.request(calendar.requestId)).toMatchObject({ state: 'withdrawn' });
      expect(upstream.to().calls).toHaveLength(1);
      expect(upstream.to().cancelled).toEqual([]);
    },
  );

  it('nobody who may not sees or answers its pages (I11)', async () => {
    const life = await setUp();
    const { asked } = await turned(life, 'files');
    const refused = await life.place.answer(asked[0] as HoldRequest, 'accept', { person: person('observer', 'Olle') });
    expect(refused).toMatchObject({ ok: false, code: 'forbidden' });
  });
});

describe('I5 after a restart', () => {
  async function restarted(given: Given, folder: string): Promise<{ place: Workplace; upstream: ScriptedUpstream }> {
    const last = places.pop();
    await last?.stop();
    return setUp({ ...given, folder });
  }

  it('its pages are still open, what was done is still done, and the last one lets it go', async () => {
    const first = await setUp();
    const { session, callId, asked } = await turned(first, 'files', 'calendar');
    const [files, calendar] = asked;
    if (files === undefined || calendar === undefined) throw new Error('not asked');
    must(await first.place.answer(files, 'accept'));
    const { place, upstream } = await restarted({}, first.place.folder);
    expect(await place.store.request(files.requestId)).toMatchObject({ state: 'answered' });
    expect(await place.store.request(calendar.requestId)).toMatchObject({ state: 'open', deadline: calendar.deadline });
    // Nothing is asked of the server about a call it does not have.
    expect(upstream.restored).toMatchObject([{ calls: [], questions: [] }]);
    await upstream.to().inbox.elicitationComplete('calendar', nowhere);
    await sentAgain(place, session, 2);
    expect(upstream.to().calls).toMatchObject([{ rpcId: `${callId}.2`, arguments: { note: 'once' } }]);
    const waiting = place.attach(callId);
    await upstream.to().finish(`${callId}.2`);
    expect(must(await waiting.outcome)).toMatchObject({ outcome: 'completed' });
    for (const { requestId } of asked) await place.until(requestId, ({ state }) => state === 'delivered');
  });

  it('I6 the approval of before is looked at again', async () => {
    const holds = (): TestPolicy => new TestPolicy([holdAll]);
    const first = await setUp({ policy: holds() });
    const session = await first.place.session();
    const callId = await first.place.call(session, 'work').received.then(async (id) => {
      must(await first.place.answer(await first.place.opened(), 'accept'));
      await first.place.untilEvent(session, isEvent('call.sent'));
      return id;
    });
    await turnBack(first.upstream, callId, page('files'));
    const asked = await first.place.opened(({ kind }) => kind === 'url');
    const changed = holds();
    changed.set([ruleOf({ id: 'other', decision: 'hold' })]);
    const { place, upstream } = await restarted({ policy: changed }, first.place.folder);
    const waiting = place.attach(callId);
    must(await place.answer(asked, 'accept'));
    expect(must(await waiting.outcome)).toMatchObject({
      outcome: 'failed',
      error: { message: expect.stringContaining('the approval is void') },
    });
    expect(upstream.to().calls).toEqual([]);
  });

  it('a decline in the next life still gives the agent the whole error', async () => {
    const first = await setUp();
    const { callId, asked } = await turned(first, 'files');
    const { place } = await restarted({}, first.place.folder);
    const waiting = place.attach(callId);
    must(await place.answer(asked[0] as HoldRequest, 'decline'));
    expect(must(await waiting.outcome)).toMatchObject({
      outcome: 'failed',
      error: { code: -32_042, data: required([page('files')]).data },
    });
  });

  it('I3 one that was let go and not sent is sent, and one that was sent is not sent by itself', async () => {
    const first = await setUp();
    const { session, callId, asked } = await turned(first, 'files');
    // The server is away: what was let go is on disk, and not sent.
    await first.upstream.to().inbox.lost({ code: 'unreachable', message: 'reset' });
    first.upstream.onOpen = () => new Promise(() => {});
    must(await first.place.answer(asked[0] as HoldRequest, 'accept'));
    await first.place.untilEvent(session, isEvent('call.urls_done'));
    const second = await restarted({}, first.place.folder);
    await sentAgain(second.place, session, 2);
    expect(second.upstream.to().calls).toMatchObject([{ rpcId: `${callId}.2` }]);
    const third = await restarted({}, first.place.folder);
    expect(third.upstream.restored).toMatchObject([{ calls: [`${callId}.2`] }]);
    await third.upstream.to().inbox.callStreamLost(`${callId}.2`, 'no place');
    const recovery = await third.place.opened(({ kind }) => kind === 'recovery');
    expect(third.upstream.to().calls).toEqual([]);
    const ask = await third.place.store.payload(recovery.requestId, 'ask');
    expect(ask).toMatchObject({ runs: 2, answers: [{ kind: 'url', action: 'accept' }] });
    const { callId: asksAbout } = recovery;
    expect(asksAbout).toBe(callId satisfies CallId);
  });
});
