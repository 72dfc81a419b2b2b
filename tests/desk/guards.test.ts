import { afterEach, describe, expect, it } from 'vitest';
import type { Person } from '@/lib/domain/permission';
import type { PolicyRule } from '@/lib/domain/policy/rule';
import { must, operation } from '@/tests/engine/workplace';
import type { ScriptedConnection } from '@/tests/engine/scripted-upstream';
import { ruleOf } from '@/tests/support/desk';
import {
  type DeskOptions,
  type DeskPlace,
  held,
  member,
  openDesk,
  pay,
  payments,
  security,
  slowCommit,
  slowPayload,
} from './engine/place';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const ana = member('approver', 'Ana', [payments]);
const bo = member('approver', 'Bo', [payments]);
const sam = member('approver', 'Sam', [security]);
const mika = member('admin', 'Mika');

async function open(rules: readonly PolicyRule[], options: DeskOptions = {}): Promise<DeskPlace> {
  const desk = await openDesk(rules, [ana, bo, sam, mika], options);
  closers.push(() => desk.place.close());
  return desk;
}

const two = ruleOf({ id: 'two', hold: { approvals: [{ count: 2, role: null, team: null }], editable: [''] } });
const one = ruleOf({ id: 'one', hold: { editable: [''] } });
const ofPayments = ruleOf({ id: 'payments', hold: { team: payments } });
const ofPaymentsEditable = ruleOf({ id: 'payments', hold: { team: payments, editable: [''] } });

/** Its next list of tools waits for what this resolves with. */
function heldUp(connection: ScriptedConnection): Promise<() => void> {
  return new Promise((asked) => {
    let isFirst = true;
    connection.request = async (method) => {
      if (method === 'tools/list' && isFirst) {
        isFirst = false;
        await new Promise<void>((go) => asked(go));
      }
      return { ok: true, result: { tools: [pay] } };
    };
  });
}

