import { afterEach, describe, expect, it } from 'vitest';
import type { CallId, PersonId, RequestId, TeamId } from '@/lib/domain/ids';
import type { JsonObject } from '@/lib/domain/json';
import type { Person } from '@/lib/domain/permission';
import type { PolicyRule } from '@/lib/domain/policy/rule';
import type { HoldRequest } from '@/lib/domain/request';
import type { Models } from '@/server/engine/ports/models';
import { ruleOf, TestChoices, TestPolicy, TestRoster } from '@/tests/support/desk';
import { type KitchenSink, startKitchenSink } from '@/tests/servers/kitchen-sink';
import { agentOf, MovableClock, must, operation, person, Workplace, type WorkplaceOptions } from './workplace';

const payments = 'payments' as TeamId;
const leads = 'leads' as TeamId;
const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});

interface Desk {
  readonly kitchen: KitchenSink;
  readonly place: Workplace;
  readonly policy: TestPolicy;
  readonly roster: TestRoster;
  readonly choices: TestChoices;
}

function of(name: string, more: Partial<Person> = {}): Person {
  return { ...person('approver', name), teams: [payments], ...more };
}

const ana = of('Ana Ruiz');
const jo = of('Jo Wu');
const boss = of('Mei Tan', { role: 'admin', teams: [] });
const outsider = of('Kim Ode', { teams: [leads] });

async function setUp(rules: readonly PolicyRule[], options: Partial<WorkplaceOptions> = {}): Promise<Desk> {
  const kitchen = await startKitchenSink();
  open.push(kitchen);
  const transport = { kind: 'http' as const, url: kitchen.url, headers: {}, sign: null };
  const roster = new TestRoster([ana, jo, boss, outsider]);
  roster.addTeam('payments', 'Payments');
  roster.addTeam('leads', 'Leads');
  const policy = new TestPolicy(rules);
  const choices = new TestChoices(() => options.clock?.now() ?? Date.now());
  const servers = [{ name: 'kitchen', transport }];
  const place = await Workplace.open({ servers, policy, roster, choices, ...options });
  open.push(place);
  return { kitchen, place, policy, roster, choices };
}

/** What the tool was run with. */
function written(kitchen: KitchenSink): readonly unknown[] {
  return kitchen.records.executions('write').map((run) => run.args);
}

const holdWrites = (hold: NonNullable<Parameters<typeof ruleOf>[0]['hold']>): readonly PolicyRule[] => [
  ruleOf({ id: 'writes', tool: 'write', hold }),
  ruleOf({ id: 'rest', decision: 'allow' }),
];

