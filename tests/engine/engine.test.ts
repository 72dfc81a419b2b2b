import { afterEach, describe, expect, it } from 'vitest';
import { type KitchenSink, type KitchenSinkOptions, startKitchenSink } from '@/tests/servers/kitchen-sink';
import { agentOf, MovableClock, must, operation, person, Workplace, type WorkplaceOptions } from './workplace';
import { ruleOf } from '@/tests/support/desk';

const allowAll = ruleOf({ id: 'all', decision: 'allow' });
const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});

async function setUp(
  options: Partial<WorkplaceOptions> & { readonly kitchen?: KitchenSinkOptions } = {},
): Promise<{ kitchen: KitchenSink; place: Workplace }> {
  const kitchen = await startKitchenSink(options.kitchen);
  open.push(kitchen);
  const transport = { kind: 'http' as const, url: kitchen.url, headers: {}, sign: null };
  const place = await Workplace.open({
    servers: [{ name: 'kitchen', transport }],
    settings: { rules: [allowAll] },
    ...options,
  });
  open.push(place);
  return { kitchen, place };
}

describe('a question of a server', () => {
  it('I2 I3 opens a request, takes the answer back, and follows its receipt to the end', async () => {
    const { kitchen, place } = await setUp();
    const session = await place.session();
    const { outcome } = place.call(session, 'ask_simple');
    const request = await place.opened();
    expect(request).toMatchObject({ kind: 'form', server: 'kitchen', tool: 'ask_simple', state: 'open' });
    const answered = must(await place.answer(request, 'accept', { content: { value: 'blue' } }));
    expect(answered.state).not.toBe('open');
    expect(must(await outcome)).toMatchObject({ outcome: 'completed' });
    const done = await place.until(
      request.requestId,
      (now) => now.state === 'delivered' && now.receipt.movedOnAt !== null && now.receipt.acceptedAt !== null,
    );
    expect(done).toMatchObject({ state: 'delivered', receipt: { to: 'server' } });
    const types = (await place.events(session)).map((event) => event.type);
    expect(types.indexOf('call.sent')).toBeLessThan(types.indexOf('request.opened'));
    expect(types.indexOf('request.answered')).toBeLessThan(types.indexOf('answer.accepted'));
    expect(kitchen.records.of('answer_received')).toHaveLength(1);
    expect((await place.events(session)).map((event) => event.seq)).toEqual(types.map((_type, index) => index + 1));
  });

  it('I1 of many answers at once exactly one wins, and the others are told who', async () => {
    const { kitchen, place } = await setUp();
    const session = await place.session();
    const { outcome } = place.call(session, 'ask_simple');
    const request = await place.opened();
    const names = ['Ana Ruiz', 'Jo Wu', 'Priya Nair', 'Mei Tan'];
    const results = await Promise.all(
      names.map((name) =>
        place.answer(request, 'accept', { person: person('approver', name), content: { value: name } }),
      ),
    );
    const won = names[results.findIndex((result) => result.ok)];
    const lost = results.filter((result) => !result.ok);
    expect(lost).toHaveLength(3);
    for (const result of lost)
      expect(result).toMatchObject({ ok: false, code: 'already_answered', details: { by: won } });
    await outcome;
    expect(kitchen.records.of('answer_received')).toMatchObject([
      { result: { action: 'accept', content: { value: won } } },
    ]);
  });

  it('I1 the same operation id again is the same answer', async () => {
    const { kitchen, place } = await setUp();
    const session = await place.session();
    const { outcome } = place.call(session, 'ask_simple');
    const request = await place.opened();
    const operationId = operation();
    const first = await place.answer(request, 'accept', { operationId, content: { value: 'a' } });
    const second = await place.answer(request, 'accept', { operationId, content: { value: 'a' } });
    expect([first.ok, second.ok]).toEqual([true, true]);
    await outcome;
    expect(kitchen.records.of('answer_received')).toHaveLength(1);
  });

  it('I13 can be declined with a reason, or dismissed', async () => {
    const { kitchen, place } = await setUp();
    const session = await place.session();
    for (const action of ['decline', 'cancel'] as const) {
      const { outcome } = place.call(session, 'ask_simple');
      must(await place.answer(await place.opened(), action, { reason: 'not today' }));
      expect(must(await outcome).outcome).toBe('completed');
    }
    expect(kitchen.records.of('answer_received')).toMatchObject([
      { result: { action: 'decline', _meta: { 'holdpoint/reason': 'not today' } } },
      { result: { action: 'cancel' } },
    ]);
  });

  it('refuses an answer that does not fit the form, with the field, and stays open', async () => {
    const { place } = await setUp();
    const session = await place.session();
    place.call(session, 'ask_simple');
    const request = await place.opened();
    for (const content of [{}, { value: 7 }, { value: 'x', more: 1 }]) {
      expect(await place.answer(request, 'accept', { content })).toMatchObject({ ok: false, code: 'invalid_answer' });
    }
    expect((await place.store.request(request.requestId))?.state).toBe('open');
  });

  it('refuses a stale revision', async () => {
    const { place } = await setUp();
    const session = await place.session();
    place.call(session, 'ask_simple');
    const request = await place.opened();
    expect(await place.answer(request, 'decline', { revision: request.revision + 1 })).toMatchObject({
      ok: false,
      code: 'stale_revision',
    });
  });

  it('I11 an observer cannot answer or claim, and sees secrets masked', async () => {
    const { place } = await setUp({ settings: {} });
    const session = await place.session();
    place.call(session, 'write', { note: 'x', api_key: 'sk-1234567890abcdefghij' });
    const request = await place.opened();
    const observer = person('observer', 'Olu Ade');
    expect(await place.answer(request, 'accept', { person: observer })).toMatchObject({ ok: false, code: 'forbidden' });
    expect(await place.engine.people.claim(observer, request.requestId)).toMatchObject({
      ok: false,
      code: 'forbidden',
    });
    const seen = must(await place.engine.people.request(observer, request.requestId));
    expect(seen.arguments).toMatchObject({ api_key: '[masked]' });
    expect(seen.allowed.answer.ok).toBe(false);
    const judged = must(await place.engine.people.request(person('approver'), request.requestId));
    expect(judged.arguments).toMatchObject({ api_key: 'sk-1234567890abcdefghij' });
  });

  it('I7 nobody answers: the server hears cancel, the record says expired, the agent hears that no one answered', async () => {
    const clock = new MovableClock();
    const { kitchen, place } = await setUp({ clock, settings: { rules: [allowAll], requestDeadlineMs: 60_000 } });
    const session = await place.session();
    const { outcome } = place.call(session, 'ask_simple');
    const request = await place.opened();
    clock.move(59_000);
    expect((await place.store.request(request.requestId))?.state).toBe('open');
    clock.move(1_000);
    const ended = must(await outcome);
    expect(JSON.stringify(ended)).toContain('No one answered');
    expect((await place.store.request(request.requestId))?.state).toBe('expired');
    expect(kitchen.records.of('answer_received')).toMatchObject([{ result: { action: 'cancel' } }]);
  });

  it('a claim keeps others off while it lasts, and lapses', async () => {
    const clock = new MovableClock();
    const { place } = await setUp({ clock });
    const session = await place.session();
    place.call(session, 'ask_simple');
    const request = await place.opened();
    const jo = person('approver', 'Jo Wu');
    must(await place.engine.people.claim(person('approver'), request.requestId));
    expect(await place.answer(request, 'decline', { person: jo })).toMatchObject({
      ok: false,
      code: 'claimed',
      details: { by: 'Ana Ruiz' },
    });
    clock.move(61_000);
    expect(await place.answer(request, 'decline', { person: jo })).toMatchObject({ ok: true });
  });

  it('hears heartbeats while a person is asked, and the server’s progress', async () => {
    const clock = new MovableClock();
    const { place } = await setUp({ clock });
    const session = await place.session();
    const asking = place.call(session, 'ask_simple');
    const request = await place.opened();
    expect(asking.heard.waiting).toHaveLength(1);
    clock.move(10_000);
    expect(asking.heard.waiting).toHaveLength(2);
    expect(asking.heard.waiting[1]).toContain('10 s');
    must(await place.answer(request, 'decline'));
    await asking.outcome;
    const working = place.call(session, 'progress', { steps: 3 });
    await working.outcome;
    expect(working.heard.progress.map((step) => step.progress)).toEqual([1, 2, 3]);
  });
});

