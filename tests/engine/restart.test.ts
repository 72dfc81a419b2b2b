import { afterEach, describe, expect, it } from 'vitest';
import { connection, must, openFor, type Scripted, setUp, tools } from '@/tests/engine/lives';
import { MovableClock, person } from '@/tests/engine/workplace';
import { ruleOf } from '@/tests/support/desk';

const lives: Scripted[] = [];
const denyAll = ruleOf({ id: 'never', decision: 'deny' });
/** Rules that are other rules, and say the same here. */
const elsewhere = ruleOf({ id: 'elsewhere', decision: 'allow', server: 'another' });
afterEach(async () => {
  for (const life of lives.splice(0)) await life.place.close();
});

async function begin(more: Parameters<typeof setUp>[0] = {}): Promise<Scripted> {
  const life = await setUp(more);
  lives.push(life);
  return life;
}

/** Another process takes the folder over; nothing of the first one goes on. */
async function again(life: Scripted, more: Parameters<typeof openFor>[1] = {}): Promise<Scripted> {
  await life.place.stop();
  const next = await openFor(life.place.folder, more);
  lives.splice(lives.indexOf(life), 1, next);
  return next;
}

describe('after a restart', () => {
  it('I5 an open question is in the queue with its deadline, and its connection starts from what was kept', async () => {
    const first = await begin();
    const { upstream, place } = first;
    const session = await place.session();
    const callId = await place.call(session, 'work').received;
    await upstream.to().inbox.placeMoved({ stream: callId, eventId: 'e7' });
    await upstream.to().ask('q1', callId);
    const request = await place.opened();
    const next = await again(first);
    expect(next.upstream.restored).toMatchObject([
      { mcpSessionId: 'scripted', calls: [callId], questions: ['q1'], cursors: [{ stream: callId, eventId: 'e7' }] },
    ]);
    expect(await next.place.store.request(request.requestId)).toMatchObject({
      state: 'open',
      deadline: request.deadline,
    });
    must(await next.place.answer(request, 'decline'));
    await next.place.until(request.requestId, (now) => now.state === 'delivered');
    expect(connection(next).answers).toMatchObject([{ rpcId: 'q1', result: { action: 'decline' } }]);
    const waiting = next.place.attach(callId);
    await connection(next).finish(callId, 'the same run');
    expect(must(await waiting.outcome)).toMatchObject({ outcome: 'completed' });
    expect(connection(next).calls).toEqual([]);
  });

  it('I5 I7 an open question ends at its deadline in the next life too: its server hears cancel, once', async () => {
    const clock = new MovableClock();
    const settings = { requestDeadlineMs: 60_000 };
    const first = await begin({ clock, settings });
    const callId = await first.place.call(await first.place.session(), 'work').received;
    await first.upstream.to().inbox.placeMoved({ stream: callId, eventId: 'e7' });
    await first.upstream.to().ask('q1', callId);
    const { requestId } = await first.place.opened();
    clock.move(59_000);
    const { place, upstream } = await again(first, { clock, settings });
    expect((await place.store.request(requestId))?.state).toBe('open');
    clock.move(2_000);
    await place.until(requestId, ({ state }) => state === 'expired');
    await expect.poll(() => upstream.to().answers).toMatchObject([{ rpcId: 'q1', result: { action: 'cancel' } }]);
  });

  it('a server whose connection was taken up is said to be reached, without a handshake; until then nothing is', async () => {
    const first = await begin();
    const session = await first.place.session();
    await first.place.call(session, 'work').received;
    const next = await again(first);
    const states = (): readonly string[] =>
      must(next.place.engine.servers(person('admin'))).servers.map(({ state }) => state);
    expect(states()).toEqual(['unused']);
    await connection(next).inbox.reattached();
    expect(states()).toEqual(['reachable']);
  });

  it('I5 an answer that was saved and not delivered is delivered before the streams are asked for', async () => {
    const first = await begin();
    const { upstream, place } = first;
    const session = await place.session();
    const callId = await place.call(session, 'work').received;
    await upstream.to().ask('q1', callId);
    const request = await place.opened();
    upstream.to().onAnswer = () => new Promise(() => {});
    must(await place.answer(request, 'decline', { reason: 'not today' }));
    const resumedAt: number[] = [];
    const next = await again(first, {
      prepare: (scripted) => {
        const resume = scripted.resume.bind(scripted);
        scripted.resume = () => {
          resumedAt.push(scripted.answers.length);
          resume();
        };
      },
    });
    await next.place.until(request.requestId, (now) => now.state === 'delivered');
    expect(connection(next).answers).toMatchObject([{ rpcId: 'q1', result: { action: 'decline' } }]);
    await next.place.untilEvent(session, (event) => event.type === 'answer.accepted');
    await expect.poll(() => resumedAt).toEqual([1]);
  });

  it('I3 what was allowed and not sent is sent once; what was sent is not sent again', async () => {
    const first = await begin({ holds: true });
    const { upstream, place } = first;
    const session = await place.session();
    const sent = place.call(session, 'work', { n: 1 });
    must(await place.answer(await place.opened(), 'accept'));
    await place.untilEvent(session, (event) => event.type === 'call.sent');
    const held = await place.call(session, 'work', { n: 2 }).received;
    const approval = await place.opened();
    // The list is asked for between the approval and the sending: there this life ends.
    upstream.to().request = () => new Promise(() => {});
    must(await place.answer(approval, 'accept'));
    const next = await again(first, { holds: true });
    await next.place.untilEvent(session, (event) => event.type === 'call.sent' && event.callId === held);
    await expect.poll(() => connection(next).calls.map((call) => call.arguments)).toEqual([{ n: 2 }]);
    expect((await next.place.events(session)).filter((event) => event.type === 'call.sent')).toHaveLength(2);
    void sent;
  });

  it('I4 a call that had left over a pipe is a decision for a person, and its process is ended', async () => {
    const process = { pid: 4711, startedAt: '99', command: 'server' };
    const first = await begin({ facts: { transport: 'stdio', mcpSessionId: null, process }, transport: 'stdio' });
    const { place } = first;
    const session = await place.session();
    const callId = await place.call(session, 'work').received;
    const next = await again(first, { transport: 'stdio' });
    expect(next.upstream.orphans).toEqual([process]);
    const request = await next.place.opened((asked) => asked.kind === 'recovery');
    expect(request).toMatchObject({ callId, title: 'work' });
    const waiting = next.place.attach(callId);
    must(
      await next.place.answer(request, 'accept', { content: { choice: 'done_by_hand', note: 'I made it myself.' } }),
    );
    expect(must(await waiting.outcome)).toMatchObject({
      outcome: 'completed',
      result: { content: [{ text: expect.stringContaining('I made it myself.') }] },
    });
    expect(must(await next.place.attach(callId).outcome)).toMatchObject({ outcome: 'completed' });
  });

  it('I3 a call recorded as sent of which nothing was ever heard is asked about, not repeated', async () => {
    const first = await begin();
    const { place } = first;
    const session = await place.session();
    const callId = await place.call(session, 'work').received;
    const next = await again(first);
    await connection(next).inbox.callStreamLost(callId, 'no events');
    const request = await next.place.opened((asked) => asked.kind === 'recovery');
    expect(request.callId).toBe(callId);
    expect(connection(next).calls).toEqual([]);
  });

  it('I10 an ending that was cut short is brought to its end', async () => {
    const first = await begin();
    const { upstream, place } = first;
    const session = await place.session();
    const callId = await place.call(session, 'work').received;
    upstream.to().cancelCall = () => new Promise(() => {});
    await place.engine.agents.close(session, 'done');
    const next = await again(first);
    await next.place.untilEvent(session, (event) => event.type === 'session.ended');
    expect(await next.place.store.session(session)).toMatchObject({ session: { state: 'ended', end: 'closed' } });
    expect(must(await next.place.attach(callId).outcome).outcome).not.toBe('left');
    expect(connection(next).closed).toBe(true);
  });

  it('I11 the session is its own agent’s to take up, and reads as not found to any other', async () => {
    const first = await begin();
    const session = await first.place.session('copilot');
    const callId = await first.place.call(session, 'work').received;
    const next = await again(first);
    const silent = { listChanged() {}, notification() {}, log() {}, ended() {} };
    const desk = next.place.engine.agents;
    const [own, other] = [next.place.agent('copilot'), next.place.agent('other')];
    expect(await desk.resume(other, session, silent)).toMatchObject({ ok: false, code: 'not_found' });
    expect(await next.place.attach(callId, 'other').outcome).toMatchObject({ ok: false, code: 'not_found' });
    expect(await desk.cancel(other, callId, 'x')).toMatchObject({ ok: false, code: 'not_found' });
    expect(await desk.status(other, callId)).toMatchObject({ ok: false, code: 'not_found' });
    expect(must(await desk.resume(own, session, silent))).toMatchObject({ protocolVersion: '2025-11-25', scope: null });
  });

  it('I5 a planned stop settles nothing: what a person let go, and its server was away for, is sent by the next life', async () => {
    const first = await begin({ holds: true });
    const { upstream, place } = first;
    const session = await place.session();
    const callId = await place.call(session, 'work').received;
    const approval = await place.opened();
    await upstream.to().inbox.lost({ code: 'gone', message: 'forgotten' });
    upstream.onOpen = () => Promise.resolve({ ok: false, code: 'unreachable', message: 'It is away.' });
    must(await place.answer(approval, 'accept'));
    await place.untilEvent(session, (event) => event.type === 'connection.lost' && event.why === 'It is away.');
    const next = await again(first, { holds: true });
    await expect.poll(() => next.upstream.connections.flatMap((made) => made.calls).length).toBe(1);
    const waiting = next.place.attach(callId);
    await connection(next).finish(callId);
    expect(must(await waiting.outcome)).toMatchObject({ outcome: 'completed' });
    expect(await next.place.store.request(approval.requestId)).toMatchObject({ state: 'delivered' });
  });

  it('I4 I6 rules that changed meanwhile: a person’s new decision counts, a rule that denies now wins', async () => {
    const first = await begin({ holds: true, transport: 'stdio', facts: { transport: 'stdio', mcpSessionId: null } });
    const { place } = first;
    const session = await place.session();
    const callId = await place.call(session, 'work').received;
    must(await place.answer(await place.opened(), 'accept'));
    await place.untilEvent(session, (event) => event.type === 'call.sent');
    const next = await again(first, { holds: true, transport: 'stdio', settings: { rules: [elsewhere] } });
    must(
      await next.place.answer(await next.place.opened((asked) => asked.kind === 'recovery'), 'accept', {
        content: { choice: 'run_again' },
      }),
    );
    await expect.poll(() => next.upstream.connections.flatMap((made) => made.calls).length).toBe(1);
    const denies = { ...denyAll, reason: 'Not any more.' };
    const last = await again(next, { transport: 'stdio', repeatable: ['*'], settings: { rules: [denies] } });
    const asked = await last.place.opened((request) => request.kind === 'recovery');
    must(await last.place.answer(asked, 'accept', { content: { choice: 'run_again' } }));
    const again_ = await last.place.opened((request) => request.kind === 'recovery');
    expect(await last.place.store.payload(again_.requestId, 'ask')).toMatchObject({
      why: expect.stringContaining('Not any more.'),
    });
    expect(last.upstream.connections.flatMap((made) => made.calls)).toEqual([]);
    expect(again_.callId).toBe(callId);
  });
});