describe('an approval by several people', () => {
  const twoOrAnAdmin = holdWrites({
    team: payments,
    approvals: [
      { count: 2, role: null, team: payments },
      { count: 1, role: 'admin', team: null },
    ],
  });

  it('I6 waits for two different people, and is sent once both have said so', async () => {
    const { kitchen, place } = await setUp(twoOrAnAdmin);
    const { outcome } = place.call(await place.session(), 'write', { key: 'a', note: '1' });
    const request = await place.opened();
    expect(request).toMatchObject({ team: { id: 'payments', name: 'Payments' }, approval: { denials: 1 } });
    const voted = must(await place.answer(request, 'accept', { person: ana }));
    expect(voted).toMatchObject({ state: 'open', votes: [{ by: { name: 'Ana Ruiz' }, vote: 'approve' }] });
    expect(await place.answer(request, 'accept', { person: ana })).toMatchObject({ ok: false, code: 'already_voted' });
    expect(written(kitchen)).toHaveLength(0);
    const decided = must(await place.answer(request, 'accept', { person: jo }));
    expect(decided.state).not.toBe('open');
    expect(must(await outcome)).toMatchObject({ outcome: 'completed' });
    expect(written(kitchen)).toHaveLength(1);
    expect(decided.votes.map(({ by }) => by.name)).toEqual(['Ana Ruiz', 'Jo Wu']);
  });

  it('I6 one admin is enough where the rule says so', async () => {
    const { kitchen, place } = await setUp(twoOrAnAdmin);
    const { outcome } = place.call(await place.session(), 'write', { key: 'a', note: '1' });
    must(await place.answer(await place.opened(), 'accept', { person: boss }));
    expect(must(await outcome)).toMatchObject({ outcome: 'completed' });
    expect(written(kitchen)).toHaveLength(1);
  });

  it('I1 a vote said again with its operation id is the same vote', async () => {
    const { place } = await setUp(twoOrAnAdmin);
    void place.call(await place.session(), 'write', { key: 'a', note: '1' });
    const request = await place.opened();
    const operationId = operation();
    must(await place.answer(request, 'accept', { person: ana, operationId }));
    expect(must(await place.answer(request, 'accept', { person: ana, operationId })).votes).toHaveLength(1);
    const changed = must(await place.answer(request, 'decline', { person: ana, reason: 'No.' }));
    expect(changed).toMatchObject({ state: expect.not.stringMatching('open'), votes: [{ vote: 'deny' }] });
  });

  it('I11 who is not of the team finds nothing, whatever they try', async () => {
    const { place } = await setUp(twoOrAnAdmin);
    void place.call(await place.session(), 'write', { key: 'a', note: '1' });
    const { requestId, revision } = await place.opened();
    const { people } = place.engine;
    const gone = { ok: false, code: 'not_found' };
    expect(await people.request(outsider, requestId)).toMatchObject(gone);
    expect(await people.history(outsider, requestId)).toMatchObject(gone);
    expect(await people.claim(outsider, requestId)).toMatchObject(gone);
    expect(await people.release(outsider, requestId)).toMatchObject(gone);
    expect(await people.edit(outsider, { requestId, revision, arguments: {} })).toMatchObject(gone);
    expect(await people.assign(outsider, requestId, outsider.id)).toMatchObject(gone);
    expect(await people.note(outsider, { requestId, text: 'x', mentions: [] })).toMatchObject(gone);
    expect(await people.peopleFor(outsider, requestId)).toMatchObject(gone);
    expect(must(await people.queueCounts(outsider)).open).toBe(0);
    expect(must(await people.queueCounts(ana)).open).toBe(1);
  });

  it('separation of duties: who answers for the agent may decline, and not approve', async () => {
    const { place, roster } = await setUp(holdWrites({ team: payments, ownerMayApprove: false }));
    roster.own(agentOf().id, ana.id);
    void place.call(await place.session(), 'write', { key: 'a', note: '1' });
    const request = await place.opened();
    expect(must(await place.engine.people.request(ana, request.requestId)).allowed.approve).toMatchObject({
      ok: false,
      why: 'You answer for this agent, so someone else must approve.',
    });
    expect(await place.answer(request, 'accept', { person: ana })).toMatchObject({ ok: false, code: 'forbidden' });
    expect(must(await place.answer(request, 'accept', { person: jo })).state).not.toBe('open');
  });

  it('needs a reason where the rule asks for one', async () => {
    const { place } = await setUp(holdWrites({ reasonRequired: true }));
    void place.call(await place.session(), 'write', { key: 'a', note: '1' });
    const request = await place.opened();
    expect(await place.answer(request, 'accept', { person: ana })).toMatchObject({ code: 'reason_required' });
    expect(await place.answer(request, 'accept', { person: ana, reason: 'Checked.' })).toMatchObject({ ok: true });
  });
});