describe('an approval', () => {
  it('I6 holds the call before a byte leaves, and lets it go when accepted', async () => {
    const { kitchen, place } = await setUp({ settings: {} });
    const session = await place.session();
    const { outcome } = place.call(session, 'write', { note: 'hello' });
    const request = await place.opened();
    expect(request).toMatchObject({ kind: 'approval', tool: 'write', risk: 'destructive' });
    expect(kitchen.records.executions('write')).toHaveLength(0);
    must(await place.answer(request, 'accept'));
    expect(must(await outcome).outcome).toBe('completed');
    expect(kitchen.records.executions('write')).toHaveLength(1);
    await place.until(
      request.requestId,
      (now) => now.state === 'delivered' && now.receipt.to === 'server' && now.receipt.movedOnAt !== null,
    );
  });

  it('declined: the tool never runs and the agent gets the reason', async () => {
    const { kitchen, place } = await setUp({ settings: {} });
    const session = await place.session();
    const { outcome } = place.call(session, 'write', { note: 'hello' });
    const request = await place.opened();
    must(await place.answer(request, 'decline', { reason: 'wrong account' }));
    expect(must(await outcome)).toMatchObject({
      outcome: 'rejected',
      message: expect.stringContaining('wrong account') as string,
    });
    expect(kitchen.records.executions('write')).toHaveLength(0);
    await place.until(request.requestId, (now) => now.state === 'delivered' && now.receipt.to === 'agent');
  });

  it('I7 expired: the call ends as expired, not as refused', async () => {
    const clock = new MovableClock();
    const { kitchen, place } = await setUp({ clock, settings: {} });
    const session = await place.session();
    const { outcome } = place.call(session, 'write', { note: 'hello' });
    await place.opened();
    clock.move(1_800_001);
    expect(must(await outcome)).toMatchObject({
      outcome: 'expired',
      message: expect.stringContaining('no one answered') as string,
    });
    expect(kitchen.records.executions('write')).toHaveLength(0);
  });

  it('a read-only tool of a trusted server is allowed, of an untrusted one held', async () => {
    const { kitchen, place } = await setUp({ settings: {} });
    const session = await place.session();
    expect(must(await place.call(session, 'echo', { message: 'hi' }).outcome).outcome).toBe('completed');
    const untrusted = await Workplace.open({
      servers: [
        { name: 'kitchen', transport: { kind: 'http', url: kitchen.url, headers: {}, sign: null }, trusted: false },
      ],
    });
    open.push(untrusted);
    untrusted.call(await untrusted.session(), 'echo', { message: 'hi' });
    expect((await untrusted.opened()).kind).toBe('approval');
  });

  it('a denied call is refused at once and nobody is asked', async () => {
    const deny = ruleOf({
      id: 'no-writes',
      decision: 'deny',
      tool: 'write*',
      reason: 'Writes are off tonight.',
    });
    const { place } = await setUp({ settings: { rules: [allowAll, deny] } });
    const session = await place.session();
    expect(must(await place.call(session, 'write', { note: 'x' }).outcome)).toMatchObject({
      outcome: 'rejected',
      message: 'write was not run: Writes are off tonight.',
    });
  });

  it('asks nobody about arguments the tool would refuse', async () => {
    const { place } = await setUp({ settings: {} });
    const session = await place.session();
    expect(await place.call(session, 'write', { note: 7 }).outcome).toMatchObject({ ok: false, code: 'bad_input' });
  });
});

