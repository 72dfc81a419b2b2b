import { afterEach, describe, expect, it } from 'vitest';
import type { AuditDraft } from '@/lib/domain/audit';
import type { CallId } from '@/lib/domain/ids';
import { masked } from '@/lib/domain/mask';
import type { MaskingRule } from '@/lib/domain/masking/rule';
import type { Purge } from '@/lib/domain/retention';
import { rawRefusal } from '@/server/engine/people-desk';
import type { Keeping } from '@/server/engine/ports/keeping';
import { MaskingRules } from '@/server/keeping/masking-rules';
import { ValuesDesk } from '@/server/keeping/values-desk';
import { type KitchenSink, startKitchenSink } from '@/tests/servers/kitchen-sink';
import { ruleOf } from '@/tests/support/desk';
import { ScriptedUpstream } from './scripted-upstream';
import { must, person, silent, Workplace } from './workplace';

const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});

const secretKey = 'PAT-555-0199';
const noted: MaskingRule = {
  name: 'patients',
  path: '$.key',
  parts: ['arguments'],
  server: 'kitchen',
  tool: 'write*',
};
const results: MaskingRule = { ...noted, name: 'texts', path: '$.content[*].text', parts: ['results'], tool: null };

const admin = person('admin', 'Mei Tan');
const approver = person('approver');
const observer = person('observer', 'Sam Ode');

const scriptedHttp = { kind: 'http' as const, url: 'http://127.0.0.1:1/mcp', headers: {}, sign: null };

interface World {
  readonly kitchen: KitchenSink;
  readonly place: Workplace;
  readonly values: ValuesDesk;
  readonly recorded: AuditDraft[];
  purge: Purge | null;
  auditIs: 'there' | 'away';
}

async function setUp(rules: readonly MaskingRule[]): Promise<World> {
  const kitchen = await startKitchenSink();
  open.push(kitchen);
  const world: { purge: Purge | null; auditIs: World['auditIs'] } = { purge: null, auditIs: 'there' };
  const keeping: Keeping = {
    masking: new MaskingRules(rules),
    purged: async () => (world.purge === null ? [] : [world.purge]),
  };
  const transport = { kind: 'http' as const, url: kitchen.url, headers: {}, sign: null };
  const hold = ruleOf({ id: 'writes', tool: 'write', hold: { editable: [''] } });
  const place = await Workplace.open({
    servers: [{ name: 'kitchen', transport }],
    settings: { rules: [hold, ruleOf({ id: 'rest', decision: 'allow' })] },
    keeping,
  });
  open.push(place);
  const recorded: AuditDraft[] = [];
  const audit = {
    record: async (draft: AuditDraft) => {
      if (world.auditIs === 'away') throw new Error('the database is away');
      recorded.push(draft);
    },
  };
  const clock = { now: () => 1, after: () => () => undefined };
  const values = new ValuesDesk({ store: place.store, keeping, audit, clock, log: silent, rawRefusal });
  return Object.assign(world, { kitchen, place, values, recorded });
}