describe('editing arguments', () => {
  const editable = holdWrites({
    team: payments,
    approvals: [{ count: 2, role: null, team: null }],
    editable: ['/note'],
  });

  it('I6 voids approvals, makes another digest, and sends what was approved', async () => {
    const { kitchen, place } = await setUp(editable);
    const { outcome } = place.call(await place.session(), 'write', { key: 'a', note: '1' });
    const request = await place.opened();
    must(await place.answer(request, 'accept', { person: ana }));
    const { people } = place.engine;
    const { requestId, revision } = request;
    const edited = must(await people.edit(jo, { requestId, revision, arguments: { key: 'a', note: '2' } }));
    expect(edited).toMatchObject({ votes: [], edited: ['/note'], revision: revision + 1 });
    expect(edited.digest).not.toBe(request.digest);
    expect(await place.answer(request, 'accept', { person: ana })).toMatchObject({ code: 'stale_revision' });
    must(await place.answer(edited, 'accept', { person: ana }));
    must(await place.answer(edited, 'accept', { person: jo }));
    const result = must(await outcome);
    expect(result).toMatchObject({ outcome: 'completed', result: { _meta: { 'holdpoint/edited': true } } });
    expect(written(kitchen)).toMatchObject([{ key: 'a', note: '2' }]);
    const detail = must(await people.request(ana, requestId));
    expect(detail).toMatchObject({ arguments: { key: 'a', note: '1' }, edited: { key: 'a', note: '2' } });
  });

  it('refuses what the rule does not let people change, and what the tool would refuse', async () => {
    const { place } = await setUp(editable);
    void place.call(await place.session(), 'write', { key: 'a', note: '1' });
    const { requestId, revision } = await place.opened();
    const edit = (given: JsonObject): ReturnType<typeof place.engine.people.edit> =>
      place.engine.people.edit(ana, { requestId, revision, arguments: given });
    expect(await edit({ key: 'b', note: '1' })).toMatchObject({
      code: 'invalid_answer',
      details: { errors: [{ field: '/key' }] },
    });
    expect(await edit({ key: 'a', note: '1', more: 1 })).toMatchObject({ code: 'invalid_answer' });
    expect(await edit({ key: 'a', note: 7 })).toMatchObject({ code: 'invalid_answer' });
  });

  it('asks the rules again: a denied edit is refused, another rule brings its own people', async () => {
    const rules = [
      ruleOf({ id: 'never', decision: 'deny', when: 'tool.name == "write" && args.note == "forbidden"' }),
      ruleOf({ id: 'big', when: 'tool.name == "write" && args.note == "big"', hold: { team: leads, editable: [''] } }),
      ...editable,
    ];
    const { place } = await setUp(rules);
    void place.call(await place.session(), 'write', { key: 'a', note: '1' });
    const { requestId, revision } = await place.opened();
    const { people } = place.engine;
    const denied = await people.edit(ana, { requestId, revision, arguments: { key: 'a', note: 'forbidden' } });
    expect(denied).toMatchObject({ ok: false, code: 'not_allowed_now' });
    const moved = must(await people.edit(ana, { requestId, revision, arguments: { key: 'a', note: 'big' } }));
    expect(moved.team).toMatchObject({ id: 'leads' });
    expect(await people.request(ana, requestId)).toMatchObject({ code: 'not_found' });
    expect(await people.request(outsider, requestId)).toMatchObject({ ok: true });
  });
});

describe('what is checked again at sending', () => {
  it('I6 rules that change while a call waits void its votes, and it is asked about again under the new ones', async () => {
    const { kitchen, place, policy } = await setUp(holdWrites({ approvals: [{ count: 2, role: null, team: null }] }));
    const { outcome } = place.call(await place.session(), 'write', { key: 'a', note: '1' });
    const request = await place.opened();
    must(await place.answer(request, 'accept', { person: ana }));
    policy.set(holdWrites({ team: payments, approvals: [{ count: 1, role: null, team: payments }] }));
    const anew = await place.until(request.requestId, ({ revision }) => revision > request.revision);
    expect(anew).toMatchObject({ votes: [], team: { id: payments }, approval: { approvals: [{ count: 1 }] } });
    expect(await place.answer(request, 'accept', { person: jo })).toMatchObject({ code: 'stale_revision' });
    expect(written(kitchen)).toHaveLength(0);
    must(await place.answer(anew, 'accept', { person: jo }));
    expect(must(await outcome)).toMatchObject({ outcome: 'completed' });
  });

  it('I6 rules that change after the last vote and before the sending void it', async () => {
    const { kitchen, place, policy } = await setUp(holdWrites({}));
    const { outcome } = place.call(await place.session(), 'write', { key: 'a', note: '1' });
    const request = await place.opened();
    const answered = place.answer(request, 'accept', { person: ana });
    const decided = place.until(request.requestId, ({ state }) => state !== 'open');
    await Promise.race([decided, answered]);
    policy.set(holdWrites({ approvals: [{ count: 3, role: null, team: null }] }));
    const told = must(await outcome);
    // Either it had left before the rules changed, or it is told that what let it go is void.
    expect([told.outcome, written(kitchen).length]).toEqual(
      told.outcome === 'completed' ? ['completed', 1] : ['failed', 0],
    );
  });

  it('a deny rule that comes while a call waits refuses it at once', async () => {
    const { kitchen, place, policy } = await setUp(holdWrites({}));
    const { outcome } = place.call(await place.session(), 'write', { key: 'a', note: '1' });
    const request = await place.opened();
    policy.set([ruleOf({ id: 'stop', decision: 'deny', reason: 'Nothing is written today.' })]);
    expect(must(await outcome)).toMatchObject({
      outcome: 'rejected',
      message: expect.stringContaining('Nothing is written today.'),
    });
    expect((await place.store.request(request.requestId))?.state).toBe('withdrawn');
    expect(written(kitchen)).toHaveLength(0);
  });
});

