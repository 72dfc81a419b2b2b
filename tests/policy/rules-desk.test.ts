import { holdpoint } from '@/lib/domain/actor';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { AuditDraft } from '@/lib/domain/audit';
import type { AgentId, ChoiceId, PersonId, SessionId } from '@/lib/domain/ids';
import type { Person, Role } from '@/lib/domain/permission';
import type { RememberedChoice } from '@/lib/domain/policy/choice';
import type { PolicyRule } from '@/lib/domain/policy/rule';
import type { PastCall } from '@/server/engine/ports/store';
import { ChoiceBook } from '@/server/policy/choice-book';
import { RuleBook } from '@/server/policy/rule-book';
import { RulesDesk } from '@/server/policy/rules-desk';
import { writeRulesFile } from '@/server/policy/rules-file';
import { must, person, Workplace } from '@/tests/engine/workplace';
import { startKitchenSink } from '@/tests/servers/kitchen-sink';
import { ruleOf as deskRule, TestPolicy } from '@/tests/support/desk';
import { type PolicyPlace, PolicyPlaces, silent, StillClock } from './policy-place';
import { questionOf, ruleOf } from './policy-samples';

const places = new PolicyPlaces();
const closers: (() => Promise<void>)[] = [];
beforeAll(() => places.start());
afterAll(() => places.stop());
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const clock = new StillClock();
const mei = person('admin', 'Mei Tan');
const ana = person('approver', 'Ana Ruiz');
const jo = person('approver', 'Jo Wu');
const allow = ruleOf('true', { id: 'all', decision: 'allow' });
const deny = ruleOf('args.amount > 5', { id: 'large', decision: 'deny', reason: 'Too much.' });

interface Desk {
  readonly desk: RulesDesk;
  readonly rules: RuleBook;
  readonly choices: ChoiceBook;
  readonly place: PolicyPlace;
  readonly told: number[];
}

async function openDesk(
  more: Partial<Pick<ConstructorParameters<typeof RulesDesk>[0], 'pastCalls' | 'questionOf'>> = {},
) {
  const place = await places.open('SQLite');
  closers.push(() => place.close());
  const { db } = place;
  const rules = await RuleBook.open({ db, clock, log: silent }, [allow]);
  const choices = await ChoiceBook.open({ db, clock, log: silent, isLive: () => true });
  const told: number[] = [];
  const desk = new RulesDesk({
    rules,
    choices,
    clock,
    log: silent,
    teams: () => ['payments'],
    pastCalls: async () => [],
    questionOf: () => null,
    changed: (version) => told.push(version),
    ...more,
  });
  return { desk, rules, choices, place, told } satisfies Desk;
}

function choice(id: string, by: Person): RememberedChoice {
  return {
    choiceId: `chc_${id}` as ChoiceId,
    decision: 'approve',
    agent: { id: 'agt_a' as AgentId, name: 'night-shift' },
    server: 'bank',
    tool: 'pay',
    definitionDigest: 'd',
    ruleId: 'all',
    fields: [],
    by: { id: by.id, name: by.name },
    as: { role: by.role, teams: [] },
    madeAt: clock.now(),
    remembered: 'revoked',
    untilAt: null,
    sessionId: null,
    revokedAt: null,
    used: 0,
  };
}

describe('who may do what with rules', () => {
  const tries: { readonly [name: string]: (desk: RulesDesk, who: Person) => Promise<{ readonly ok: boolean }> } = {
    read: (desk, who) => desk.read(who),
    version: (desk, who) => desk.version(who, 1),
    check: (desk, who) => desk.check(who, [allow]),
    save: (desk, who) => desk.save(who, { base: 1, rules: [deny], note: null }),
    tryOut: (desk, who) => desk.tryOut(who, { rules: null, question: questionOf() }),
    backtest: (desk, who) => desk.backtest(who, { rules: [allow], days: 1 }),
    importFile: (desk, who) => desk.importFile(who, writeRulesFile([allow])),
    exportFile: (desk, who) => desk.exportFile(who),
  };
  const cases = Object.entries(tries).flatMap(([name, run]) =>
    (['approver', 'observer'] as const).map((role: Role) => ({ name, run, role })),
  );

  it.each(cases)('I11 $role may not $name, and nothing of it happens', async ({ run, role }) => {
    const { desk, rules, told } = await openDesk();
    expect(await run(desk, person(role))).toMatchObject({ ok: false, code: 'forbidden' });
    expect(rules.current.version).toBe(1);
    expect(told).toEqual([]);
  });

  it.each(Object.entries(tries))('an admin may %s', async (_name, run) => {
    expect(await run((await openDesk()).desk, mei)).toMatchObject({ ok: true });
  });
});