describe('what a masking rule covers (I14)', () => {
  it('stands in no title, no event, no raw message, and for who cannot answer in no argument', async () => {
    const { kitchen, place } = await setUp([noted]);
    const session = await place.session();
    const call = place.call(session, 'write', { key: secretKey, note: 'small' });
    const request = await place.opened();
    expect(request.title).not.toContain(secretKey);
    const seen = must(await place.engine.people.request(observer, request.requestId));
    expect(seen.arguments).toEqual({ key: masked, note: 'small' });
    must(await place.answer(request, 'accept'));
    must(await call.outcome);
    // The tool and its agent get what was said.
    expect(kitchen.records.executions('write').map((run) => run.args)).toEqual([{ key: secretKey, note: 'small' }]);
    expect(JSON.stringify(await place.events(session))).not.toContain(secretKey);
    const { messages: raw } = must(await place.engine.people.raw(admin, session, { afterSeq: 0, limit: 1_000 }));
    const calls = raw.filter(({ message }) => JSON.stringify(message).includes('tools/call'));
    expect(calls.length).toBeGreaterThan(0);
    expect(JSON.stringify(calls)).toContain(masked);
    expect(JSON.stringify(calls)).not.toContain(secretKey);
  });

  it('or looks like a secret is in no raw message, in either direction, also where there is no rule', async () => {
    const { kitchen, place } = await setUp([]);
    const token = `ghp_${'A1b2'.repeat(9)}`;
    const session = await place.session();
    must(await place.call(session, 'echo', { message: `it is ${token}` }).outcome);
    expect(kitchen.records.executions('echo').map((run) => run.args)).toEqual([{ message: `it is ${token}` }]);
    const { messages: raw } = must(await place.engine.people.raw(admin, session, { afterSeq: 0, limit: 1_000 }));
    const said = (direction: 'in' | 'out') => JSON.stringify(raw.filter((one) => one.direction === direction));
    for (const direction of ['in', 'out'] as const) expect(said(direction)).toContain(`it is ${masked}`);
    expect(JSON.stringify(raw)).not.toContain(token);
    expect(JSON.stringify(await place.events(session))).not.toContain(token);
  });

  it('of answers is not offered again when the question comes a second time, though the rest is (I4)', async () => {
    const answers: MaskingRule = { ...noted, name: 'codes', path: '$.code', parts: ['answers'], tool: null };
    const upstream = new ScriptedUpstream();
    upstream.tools = [{ name: 'work', inputSchema: { type: 'object' } }];
    const place = await Workplace.open({
      servers: [{ name: 'kitchen', transport: scriptedHttp, repeatable: ['work'] }],
      settings: { rules: [ruleOf({ id: 'all', decision: 'allow' })] },
      keeping: { masking: new MaskingRules([answers]), purged: async () => [] },
      upstream,
    });
    open.push(place);
    const text = { type: 'string' };
    const question = {
      requestedSchema: { type: 'object', properties: { code: text, note: text, again: text }, required: ['code'] },
    };
    const session = await place.session();
    const callId = await place.call(session, 'work').received;
    await upstream.to().ask('q1', callId, question);
    const content = { code: secretKey, note: 'small', again: `it was ${secretKey}` };
    must(await place.answer(await place.opened(), 'accept', { content }));
    await upstream.to().inbox.lost({ code: 'gone', message: 'forgotten' });
    await expect.poll(() => upstream.connections.length).toBe(2);
    await expect.poll(() => upstream.to().calls.length).toBe(1);
    await upstream.to().ask('q1', callId, question);
    const repeated = await place.opened((request) => request.kind === 'form');
    const seen = must(await place.engine.people.request(approver, repeated.requestId));
    expect(seen.earlier?.content).toEqual({ code: null, note: 'small', again: null });
    expect(JSON.stringify(seen)).not.toContain(secretKey);
  });

  it('of results stands in no summary and in no raw response', async () => {
    const { place } = await setUp([results]);
    const session = await place.session();
    const outcome = must(await place.call(session, 'write_idempotent', { key: 'k', note: 'n' }).outcome);
    const said = JSON.stringify(outcome);
    const text = /"text":"([^"]+)"/.exec(said)?.[1] ?? '';
    expect(text).not.toBe('');
    const completed = await place.untilEvent(session, ({ type }) => type === 'call.completed');
    expect(completed).toMatchObject({ summary: masked });
    const { messages: raw } = must(await place.engine.people.raw(admin, session, { afterSeq: 0, limit: 1_000 }));
    const answers = raw.filter(({ message }) => JSON.stringify(message).includes('"content"'));
    expect(answers.length).toBeGreaterThan(0);
    for (const { message } of answers) expect(JSON.stringify(message)).toContain(`"text":"${masked}"`);
  });

  it('is masked for who judges it too, never silently: it is named, and revealed in place, on record first', async () => {
    const { place, values, recorded } = await setUp([noted]);
    const session = await place.session();
    void place.call(session, 'write', { key: secretKey, note: 'small' });
    const { requestId } = await place.opened();
    const seen = must(await place.engine.people.request(approver, requestId));
    expect(seen.arguments).toEqual({ key: masked, note: 'small' });
    expect(seen.covered).toEqual(['/key']);
    expect(await values.judge(observer, requestId, '/key')).toMatchObject({ ok: false, code: 'forbidden' });
    // What is not masked is not revealed either: there is nothing to put on record.
    expect(await values.judge(approver, requestId, '/note')).toMatchObject({ ok: false, code: 'not_allowed_now' });
    expect(recorded).toEqual([]);
    expect(must(await values.judge(approver, requestId, '/key'))).toEqual({ value: secretKey });
    expect(recorded).toHaveLength(1);
    expect(recorded[0]).toMatchObject({ act: 'value.revealed', actor: { id: approver.id } });
    expect(JSON.stringify(recorded)).not.toContain(secretKey);
  });

  it('comes back from an edit as it was, not as the word that stood in its place (I6)', async () => {
    const { kitchen, place } = await setUp([noted]);
    const session = await place.session();
    const call = place.call(session, 'write', { key: secretKey, note: 'small' });
    const request = await place.opened();
    const { requestId, revision } = request;
    const edit = { requestId, revision, arguments: { key: masked, note: 'edited' } };
    const edited = must(await place.engine.people.edit(approver, edit));
    expect(edited.edited).toEqual(['/note']);
    must(await place.answer(edited, 'accept'));
    must(await call.outcome);
    expect(kitchen.records.executions('write').map((run) => run.args)).toEqual([{ key: secretKey, note: 'edited' }]);
  });

  it('comes back as it was wherever it stood, in other texts too, and never as the mask itself (I6)', async () => {
    const { kitchen, place } = await setUp([noted]);
    const session = await place.session();
    const call = place.call(session, 'write', { key: secretKey, note: `of ${secretKey}`, amount: 1 });
    const { requestId, revision } = await place.opened();
    const { arguments: shown } = must(await place.engine.people.request(approver, requestId));
    expect(shown).toMatchObject({ note: `of ${masked}` });
    const edit = { requestId, revision, arguments: { key: masked, note: `of ${masked}`, amount: 2 } };
    const torn = { ...edit, arguments: { ...edit.arguments, note: `for ${masked}` } };
    expect(await place.engine.people.edit(approver, torn)).toMatchObject({
      ok: false,
      code: 'invalid_answer',
      details: { errors: [{ field: '/note' }] },
    });
    const moved = { ...edit, arguments: { ...edit.arguments, other: masked } };
    expect(await place.engine.people.edit(approver, moved)).toMatchObject({ code: 'invalid_answer' });
    const edited = must(await place.engine.people.edit(approver, edit));
    expect(edited.edited).toEqual(['/amount']);
    must(await place.answer(edited, 'accept'));
    must(await call.outcome);
    const ran = kitchen.records.executions('write').map((run) => run.args);
    expect(ran).toEqual([{ key: secretKey, note: `of ${secretKey}`, amount: 2 }]);
  });

  it('does not move to another item of a list that became longer or shorter (I6)', async () => {
    const cards: MaskingRule = { ...noted, path: '$.cards[*].number' };
    const { kitchen, place } = await setUp([cards]);
    const session = await place.session();
    const both = [
      { of: 'Ann', number: 'first-number' },
      { of: 'Bo', number: 'second-number' },
    ];
    void place.call(session, 'write', { key: 'k', note: 'n', cards: both });
    const { requestId, revision } = await place.opened();
    const edit = { requestId, revision, arguments: { key: 'k', note: 'n', cards: [{ of: 'Bo', number: masked }] } };
    expect(await place.engine.people.edit(approver, edit)).toMatchObject({
      ok: false,
      code: 'invalid_answer',
      details: { errors: [{ field: '/cards/0/number' }] },
    });
    expect(kitchen.records.executions('write')).toEqual([]);
  });
});