describe('a remembered choice', () => {
  it('decides later calls of the same agent and tool with the same values, until it ends', async () => {
    const clock = new MovableClock();
    const { kitchen, place, policy } = await setUp(holdWrites({}), { clock });
    const session = await place.session();
    const first = place.call(session, 'write', { key: 'a', note: '1' });
    const asked = await place.opened();
    must(await place.answer(asked, 'accept', { person: ana, remember: { for: '15min', fields: ['/key'] } }));
    await first.outcome;
    expect(must(await place.call(session, 'write', { key: 'a', note: '2' }).outcome)).toMatchObject({
      outcome: 'completed',
    });
    void place.call(session, 'write', { key: 'b', note: '2' });
    const other = await place.opened();
    expect(other.title).toContain('b');
    policy.set([ruleOf({ id: 'stop', decision: 'deny' }), ...holdWrites({})]);
    expect(must(await place.call(session, 'write', { key: 'a', note: '3' }).outcome)).toMatchObject({
      outcome: 'rejected',
    });
    policy.set(holdWrites({}));
    clock.move(16 * 60_000);
    void place.call(session, 'write', { key: 'a', note: '4' });
    expect((await place.opened()).title).toContain('a');
    expect(written(kitchen)).toHaveLength(2);
  });

  it('is refused where one person is not enough, and where the rule forbids it', async () => {
    const { place, policy } = await setUp(holdWrites({ approvals: [{ count: 2, role: null, team: null }] }));
    const remember = { for: 'revoked', fields: [] } as const;
    const session = await place.session();
    void place.call(session, 'write', { key: 'a', note: '1' });
    const request = await place.opened();
    expect(await place.answer(request, 'accept', { person: ana, remember })).toMatchObject({ code: 'not_allowed_now' });
    policy.set(holdWrites({ mayRemember: false }));
    void place.call(session, 'write', { key: 'c', note: '1' });
    const strict = await place.opened();
    expect(await place.answer(strict, 'accept', { person: ana, remember })).toMatchObject({ code: 'not_allowed_now' });
    expect(await place.answer(strict, 'accept', { person: ana })).toMatchObject({ ok: true });
  });

  it('ends with the right of who made it', async () => {
    const { place, roster } = await setUp(holdWrites({ approvals: [{ count: 1, role: null, team: payments }] }));
    const session = await place.session();
    const first = place.call(session, 'write', { key: 'a', note: '1' });
    must(await place.answer(await place.opened(), 'accept', { person: ana, remember: { for: 'revoked', fields: [] } }));
    await first.outcome;
    expect(must(await place.call(session, 'write', { key: 'b', note: '1' }).outcome)).toMatchObject({
      outcome: 'completed',
    });
    roster.put({ ...ana, teams: [] });
    void place.call(session, 'write', { key: 'c', note: '1' });
    expect((await place.opened()).title).toContain('c');
  });
});