describe('between the look at a request and the decision', () => {
  it('I1 the operation id of another person stands for nothing of mine', async () => {
    const desk = await open([two]);
    const { request, outcome } = await held(desk);
    const operationId = operation();
    must(await desk.place.answer(request, 'accept', { person: ana, operationId }));
    const second = await desk.place.answer(request, 'accept', { person: bo, operationId });
    // Either it is their own vote, and then it counts, or it is refused: it is never said to be saved and is not.
    expect(second).toMatchObject({ ok: true, value: { votes: [{ by: { name: 'Ana' } }, { by: { name: 'Bo' } }] } });
    expect(await outcome).toMatchObject({ ok: true, value: { outcome: 'completed' } });
    const third = await desk.place.answer(request, 'accept', { person: sam, operationId });
    expect(third).toMatchObject({ ok: false, code: 'already_answered', details: { by: 'Bo' } });
  });

  const since: readonly (readonly [string, Person, string])[] = [
    ['an observer now', { ...ana, role: 'observer' }, 'forbidden'],
    ['in another team now', { ...ana, teams: [security] }, 'not_found'],
  ];
  it.each(since)('I6 I11 who is %s does not vote with what they were', async (_what, now, code) => {
    const desk = await open([ofPayments]);
    const { request } = await held(desk);
    desk.roster.put(now);
    // The page was not told yet: it still says what they were.
    expect(await desk.place.answer(request, 'accept', { person: ana })).toMatchObject({ ok: false, code });
    expect(await desk.place.engine.people.claim(ana, request.requestId)).toMatchObject({ ok: false, code });
    expect((await desk.place.store.request(request.requestId))?.state).toBe('open');
    expect(desk.upstream.to('bank').calls).toEqual([]);
  });

  it('I6 I11 who loses the team while their answer is being read does not vote', async () => {
    const slow = slowPayload('tool');
    const desk = await open([ofPayments], { before: slow.before });
    const { request } = await held(desk);
    const reading = slow.next();
    const remember = { for: '15min', fields: [] } as const;
    const answered = desk.place.answer(request, 'accept', { person: ana, remember });
    const go = await reading;
    desk.roster.put({ ...ana, teams: [] });
    go();
    expect(await answered).toMatchObject({ ok: false, code: 'not_found' });
    expect(desk.choices.kept).toEqual([]);
  });

  it('I6 rules that are in force and were not asked yet take no vote: it is asked about under them first', async () => {
    const desk = await open([one]);
    const { request, outcome } = await held(desk);
    desk.policy.set([two]);
    for (const action of ['accept', 'decline'] as const)
      expect(await desk.place.answer(request, action, { person: ana })).toMatchObject({ code: 'stale_revision' });
    expect(await desk.place.store.request(request.requestId)).toMatchObject({ state: 'open', votes: [] });
    await desk.place.engine.rulesChanged();
    const asked = await desk.place.store.request(request.requestId);
    if (asked === null) throw new Error('it is gone');
    expect(asked.approval?.approvals).toMatchObject([{ count: 2 }]);
    must(await desk.place.answer(asked, 'accept', { person: ana }));
    must(await desk.place.answer(asked, 'accept', { person: bo }));
    expect(await outcome).toMatchObject({ ok: true, value: { outcome: 'completed' } });
  });

  it('I7 an answer that is decided after the deadline is none, though nobody wrote down yet that it came', async () => {
    const slow = slowCommit();
    const desk = await open([one], { before: slow.before });
    const { request, outcome } = await held(desk);
    const { requestId, callId } = request;
    if (callId === null) throw new Error('of no call');
    const writing = slow.next();
    const noted = desk.place.engine.people.note(ana, { requestId, text: 'Late.', mentions: [] });
    const go = await writing;
    const answered = desk.place.answer(request, 'accept', { person: ana });
    for (let turn = 0; turn < 3; turn += 1) await desk.place.store.payload(callId, 'arguments');
    desk.clock.move(request.deadline.at - desk.clock.now());
    go();
    must(await noted);
    expect(await answered).toMatchObject({ ok: false, code: 'not_open', details: { state: 'expired' } });
    expect(await outcome).toMatchObject({ ok: true, value: { outcome: 'expired' } });
    expect(desk.upstream.to('bank').calls).toEqual([]);
  });

  const meanwhile: readonly (readonly [string, (desk: DeskPlace) => void, string])[] = [
    ['loses the team', (desk) => desk.roster.put({ ...ana, teams: [] }), 'not_found'],
    ['is made an observer', (desk) => desk.roster.put({ ...ana, role: 'observer' }), 'forbidden'],
    ['is disabled', (desk) => desk.roster.remove(ana.id), 'not_found'],
  ];
  it.each(meanwhile)('I6 I11 who %s while their edit is being read does not edit', async (_what, change, code) => {
    const slow = slowPayload('tool');
    const desk = await open([ofPaymentsEditable], { before: slow.before });
    const { request } = await held(desk);
    const { requestId, revision } = request;
    const reading = slow.next();
    const edited = desk.place.engine.people.edit(ana, { requestId, revision, arguments: { amount: 6, to: 'Ada' } });
    const go = await reading;
    change(desk);
    go();
    expect(await edited).toMatchObject({ ok: false, code });
    expect((await desk.place.store.request(requestId))?.edited).toEqual([]);
  });

  /** An edit that has been read, and waits for the commit before it while the rules change. */
  async function editWhile(rules: readonly PolicyRule[]) {
    const slow = slowCommit();
    const desk = await open([one], { before: slow.before });
    const { request } = await held(desk);
    const { requestId, revision } = request;
    const { people } = desk.place.engine;
    const writing = slow.next();
    const noted = people.note(ana, { requestId, text: 'Looking.', mentions: [] });
    const go = await writing;
    const edited = people.edit(ana, { requestId, revision, arguments: { amount: 6, to: 'Ada' } });
    // Its reads are behind it: reading the same once more comes after them.
    const { callId } = request;
    if (callId === null) throw new Error('of no call');
    for (let turn = 0; turn < 3; turn += 1) await desk.place.store.payload(callId, 'arguments');
    desk.policy.set(rules);
    go();
    must(await noted);
    return { desk, requestId, edited: await edited };
  }

  it('I6 an edit of what was edited since, or of what another is answering, is refused, and nothing of it stays', async () => {
    const desk = await open([one]);
    const { request } = await held(desk);
    const { requestId, revision, callId } = request;
    if (callId === null) throw new Error('of no call');
    const { people } = desk.place.engine;
    const first = must(await people.edit(ana, { requestId, revision, arguments: { amount: 6, to: 'Ada' } }));
    const another = { requestId, arguments: { amount: 7, to: 'Ada' } };
    expect(await people.edit(bo, { ...another, revision })).toMatchObject({ ok: false, code: 'stale_revision' });
    must(await people.claim(ana, requestId));
    const claimed = await people.edit(bo, { ...another, revision: first.revision });
    expect(claimed).toMatchObject({ ok: false, code: 'claimed', details: { by: 'Ana' } });
    expect(await desk.place.store.payload(callId, 'edited')).toEqual({ amount: 6, to: 'Ada' });
    expect((await desk.place.store.request(requestId))?.digest).toBe(first.digest);
  });

  it('I6 an edit is held on the terms of the rules it is bound to', async () => {
    const { desk, requestId, edited } = await editWhile([two]);
    const after = must(edited);
    expect(after.approval?.approvals).toEqual([{ count: 2, role: null, team: null, teamName: null }]);
    must(await desk.place.answer(after, 'accept', { person: ana }));
    expect((await desk.place.store.request(requestId))?.state).toBe('open');
    expect(desk.upstream.to('bank').calls).toEqual([]);
  });

  it('I6 an edit that a rule denies by the time it is decided is refused', async () => {
    const { desk, requestId, edited } = await editWhile([ruleOf({ id: 'never', decision: 'deny' }), one]);
    expect(edited).toMatchObject({ ok: false, code: 'not_allowed_now' });
    expect((await desk.place.store.request(requestId))?.edited).toEqual([]);
  });
});

