import { afterEach, describe, expect, it } from 'vitest';
import { agentOf, MovableClock, operation } from '@/tests/engine/workplace';
import { connection, type LifeOptions, must, openFor, type Scripted, setUp } from '@/tests/engine/lives';

const lives: Scripted[] = [];
afterEach(async () => {
  for (const life of lives.splice(0)) await life.place.close();
});

async function begin(more: LifeOptions = {}): Promise<Scripted> {
  const life = await setUp(more);
  lives.push(life);
  return life;
}

async function again(life: Scripted, more: LifeOptions = {}): Promise<Scripted> {
  await life.place.stop();
  const next = await openFor(life.place.folder, more);
  lives.splice(lives.indexOf(life), 1, next);
  return next;
}

describe('the same call', () => {
  it('I4 with one key it is one call: at the same time, later, from another session, after a restart', async () => {
    const first = await begin();
    const { place, upstream } = first;
    const order = { server: 'kitchen', tool: 'work', arguments: { n: 1 }, idempotencyKey: 'k1' };
    const session = await place.session();
    const [one, two] = [place.order(session, order), place.order(session, order)];
    const callId = await one.received;
    expect(await two.received).toBe(callId);
    const elsewhere = place.order(await place.session(), order);
    expect(await elsewhere.received).toBe(callId);
    await upstream.to().finish(callId, 'once');
    for (const { outcome } of [one, two, elsewhere]) expect(must(await outcome)).toMatchObject({ callId });
    const next = await again(first);
    const later = next.place.order(await next.place.session(), order);
    expect(must(await later.outcome)).toMatchObject({ outcome: 'completed', callId });
    expect(upstream.connections.flatMap((made) => made.calls)).toHaveLength(1);
    expect(next.upstream.connections.flatMap((made) => made.calls)).toEqual([]);
  });

  it('I4 a key whose call was purged is refused in words, and nothing runs a second time', async () => {
    const first = await begin();
    const order = { server: 'kitchen', tool: 'work', arguments: { n: 1 }, idempotencyKey: 'k1' };
    const session = await first.place.session();
    const one = first.place.order(session, order);
    const callId = await one.received;
    await expect.poll(() => first.upstream.connections.flatMap((made) => made.calls)).toHaveLength(1);
    await first.upstream.to().finish(callId, 'once');
    must(await one.outcome);
    const next = await again(first);
    next.place.store.call = async () => null;
    const later = next.place.order(await next.place.session(), order);
    expect(await later.outcome).toMatchObject({
      ok: false,
      code: 'not_found',
      message: expect.stringContaining('no longer kept'),
    });
    expect(next.upstream.connections.flatMap((made) => made.calls)).toEqual([]);
  });

  it('I4 a key stands for one call only: other arguments under it are refused, another agent’s key is its own', async () => {
    const { place } = await begin();
    const order = { server: 'kitchen', tool: 'work', arguments: { n: 1 }, idempotencyKey: 'k1' };
    const callId = await place.order(await place.session('a'), order).received;
    const session = await place.session('a');
    expect(await place.order(session, { ...order, arguments: { n: 2 } }).outcome).toMatchObject({
      ok: false,
      code: 'bad_input',
    });
    expect(await place.order(await place.session('b'), order).received).not.toBe(callId);
  });

  it('I4 repeated while it waits for a person, it joins the one that waits; run side by side, two are two', async () => {
    const { place, upstream } = await begin();
    const session = await place.session();
    const first = place.call(session, 'work', { n: 1 });
    const callId = await first.received;
    const beside = await place.call(session, 'work', { n: 1 }).received;
    expect(beside).not.toBe(callId);
    await upstream.to().ask('q1', callId);
    await place.opened();
    const repeated = place.call(session, 'work', { n: 1 });
    expect(await repeated.received).toBe(callId);
    expect(repeated.heard.waiting[0]).toContain('A person is being asked');
    expect(await place.call(session, 'work', { n: 2 }).received).not.toBe(callId);
    await upstream.to().finish(callId, 'for both');
    expect(must(await first.outcome)).toEqual(must(await repeated.outcome));
  });

  it('I4 one whose agent left is joined too, also after a restart', async () => {
    const first = await begin();
    const { place } = first;
    const session = await place.session();
    const call = place.call(session, 'work', { n: 1 });
    const callId = await call.received;
    place.engine.agents.leave(callId, call.listener, 'ticket');
    expect(must(await call.outcome)).toEqual({ outcome: 'left', callId });
    await place.untilEvent(session, (event) => event.type === 'call.agent_left');
    const next = await again(first);
    const repeated = next.place.call(session, 'work', { n: 1 });
    expect(await repeated.received).toBe(callId);
    await next.place.untilEvent(session, (event) => event.type === 'call.agent_back');
    await connection(next).finish(callId, 'kept');
    expect(must(await repeated.outcome)).toMatchObject({ outcome: 'completed', callId });
  });
});

describe('an answer said again', () => {
  it('I1 after its session is over is the same answer; any other hears who won', async () => {
    const { place, upstream } = await begin();
    const session = await place.session();
    const callId = await place.call(session, 'work').received;
    await upstream.to().ask('q1', callId);
    const request = await place.opened();
    const operationId = operation();
    must(await place.answer(request, 'accept', { content: {}, operationId }));
    await upstream.to().finish(callId);
    await place.engine.agents.close(session, 'done');
    await place.untilEvent(session, (event) => event.type === 'session.ended');
    expect(must(await place.answer(request, 'accept', { content: {}, operationId }))).toMatchObject({
      state: 'delivered',
      answer: { operationId },
    });
    expect(await place.answer(request, 'decline')).toMatchObject({ ok: false, code: 'already_answered' });
  });
});