describe('time passing', () => {
  it('I7 a rule may let a call go at its deadline, unless somebody declined', async () => {
    const clock = new MovableClock();
    const hold = { deadlineMs: 60_000, atDeadline: 'allow', denials: 2 } as const;
    const { kitchen, place } = await setUp(holdWrites(hold), { clock });
    const session = await place.session();
    const goes = place.call(session, 'write', { key: 'a', note: '1' });
    await place.opened();
    const stays = place.call(session, 'write', { key: 'b', note: '1' });
    must(await place.answer(await place.opened(), 'decline', { person: ana, reason: 'No.' }));
    clock.move(61_000);
    expect(must(await goes.outcome)).toMatchObject({ outcome: 'completed' });
    expect(must(await stays.outcome)).toMatchObject({ outcome: 'expired' });
    expect(written(kitchen)).toHaveLength(1);
  });

  it('I5 escalates to a second team after a while when the process stopped meanwhile, and I7 expires then', async () => {
    const clock = new MovableClock();
    const rules = holdWrites({ team: payments, deadlineMs: 120_000, escalation: { afterMs: 60_000, team: leads } });
    const first = await setUp(rules, { clock });
    void first.place.call(await first.place.session(), 'write', { key: 'a', note: '1' });
    const { requestId, callId } = await first.place.opened();
    await first.place.stop();
    const { place } = await setUp(rules, { clock, folder: first.place.folder });
    expect((await place.store.request(requestId))?.alsoTeams).toEqual([]);
    clock.move(61_000);
    await place.until(requestId, (one) => one.alsoTeams.some(({ id }) => id === leads));
    clock.move(60_000);
    await place.until(requestId, ({ state }) => state === 'expired');
    expect((await place.store.call(callId as CallId))?.call.state).toBe('expired');
  });

  it('escalates to a second team after a while', async () => {
    const clock = new MovableClock();
    const hold = { team: payments, escalation: { afterMs: 60_000, team: leads } };
    const { place } = await setUp(holdWrites(hold), { clock });
    void place.call(await place.session(), 'write', { key: 'a', note: '1' });
    const request = await place.opened();
    const seen = (one: HoldRequest): boolean => one.alsoTeams.some(({ id }) => id === leads);
    expect(await place.engine.people.request(outsider, request.requestId)).toMatchObject({ code: 'not_found' });
    clock.move(61_000);
    await place.until(request.requestId, seen);
    expect(await place.engine.people.request(outsider, request.requestId)).toMatchObject({ ok: true });
    expect(await place.answer(request, 'accept', { person: outsider })).toMatchObject({ ok: true });
  });

  it('asks the fallback team at once when nobody of the first is there', async () => {
    const { place, roster } = await setUp(holdWrites({ team: payments, fallbackTeam: leads }));
    for (const id of [ana.id, jo.id]) roster.away.add(id as PersonId);
    void place.call(await place.session(), 'write', { key: 'a', note: '1' });
    expect(await place.opened()).toMatchObject({ team: { id: payments }, alsoTeams: [{ id: leads, name: 'Leads' }] });
  });
});

describe('handing over, and notes', () => {
  it('gives a request to someone who may answer it, and the claim goes with it', async () => {
    const { place } = await setUp(holdWrites({ team: payments }));
    void place.call(await place.session(), 'write', { key: 'a', note: '1' });
    const { requestId } = await place.opened();
    const { people } = place.engine;
    must(await people.claim(ana, requestId));
    expect(await people.assign(ana, requestId, outsider.id)).toMatchObject({ code: 'bad_input' });
    const handed = must(await people.assign(ana, requestId, jo.id));
    expect(handed).toMatchObject({ assignedTo: { name: 'Jo Wu' }, claim: null });
    expect(must(await people.queueCounts(jo)).mine).toBe(1);
    expect(must(await people.queueCounts(ana)).mine).toBe(0);
  });

  it('I11 a note is for who may see the request, and mentions nobody else', async () => {
    const { place } = await setUp(holdWrites({ team: payments }));
    void place.call(await place.session(), 'write', { key: 'a', note: '1' });
    const { requestId } = await place.opened();
    const { people } = place.engine;
    const note = must(await people.note(ana, { requestId, text: 'Ask finance.', mentions: [jo.id, outsider.id] }));
    expect(note.mentions.map(({ name }) => name)).toEqual(['Jo Wu']);
    const detail = must(await people.request(jo, requestId));
    expect(detail.notes).toMatchObject([{ text: 'Ask finance.', by: { name: 'Ana Ruiz' } }]);
    const history = must(await people.history(jo, requestId));
    expect(history.map(({ type }) => type)).toContain('request.noted');
    expect(JSON.stringify(history)).not.toContain('finance');
  });

  it('a note finds a closed log once the session is over, and is told so', async () => {
    const { place } = await setUp(holdWrites({}));
    const session = await place.session();
    void place.call(session, 'write', { key: 'a', note: '1' });
    const { requestId } = await place.opened();
    const { people } = place.engine;
    expect(must(await people.request(ana, requestId)).allowed.note).toEqual({ ok: true, why: null });
    must(await people.end(person('admin'), session, 'over'));
    await place.untilEvent(session, ({ type }) => type === 'session.ended');
    const why = expect.stringContaining('session is over');
    expect(must(await people.request(ana, requestId)).allowed.note).toEqual({ ok: false, why });
    expect(await people.note(ana, { requestId, text: 'Late.', mentions: [] })).toMatchObject({
      ok: false,
      message: why,
    });
  });
});