describe('saving', () => {
  it('puts a new version in force and tells of it, once it is on disk', async () => {
    const { desk, rules, told } = await openDesk();
    const saved = must(await desk.save(mei, { base: 1, rules: [deny], note: '' }));
    expect(saved).toMatchObject({ version: 2, savedBy: 'Mei Tan', note: null });
    expect(told).toEqual([2]);
    expect(rules.decide(questionOf({ amount: 9 }))).toMatchObject({ decision: 'deny' });
    expect(must(await desk.read(mei))).toMatchObject({
      current: { version: 2 },
      versions: [{ version: 2 }, { version: 1 }],
    });
    expect(await desk.version(mei, 7)).toMatchObject({ ok: false, code: 'not_found' });
  });

  const wrong: readonly (readonly [string, readonly PolicyRule[], object])[] = [
    ['an expression', [allow, ruleOf('args.amount >', { id: 'bad' })], { rule: 'bad', field: 'when', at: { line: 1 } }],
    [
      'a team nobody knows',
      [deskRule({ id: 'held', hold: { team: 'nobodys' as never } })],
      { rule: 'held', field: 'hold.team' },
    ],
    ['a name that is there twice', [allow, allow], { rule: 'all', field: 'id' }],
  ];
  it.each(wrong)('is refused for %s, whose place is named; nothing changes', async (_what, given, problem) => {
    const { desk, rules, told } = await openDesk();
    const refused = await desk.save(mei, { base: 1, rules: given, note: null });
    expect(refused).toMatchObject({ ok: false, code: 'bad_input', details: { problems: [problem] } });
    expect(must(await desk.check(mei, given))).toMatchObject({ problems: [problem] });
    expect(rules.current).toMatchObject({ version: 1, rules: [allow] });
    expect(told).toEqual([]);
  });

  it('of two admins who began with the same version, the second is told whose is in force', async () => {
    const { desk, rules } = await openDesk();
    const both = await Promise.all([
      desk.save(mei, { base: 1, rules: [deny], note: null }),
      desk.save(person('admin', 'Kim Ode'), { base: 1, rules: [], note: null }),
    ]);
    expect(both.filter(({ ok }) => ok)).toHaveLength(1);
    const winner = rules.current.savedBy ?? '';
    expect(both.find(({ ok }) => !ok)).toMatchObject({
      code: 'stale_revision',
      message: `Version 2 was saved by ${winner} meanwhile.`,
    });
  });

  it('I2 is refused while the database is away, and said again it is saved', async () => {
    const { desk, place, told } = await openDesk();
    place.trouble.when = 'before';
    const order = { base: 1, rules: [deny], note: null };
    expect(await desk.save(mei, order)).toMatchObject({ ok: false, code: 'cannot_save' });
    expect(await desk.read(mei)).toMatchObject({ ok: false, code: 'cannot_save' });
    expect(told).toEqual([]);
    place.trouble.when = 'never';
    expect(await desk.save(mei, order)).toMatchObject({ ok: true, value: { version: 2 } });
  });

  it('a version that was saved while its saying so was lost is told of when it is found', async () => {
    const { desk, place, told } = await openDesk();
    const elsewhere = await RuleBook.open({ db: place.db, clock, log: silent }, []);
    await elsewhere.save({ base: 1, rules: [deny], by: 'Kim Ode', who: { actor: holdpoint, from: null }, note: null });
    const refused = await desk.save(mei, { base: 1, rules: [], note: null });
    expect(refused).toMatchObject({ code: 'stale_revision', message: 'Version 2 was saved by Kim Ode meanwhile.' });
    expect(told).toEqual([2]);
  });
});