describe('a connection that is lost', () => {
  it('I4 what a trusted server calls safe runs again once, its earlier answer offered; then a person decides', async () => {
    const { upstream, place } = await begin({ trusted: true, tools: tools({ idempotentHint: true }) });
    const session = await place.session();
    const { outcome, received } = place.call(session, 'work');
    const callId = await received;
    await upstream.to().ask('q1', callId);
    const asked = await place.opened();
    must(await place.answer(asked, 'accept', { content: {} }));
    await place.until(asked.requestId, (now) => now.state === 'delivered');
    await upstream.to().inbox.lost({ code: 'gone', message: 'forgotten' });
    await expect.poll(() => upstream.connections.length).toBe(2);
    await place.untilEvent(session, (event) => event.type === 'call.sent' && event.seq > 10);
    await upstream.to().ask('q1', callId);
    const repeated = await place.opened((request) => request.kind === 'form');
    expect(repeated.earlier).toBe(asked.requestId);
    await upstream.to().inbox.lost({ code: 'gone', message: 'forgotten again' });
    const recovery = await place.opened((request) => request.kind === 'recovery');
    expect((await place.store.request(repeated.requestId))?.state).toBe('withdrawn');
    expect(await place.store.payload(recovery.requestId, 'ask')).toMatchObject({
      runs: 2,
      answers: [{ requestId: asked.requestId, action: 'accept' }],
    });
    must(await place.answer(recovery, 'accept', { content: { choice: 'run_again' } }));
    await expect.poll(() => upstream.connections.length).toBe(3);
    await expect.poll(() => upstream.to().calls.length).toBe(1);
    await upstream.to().finish(callId, 'third time');
    expect(must(await outcome)).toMatchObject({ outcome: 'completed' });
  });

  it('I4 an untrusted server’s word that a tool is safe counts for nothing; the configuration’s does', async () => {
    const untrusted = await begin({ tools: tools({ idempotentHint: true, readOnlyHint: true }) });
    const session = await untrusted.place.session();
    await untrusted.place.call(session, 'work').received;
    await untrusted.upstream.to().inbox.lost({ code: 'gone', message: 'forgotten' });
    await untrusted.place.opened((request) => request.kind === 'recovery');
    const declared = await begin({ repeatable: ['wo*'] });
    const other = await declared.place.session();
    await declared.place.call(other, 'work').received;
    await declared.upstream.to().inbox.lost({ code: 'gone', message: 'forgotten' });
    await expect.poll(() => declared.upstream.connections.length).toBe(2);
    await expect.poll(() => declared.upstream.to().calls.length).toBe(1);
  });

  it('I4 a tool that changed its definition meanwhile does not go again by itself', async () => {
    const { upstream, place } = await begin({ repeatable: ['*'] });
    const session = await place.session();
    await place.call(session, 'work').received;
    upstream.tools = [{ name: 'work', description: 'now it deletes', inputSchema: { type: 'object' } }];
    await upstream.to().inbox.lost({ code: 'gone', message: 'forgotten' });
    const recovery = await place.opened((request) => request.kind === 'recovery');
    expect(await place.store.payload(recovery.requestId, 'ask')).toMatchObject({
      why: expect.stringContaining('changed its definition'),
    });
    expect(upstream.to().calls).toEqual([]);
  });

  it('I9 a session the server had forgotten before the call came is opened anew: the call had not run', async () => {
    const { upstream, place } = await begin();
    const session = await place.session();
    must(await place.engine.agents.tools(session));
    const old = upstream.to();
    old.onCall = async () => {
      queueMicrotask(() => void old.inbox.lost({ code: 'gone', message: 'not found' }));
      return { ok: false, code: 'gone', status: 404, message: 'Session not found' };
    };
    const { outcome, received } = place.call(session, 'work');
    const callId = await received;
    await expect.poll(() => upstream.connections.length).toBe(2);
    await expect.poll(() => upstream.to().calls.length).toBe(1);
    await upstream.to().finish(callId, 'on the new one');
    expect(must(await outcome)).toMatchObject({ outcome: 'completed' });
  });

  it('I6 an approval lets one sending go: what is lost on the way needs a decision of its own', async () => {
    const { upstream, place } = await begin({ holds: true });
    const session = await place.session();
    const { outcome } = place.call(session, 'work');
    const approval = await place.opened();
    must(await place.engine.agents.tools(session));
    const first = upstream.to();
    first.onCall = () => Promise.resolve({ ok: false, code: 'unknown', status: null, message: 'the line broke' });
    must(await place.answer(approval, 'accept'));
    const recovery = await place.opened((request) => request.kind === 'recovery');
    expect(await place.store.request(approval.requestId)).toMatchObject({ state: 'undelivered' });
    first.onCall = () => Promise.resolve({ ok: true, status: 200 });
    must(await place.answer(recovery, 'accept', { content: { choice: 'run_again' } }));
    await place.until(recovery.requestId, (request) => request.state === 'delivered');
    await first.finish(first.calls[0]?.rpcId ?? '');
    expect(must(await outcome)).toMatchObject({ outcome: 'completed' });
    expect((await place.events(session)).filter((event) => event.type === 'call.sent')).toHaveLength(2);
  });

  it('I5 a bug of ours on the way of a call ends it in words, and its approval is told of', async () => {
    const { upstream, place } = await begin({ holds: true });
    const session = await place.session();
    const { outcome } = place.call(session, 'work');
    const approval = await place.opened();
    upstream.to().request = () => Promise.reject(new Error('a bug'));
    must(await place.answer(approval, 'accept'));
    expect(must(await outcome)).toMatchObject({
      outcome: 'failed',
      error: { message: expect.stringContaining('Nothing was sent.') },
    });
    expect((await place.store.request(approval.requestId))?.state).toBe('undelivered');
    expect(upstream.to().calls).toEqual([]);
  });

  it('a question that may be of several calls goes with the last of them', async () => {
    const { upstream, place } = await begin();
    const session = await place.session();
    const one = await place.call(session, 'work', { n: 1 }).received;
    const two = await place.call(session, 'work', { n: 2 }).received;
    await upstream.to().ask('q1', null);
    const asked = await place.opened();
    expect(asked).toMatchObject({ callId: null, candidates: [one, two] });
    await upstream.to().finish(one);
    expect((await place.store.request(asked.requestId))?.state).toBe('open');
    await upstream.to().finish(two);
    expect((await place.store.request(asked.requestId))?.state).toBe('withdrawn');
  });

  it('I7 nobody decided in time: the outcome is unknown, and the agent hears so', async () => {
    const { upstream, place } = await begin({ settings: { requestDeadlineMs: 30 } });
    const session = await place.session();
    const { outcome, received } = place.call(session, 'work');
    await received;
    await upstream.to().inbox.lost({ code: 'gone', message: 'forgotten' });
    expect(must(await outcome)).toMatchObject({
      outcome: 'indeterminate',
      message: expect.stringContaining('No one decided in time'),
    });
  });

  it('I5 a stream that cannot be resumed: the question is still answered, then the outcome is unknown', async () => {
    const { upstream, place } = await begin();
    const session = await place.session();
    const { outcome, received } = place.call(session, 'work');
    const callId = await received;
    await upstream.to().ask('q1', callId);
    const request = await place.opened();
    await upstream.to().inbox.callStreamLost(callId, 'it keeps no events');
    expect(await place.store.request(request.requestId)).toMatchObject({ state: 'open' });
    must(await place.answer(request, 'decline'));
    expect(must(await outcome)).toMatchObject({
      outcome: 'indeterminate',
      message: expect.stringContaining('no events'),
    });
    expect(upstream.to().answers).toHaveLength(1);
    expect((await place.store.request(request.requestId))?.state).toBe('delivered');
  });
});