describe('losing and ending', () => {
  it('I9 a session the server forgot settles its calls at once, and the next call gets a new connection', async () => {
    const { kitchen, place } = await setUp();
    const session = await place.session();
    const { outcome } = place.call(session, 'ask_simple');
    const request = await place.opened();
    await kitchen.forgetSessions();
    must(await place.answer(request, 'accept', { content: { value: 'x' } }));
    expect((await place.until(request.requestId, (now) => now.state !== 'answered')).state).toBe('undelivered');
    const recovery = await place.opened((asked) => asked.kind === 'recovery');
    must(await place.answer(recovery, 'decline'));
    expect(must(await outcome)).toMatchObject({ outcome: 'indeterminate' });
    expect(must(await place.call(session, 'echo', { message: 'again' }).outcome).outcome).toBe('completed');
    const connections = (await place.events(session)).filter((event) => event.type === 'connection.ready');
    expect(connections).toHaveLength(2);
  });

  it('I10 ending leaves proof, tells the agent at once and sends DELETE', async () => {
    const { kitchen, place } = await setUp({ settings: {} });
    const session = await place.session();
    const admin = person('admin', 'Mika Laine');
    const held = place.call(session, 'write', { note: 'never' });
    await place.opened();
    const read = place.call(session, 'echo', { message: 'warm' });
    await read.outcome;
    expect(await place.engine.people.end(person('approver'), session, 'x')).toMatchObject({
      ok: false,
      code: 'forbidden',
    });
    const preview = must(await place.engine.people.previewEnd(admin, session));
    expect(preview).toMatchObject({
      calls: [{ effect: 'none' }],
      requests: [{ answering: null }],
      connections: [{ server: 'kitchen' }],
    });
    must(await place.engine.people.end(admin, session, 'stuck on a lock'));
    expect(must(await held.outcome)).toMatchObject({
      outcome: 'ended',
      message: 'Session ended by an admin: “stuck on a lock”.',
    });
    await place.untilEvent(session, (event) => event.type === 'session.ended');
    const steps = (await place.events(session)).flatMap((event) =>
      event.type === 'session.step' ? [event.detail.step] : [],
    );
    expect(steps).toEqual(['request_withdrawn', 'call_rejected', 'agent_told', 'grace', 'delete_sent']);
    expect(kitchen.records.of('delete_received')).toHaveLength(1);
    expect(kitchen.records.executions('write')).toHaveLength(0);
    expect(await place.call(session, 'echo', {}).outcome).toMatchObject({ ok: false, code: 'session_ended' });
  });

  it('I10 a call in flight gets a cancel, and its outcome is declared unknown', async () => {
    const { kitchen, place } = await setUp();
    const session = await place.session();
    const slow = place.call(session, 'ask_simple');
    await place.opened();
    must(await place.engine.people.end(person('admin'), session, 'enough'));
    const told = must(await slow.outcome);
    expect(told).toMatchObject({
      outcome: 'indeterminate',
      message:
        'The outcome of ask_simple is unknown: Session ended by an admin: “enough”. Do not repeat it without checking whether it took effect.',
    });
    await place.untilEvent(session, (event) => event.type === 'session.ended');
    await kitchen.records.waitFor('cancel_received');
  });

  it('an idle session ends by itself, never while a person is being asked', async () => {
    const clock = new MovableClock();
    const { place } = await setUp({
      clock,
      settings: { rules: [allowAll], idleSessionMs: 60_000, requestDeadlineMs: 3_600_000 },
    });
    const idle = await place.session();
    const asking = await place.session();
    place.call(asking, 'ask_simple');
    const request = await place.opened();
    for (let step = 0; step < 20; step += 1) clock.move(5_000);
    await place.untilEvent(idle, (event) => event.type === 'session.ended');
    expect((await place.store.session(idle))?.session).toMatchObject({ state: 'ended', end: 'idle' });
    expect((await place.store.session(asking))?.session.state).toBe('active');
    expect((await place.store.request(request.requestId))?.state).toBe('open');
  });

  it('the agent cancels: the person’s request is withdrawn and the server told', async () => {
    const { kitchen, place } = await setUp();
    const session = await place.session();
    const asking = place.call(session, 'ask_simple');
    const request = await place.opened();
    await place.engine.agents.cancel(agentOf(), await asking.received, 'changed my mind');
    expect(must(await asking.outcome)).toMatchObject({ outcome: 'cancelled' });
    expect((await place.store.request(request.requestId))?.state).toBe('withdrawn');
    await kitchen.records.waitFor('cancel_received');
  });

  it('I5 what a process left behind is taken up at the next start: the question waits, its answer arrives, nothing runs twice', async () => {
    const { kitchen, place } = await setUp();
    const session = await place.session();
    const { received } = place.call(session, 'ask_simple');
    const callId = await received;
    const request = await place.opened();
    await place.stop();
    const transport = { kind: 'http' as const, url: kitchen.url, headers: {}, sign: null };
    const next = await Workplace.open({ servers: [{ name: 'kitchen', transport }], folder: place.folder });
    open.pop();
    open.push(next);
    expect((await next.store.session(session))?.session.state).toBe('active');
    const kept = await next.store.request(request.requestId);
    expect(kept).toMatchObject({ state: 'open', deadline: request.deadline });
    const waiting = next.attach(callId);
    must(await next.answer(request, 'accept', { content: { value: 'after the restart' } }));
    expect(must(await waiting.outcome)).toMatchObject({
      outcome: 'completed',
      result: { content: [{ type: 'text', text: expect.stringContaining('after the restart') }] },
    });
    expect(kitchen.records.executions('ask_simple')).toHaveLength(1);
    expect((await next.events(session)).map((event) => event.type)).toContain('connection.reattaching');
  });
});