describe('looking at what rules would do', () => {
  it('says of a made-up call what each rule says, one that fails and one that is off included', async () => {
    const { desk } = await openDesk();
    const rules = [
      { ...deny, enabled: false, id: 'off' },
      ruleOf('args.missing.deep == 1', { id: 'fails' }),
      deny,
      allow,
    ];
    const { verdict, said } = must(await desk.tryOut(mei, { rules, question: questionOf({ amount: 9 }) }));
    expect(verdict).toMatchObject({ decision: 'deny', rule: { id: 'large' } });
    expect(said.map(({ rule, match }) => [rule, match])).toEqual([
      ['off', 'off'],
      ['fails', 'error'],
      ['large', 'yes'],
      ['all', 'yes'],
    ]);
  });

  it('a file that was exported is read back as the same rules, and a broken one is refused', async () => {
    const { desk } = await openDesk();
    must(await desk.save(mei, { base: 1, rules: [deny, allow], note: null }));
    const { text } = must(await desk.exportFile(mei));
    expect(must(await desk.importFile(mei, text)).rules).toEqual([deny, allow]);
    expect(await desk.importFile(mei, 'rules: {')).toMatchObject({ ok: false, code: 'bad_input' });
  });

  it('a backtest tells of calls that were really received', async () => {
    const kitchen = await startKitchenSink();
    closers.push(() => kitchen.close());
    const engine = await Workplace.open({
      servers: [{ name: 'kitchen', transport: { kind: 'http', url: kitchen.url, headers: {}, sign: null } }],
      policy: new TestPolicy([deskRule({ id: 'all', decision: 'allow' })]),
    });
    closers.push(() => engine.close());
    const session = await engine.session();
    must(await engine.call(session, 'write', { key: 'a', note: 'small' }).outcome);
    const { outcome, received } = engine.call(session, 'write', { key: 'b', note: 'big' });
    const callId = await received;
    must(await outcome);
    const { desk } = await openDesk({
      pastCalls: (query) => engine.store.pastCalls({ ...query, sinceAt: 0 }),
      questionOf: (past) => engine.engine.questionOf(past),
    });
    const stop = ruleOf('args.note == "big"', { id: 'stop', decision: 'deny', reason: 'Never.' });
    const report = must(await desk.backtest(mei, { rules: [stop, allow], days: 1 }));
    expect(report).toMatchObject({
      calls: 2,
      totals: [
        { before: 'allow', after: 'allow', calls: 1 },
        { before: 'allow', after: 'deny', calls: 1 },
      ],
      changes: [
        {
          callId,
          sessionId: session,
          server: 'kitchen',
          tool: 'write',
          agent: 'oncall-copilot',
          before: { decision: 'allow', rule: 'all' },
          after: { decision: 'deny', rule: 'stop', words: 'Never.' },
        },
      ],
    });
    expect(report.changes).toHaveLength(1);
  });
});

const remembered: AuditDraft = {
  act: 'choice.remembered',
  at: clock.now(),
  actor: { kind: 'holdpoint' },
  from: null,
  about: { kind: 'choice', id: 'any', name: null },
  why: null,
  facts: {},
};

describe('remembered choices', () => {
  it('I11 are an approver’s own, and everyone’s to an admin; another’s reads as not found', async () => {
    const { desk, choices } = await openDesk();
    await choices.add(choice('ana', ana), remembered);
    await choices.add(choice('jo', jo), remembered);
    const ids = async (who: Person) => must(await desk.choices(who)).choices.map(({ choiceId }) => choiceId);
    expect(await ids(ana)).toEqual(['chc_ana']);
    expect(await ids(mei)).toEqual(['chc_jo', 'chc_ana']);
    expect(await desk.choices(person('observer'))).toMatchObject({ ok: false, code: 'forbidden' });
    expect(await desk.revoke(ana, 'chc_jo' as ChoiceId)).toMatchObject({ ok: false, code: 'not_found' });
    expect(await desk.revoke(person('observer'), 'chc_jo' as ChoiceId)).toMatchObject({ ok: false, code: 'forbidden' });
    expect(await desk.revoke(ana, 'chc_none' as ChoiceId)).toMatchObject({ ok: false, code: 'not_found' });
    expect(await ids(mei)).toEqual(['chc_jo', 'chc_ana']);
    expect(must(await desk.revoke(ana, 'chc_ana' as ChoiceId))).toMatchObject({ revokedAt: clock.now() });
    expect(must(await desk.revoke(mei, 'chc_jo' as ChoiceId))).toMatchObject({ by: { id: jo.id as PersonId } });
    expect(await ids(mei)).toEqual([]);
    expect(
      choices.matching({ agentId: 'agt_a' as AgentId, sessionId: 's' as SessionId, server: 'bank', tool: 'pay' }),
    ).toEqual([]);
  });
});

describe('a backtest of many calls', () => {
  it('leaves others their turn', async () => {
    const many = Array.from({ length: 3_000 }, (_, index) => pastCall(index));
    const { desk } = await openDesk({ pastCalls: async () => many, questionOf: () => questionOf({ amount: 1 }) });
    const rules = Array.from({ length: 40 }, (_, index) =>
      ruleOf(`args.amount > ${index + 1} && tool.name.startsWith("x")`, { id: `r${index}`, decision: 'deny' }),
    );
    let turns = 0;
    let isOver = false;
    const turn = (): void => {
      turns += 1;
      if (!isOver) setImmediate(turn);
    };
    setImmediate(turn);
    expect(must(await desk.backtest(mei, { rules: [...rules, allow], days: 1 }))).toMatchObject({ calls: 3_000 });
    isOver = true;
    // A commit, a socket or a timer waits for some calls' rules, not for all of them.
    expect(turns).toBeGreaterThan(1);
  });
});

function pastCall(index: number): PastCall {
  const call = { callId: `call_${index}`, server: 's', tool: 't', title: 't', receivedAt: index, state: 'completed' };
  return {
    callId: call.callId as PastCall['callId'],
    sessionId: 'ses_1' as SessionId,
    // Only what a backtest reads.
    call: { ...call, rule: null } as unknown as PastCall['call'],
    arguments: {},
    tool: {},
    agent: { id: 'agt_a' as AgentId, name: 'night-shift' },
    client: null,
    scope: null,
  };
}