describe('collecting', () => {
  it('I5 an outcome nobody waited for is told to whoever of its agent asks, every time the same', async () => {
    const { place, upstream } = await begin();
    const session = await place.session('a');
    const call = place.call(session, 'work');
    const callId = await call.received;
    place.engine.agents.leave(callId, call.listener, 'disconnected');
    await upstream.to().finish(callId, 'kept for you');
    const told = [await place.attach(callId, 'a').outcome, await place.attach(callId, 'a').outcome];
    expect(told[0]).toEqual(told[1]);
    expect(told[0]).toMatchObject({ value: { outcome: 'completed' } });
    await place.engine.agents.close(session, 'bye');
    await place.untilEvent(session, (event) => event.type === 'session.ended');
    expect(await place.attach(callId, 'a').outcome).toEqual(told[0]);
  });

  it('I11 the outcome of another agent’s call reads as one that never was, also after its session is over', async () => {
    const { place, upstream } = await begin();
    const session = await place.session('a');
    const { received, outcome } = place.call(session, 'work');
    const callId = await received;
    await upstream.to().finish(callId, 'for a alone');
    must(await outcome);
    const expectHidden = async (): Promise<void> => {
      const { agents } = place.engine;
      const other = agentOf('b');
      const tried = [
        await place.attach(callId, 'b').outcome,
        await agents.status(other, callId),
        await agents.cancel(other, callId, 'mine now'),
      ];
      for (const refused of tried) expect(refused).toMatchObject({ ok: false, code: 'not_found' });
      expect(JSON.stringify(tried)).not.toContain('for a alone');
    };
    await expectHidden();
    await place.engine.agents.close(session, 'bye');
    await place.untilEvent(session, ({ type }) => type === 'session.ended');
    await expectHidden();
    expect(await place.attach(callId, 'a').outcome).toMatchObject({ value: { outcome: 'completed' } });
  });

  it('a call that runs without its agent keeps its session, which is idle once it is over', async () => {
    const clock = new MovableClock();
    const { place, upstream } = await begin({ clock, settings: { idleSessionMs: 60_000 } });
    const session = await place.session();
    const idle = await place.session();
    const call = place.call(session, 'work');
    const callId = await call.received;
    place.engine.agents.leave(callId, call.listener, 'ticket');
    // Written soon, and then nothing more happens.
    clock.move(30);
    await place.untilEvent(session, ({ type }) => type === 'call.agent_left');
    for (let step = 0; step < 40; step += 1) clock.move(5_000);
    await place.untilEvent(idle, ({ type }) => type === 'session.ended');
    expect((await place.store.session(session))?.session.state).toBe('active');
    await upstream.to().finish(callId, 'at last');
    for (let step = 0; step < 20; step += 1) clock.move(5_000);
    await place.untilEvent(session, ({ type }) => type === 'session.ended');
    expect(await place.attach(callId).outcome).toMatchObject({ value: { outcome: 'completed' } });
  });

  it('a call whose agent left is cancelled after its time, where the setting says so, unless it comes back', async () => {
    const agents = { onDisconnect: 'cancel', disconnectGraceMs: 40, holdMs: null, clients: [] } as const;
    const { place, upstream } = await begin({ settings: { agents } });
    const session = await place.session();
    const call = place.call(session, 'work', { n: 1 });
    const callId = await call.received;
    place.engine.agents.leave(callId, call.listener, 'disconnected');
    await place.untilEvent(session, (event) => event.type === 'call.cancelled');
    await expect.poll(() => upstream.to().cancelled).toEqual([callId]);
    const other = place.call(session, 'work', { n: 2 });
    const kept = await other.received;
    place.engine.agents.leave(kept, other.listener, 'disconnected');
    const back = place.attach(kept);
    await back.received;
    await upstream.to().finish(kept);
    expect(must(await back.outcome)).toMatchObject({ outcome: 'completed' });
  });

  it('I8 an agent that cannot be given a ticket sets the deadline, and the reason says so', async () => {
    const { place } = await begin({ holds: true });
    const session = await place.session();
    place.order(session, { server: 'kitchen', tool: 'work', arguments: {}, patienceMs: 30_000 });
    const request = await place.opened();
    expect(request.deadline).toMatchObject({ cause: 'agent', reason: expect.stringContaining('the agent waits') });
  });

  it('lists an agent’s tasks newest first, its own only, and says where each stands', async () => {
    const { place, upstream } = await begin();
    const session = await place.session('a');
    const task = { ttlMs: 60_000 };
    const ids = [];
    for (const n of [1, 2, 3])
      ids.push(await place.order(session, { server: 'kitchen', tool: 'work', arguments: { n }, task }).received);
    await upstream.to().finish(ids[0] ?? '');
    await place.untilEvent(session, (event) => event.type === 'call.completed');
    const desk = place.engine.agents;
    const page = must(await desk.tasks(place.agent('a'), { after: null, limit: 2 }));
    const rest = must(await desk.tasks(place.agent('a'), { after: page[1]?.callId ?? null, limit: 2 }));
    expect([...page, ...rest].map((status) => status.callId).toSorted()).toEqual(ids.toSorted());
    expect([...page, ...rest].filter((status) => status.call.state === 'completed')).toHaveLength(1);
    expect(must(await desk.tasks(place.agent('b'), { after: null, limit: 2 }))).toEqual([]);
    expect(await desk.tasks(place.agent('b'), { after: ids[0] ?? null, limit: 2 })).toMatchObject({ ok: false });
  });
});