describe('revealing a value', () => {
  async function called(world: World): Promise<CallId> {
    const session = await world.place.session();
    const call = world.place.call(session, 'write_idempotent', { key: secretKey, note: 'n' });
    must(await call.outcome);
    return call.received;
  }

  it('is an act of admins, with a reason, on record before the value leaves (I2, I14)', async () => {
    const world = await setUp([noted]);
    const callId = await called(world);
    const bodies = must(await world.values.bodies(approver, callId));
    expect(bodies.bodies[0]).toMatchObject({ of: 'arguments', kept: { is: 'kept', value: { key: masked } } });
    expect(bodies.reveal.ok).toBe(false);
    const order = { callId, of: 'arguments', requestId: null, path: '/key', reason: 'a complaint' } as const;
    for (const who of [approver, observer])
      expect(await world.values.reveal(who, order)).toMatchObject({ ok: false, code: 'forbidden' });
    expect(await world.values.reveal(admin, { ...order, reason: '  ' })).toMatchObject({ code: 'reason_required' });
    expect(await world.values.reveal(admin, { ...order, path: '/none' })).toMatchObject({ code: 'not_found' });
    expect(world.recorded).toEqual([]);
    world.auditIs = 'away';
    const refused = await world.values.reveal(admin, order);
    expect(refused).toMatchObject({ ok: false, code: 'cannot_save' });
    expect(JSON.stringify(refused)).not.toContain(secretKey);
    world.auditIs = 'there';
    expect(must(await world.values.reveal(admin, order))).toEqual({ value: secretKey });
    expect(world.recorded).toMatchObject([
      { act: 'value.revealed', why: 'a complaint', about: { kind: 'call', id: callId }, facts: { path: '/key' } },
    ]);
    expect(JSON.stringify(world.recorded)).not.toContain(secretKey);
  });

  it('I15 of an answer is of the call it was given for: another’s is not found, and nothing is put on record', async () => {
    const world = await setUp([noted]);
    const session = await world.place.session();
    const asking = world.place.call(session, 'ask_simple');
    const request = await world.place.opened();
    const { requestId } = request;
    must(await world.place.answer(request, 'accept', { content: { value: 'Turku' } }));
    must(await asking.outcome);
    const order = { of: 'answer', requestId, path: '', reason: 'a complaint' } as const;
    const other = await world.values.reveal(admin, { ...order, callId: await called(world) });
    expect(other).toMatchObject({ ok: false, code: 'not_found' });
    expect(world.recorded).toEqual([]);
    must(await world.values.reveal(admin, { ...order, callId: await asking.received }));
    expect(world.recorded).toMatchObject([{ facts: { of: 'answer', request: requestId } }]);
  });

  it('says of what was purged that it was, and after how long', async () => {
    const world = await setUp([]);
    const callId = await called(world);
    const { store } = world.place;
    const gone = new Proxy(store, {
      get: (target, name) => (name === 'payload' ? async () => null : (Reflect.get(target, name) as unknown)),
    });
    const keeping: Keeping = {
      masking: new MaskingRules([]),
      purged: async () => [{ kind: 'payloads', at: 5, afterMs: 30 * 86_400_000 }],
    };
    const clock = { now: () => 1, after: () => () => undefined };
    const audit = { record: async () => undefined };
    const values = new ValuesDesk({ store: gone, keeping, audit, clock, log: silent, rawRefusal });
    expect(must(await values.bodies(admin, callId)).bodies.map(({ kept }) => kept.is)).toEqual(['purged', 'purged']);
    const order = { callId, of: 'result', requestId: null, path: '', reason: 'why' } as const;
    expect(await values.reveal(admin, order)).toMatchObject({
      ok: false,
      message: 'It was purged after 30 days, so nobody can see it.',
    });
  });

  it('of a call nobody knows reads as not found (I11)', async () => {
    const { values } = await setUp([]);
    expect(await values.bodies(observer, 'call_000000000000' as CallId)).toMatchObject({ code: 'not_found' });
  });
});