describe('an approved call on its way', () => {
  it('I6 does not leave when a deny comes after all was looked at again, before its intent is written', async () => {
    const slow = slowCommit();
    const desk = await open([one], { before: slow.before });
    const { request, outcome } = await held(desk);
    const { requestId, callId } = request;
    if (callId === null) throw new Error('of no call');
    const connection = desk.upstream.to('bank');
    const asked = heldUp(connection);
    must(await desk.place.answer(request, 'accept', { person: ana }));
    const list = await asked;
    const writing = slow.next();
    const noted = desk.place.engine.people.note(ana, { requestId, text: 'Well then.', mentions: [] });
    const go = await writing;
    const looked = new Promise<void>((resolve) => {
      const { policy } = desk;
      const decide = policy.decide.bind(policy);
      policy.decide = (question) => {
        setImmediate(resolve);
        return decide(question);
      };
    });
    list();
    await looked;
    // What it looked at is behind it: reading the same once more comes after that.
    for (let turn = 0; turn < 3; turn += 1) await desk.place.store.payload(callId, 'arguments');
    desk.policy.set([ruleOf({ id: 'never', decision: 'deny' }), one]);
    go();
    must(await noted);
    expect(await outcome).toMatchObject({ ok: true, value: { outcome: 'failed' } });
    expect(connection.calls).toEqual([]);
  });

  it('I6 does not leave when a deny comes while its tools are read anew', async () => {
    const desk = await open([one]);
    const { request, outcome } = await held(desk);
    const connection = desk.upstream.to('bank');
    const reading = heldUp(connection);
    must(await desk.place.answer(request, 'accept', { person: ana }));
    const go = await reading;
    desk.policy.set([ruleOf({ id: 'never', decision: 'deny' }), one]);
    go();
    expect(await outcome).toMatchObject({ ok: true, value: { outcome: 'failed' } });
    expect(connection.calls).toEqual([]);
  });
});