describe('a model’s words', () => {
  const usage = { model: 'test/model', inputTokens: 12, outputTokens: 3, costUsd: 0.01, tookMs: 5 };
  const text = { type: 'text', text: 'Latency is normal.' };
  const result = { role: 'assistant', model: 'model', stopReason: 'endTurn', content: text };
  const working: Models = { names: ['m'], write: async () => ({ ok: true, result, text: text.text, usage }) };
  const failing: Models = { names: ['m'], write: async () => ({ ok: false, message: 'The model is away.' }) };
  const byModel = [ruleOf({ id: 'all', decision: 'allow', sampling: 'model' })];

  it('are sent unreviewed where a rule says so, and their cost is on record', async () => {
    const { kitchen, place } = await setUp(byModel, { models: working });
    const { outcome } = place.call(await place.session(), 'sample');
    const request = await place.opened();
    expect(request).toMatchObject({ kind: 'sampling', writer: 'model' });
    expect(must(await place.engine.people.queueCounts(boss)).open).toBe(0);
    expect(must(await outcome)).toMatchObject({ outcome: 'completed' });
    const done = await place.until(request.requestId, ({ state }) => state === 'delivered');
    expect(done).toMatchObject({ answer: { by: { kind: 'model' }, usage } });
    expect(JSON.stringify(kitchen.records.of('answer_received'))).toContain('Latency is normal.');
  });

  it('are a person’s to write when the model fails', async () => {
    const { place } = await setUp(byModel, { models: failing });
    const { outcome } = place.call(await place.session(), 'sample');
    const request = await place.opened(({ writer }) => writer === 'person');
    must(await place.answer(request, 'accept', { person: ana, content: { text: 'All is well.' } }));
    expect(must(await outcome)).toMatchObject({ outcome: 'completed' });
  });

  it('are drafted for a person, and never asked for before the person does', async () => {
    let asked = 0;
    const counting: Models = {
      names: ['m'],
      write: (...given) => {
        asked += 1;
        return working.write(...given);
      },
    };
    const { place } = await setUp([ruleOf({ id: 'all', decision: 'allow' })], { models: counting });
    const { outcome } = place.call(await place.session(), 'sample');
    const request = await place.opened();
    expect(asked).toBe(0);
    const order = { requestId: request.requestId, model: null, systemPrompt: null, messages: [] };
    const draft = must(await place.engine.people.draft(ana, order, new AbortController().signal));
    expect(draft).toMatchObject({ text: 'Latency is normal.', usage });
    must(await place.answer(request, 'accept', { person: ana, content: { result: draft.result } }));
    expect(must(await outcome)).toMatchObject({ outcome: 'completed' });
    expect(asked).toBe(1);
  });

  it('are drafted for nothing but an open sampling request that is a person’s to write', async () => {
    const asked: string[] = [];
    let told = (): void => undefined;
    const wasAsked = new Promise<void>((resolve) => (told = resolve));
    const words = { systemPrompt: null, model: null, messages: [] };
    const draft = (place: Workplace, requestId: RequestId) =>
      place.engine.people.draft(ana, { ...words, requestId }, AbortSignal.abort());
    const never: Models = {
      names: ['m'],
      write: (_ask, { signal }) => {
        asked.push('a model');
        told();
        return new Promise((resolve) => {
          const stop = (): void => resolve({ ok: false, message: 'stopped' });
          if (signal.aborted) stop();
          else signal.addEventListener('abort', stop);
        });
      },
    };
    const { place } = await setUp(byModel, { models: never });
    const session = await place.session();
    void place.call(session, 'ask_simple');
    const form = await place.opened(({ kind }) => kind === 'form');
    const notOne = { code: 'not_allowed_now', message: 'Only a sampling request can be drafted.' };
    expect(await draft(place, form.requestId)).toMatchObject(notOne);
    must(await place.answer(form, 'decline', { person: ana, reason: 'no' }));
    expect(await draft(place, form.requestId)).toMatchObject({ code: 'not_open' });
    void place.call(session, 'sample');
    const written = await place.opened(({ kind }) => kind === 'sampling');
    expect(written).toMatchObject({ writer: 'model' });
    expect(await draft(place, written.requestId)).toMatchObject(notOne);
    await wasAsked;
    // The one time is the rule’s own asking.
    expect(asked).toEqual(['a model']);
  });
});

describe('what changed between the decision and the sending', () => {
  it('I6 a choice that was revoked after it let a call go no longer does', async () => {
    const { kitchen, place, choices } = await setUp(holdWrites({}));
    const session = await place.session();
    const first = place.call(session, 'write', { key: 'a', note: '1' });
    must(await place.answer(await place.opened(), 'accept', { person: ana, remember: { for: 'revoked', fields: [] } }));
    await first.outcome;
    const second = place.call(session, 'write', { key: 'b', note: '1' });
    await second.received;
    choices.kept.length = 0;
    const outcome = must(await second.outcome);
    const ran = written(kitchen).length;
    // Either it had left before the choice was gone, or it is told that nothing lets it go any more.
    expect([outcome.outcome, ran]).toEqual(outcome.outcome === 'completed' ? ['completed', 2] : ['failed', 1]);
  });

  it('I1 a late repetition of a vote that was changed since changes nothing', async () => {
    const twoOfAll = { approvals: [{ count: 2, role: null, team: null }], denials: 2 };
    const { place } = await setUp(holdWrites(twoOfAll));
    void place.call(await place.session(), 'write', { key: 'a', note: '1' });
    const request = await place.opened();
    const operationId = operation();
    must(await place.answer(request, 'accept', { person: ana, operationId }));
    must(await place.answer(request, 'decline', { person: ana }));
    const late = must(await place.answer(request, 'accept', { person: ana, operationId }));
    expect(late.votes).toMatchObject([{ vote: 'deny', earlier: [operationId] }]);
  });

  it('an edit under the same rule leaves who was asked besides, and what happens at the deadline is the new rule’s', async () => {
    const clock = new MovableClock();
    const rules = [
      ruleOf({ id: 'big', when: 'args.note == "big"', hold: { editable: [''], deadlineMs: 600_000 } }),
      ...holdWrites({
        team: payments,
        editable: [''],
        deadlineMs: 600_000,
        atDeadline: 'allow',
        escalation: { afterMs: 60_000, team: leads },
      }),
    ];
    const { place } = await setUp(rules, { clock });
    void place.call(await place.session(), 'write', { key: 'a', note: '1' });
    const { requestId, revision } = await place.opened();
    clock.move(61_000);
    const escalated = await place.until(requestId, ({ alsoTeams }) => alsoTeams.length > 0);
    const { people } = place.engine;
    const same = must(await people.edit(outsider, { requestId, revision, arguments: { key: 'a', note: '2' } }));
    expect(same).toMatchObject({
      alsoTeams: [{ id: leads }],
      approval: { escalation: escalated.approval?.escalation },
    });
    const moved = must(
      await people.edit(ana, { requestId, revision: same.revision, arguments: { key: 'a', note: 'big' } }),
    );
    expect(moved).toMatchObject({ team: null, deadline: { at: same.deadline.at, onExpiry: 'deny' } });
  });
});
