import { emptyBook, foldEvent } from '@/lib/domain/book';
import type { CallId, OperationId, PersonId, RequestId, SessionId, TeamId } from '@/lib/domain/ids';
import type { Json, JsonObject } from '@/lib/domain/json';
import type { Person } from '@/lib/domain/permission';
import type { PolicyRule } from '@/lib/domain/policy/rule';
import type { Result } from '@/lib/domain/refusal';
import type { HoldRequest } from '@/lib/domain/request';
import type { Random } from '@/tests/chaos/random';
import type { ScriptedConnection } from '@/tests/engine/scripted-upstream';
import { agentOf, operation } from '@/tests/engine/workplace';
import { ruleOf } from '@/tests/support/desk';
import { canonical, check, digest, type PlainRule, type Since, type Trace } from './checker';
import { type DeskPlace, member, openDesk, pay, payments, security } from './place';

const seats: readonly Person[] = [
  member('admin', 'Mika'),
  member('approver', 'Ana', [payments]),
  member('approver', 'Bo', [payments]),
  member('approver', 'Pat', [payments]),
  member('approver', 'Sam', [security]),
  {
    ...member('approver', 'Kim'),
    covers: [{ person: { id: 'per_Away' as PersonId, name: 'Away' }, teams: [payments] }],
  },
  member('observer', 'Olu', [payments]),
];
const owner = 'per_Pat' as PersonId;
const hangsAfterMs = 20_000;

/** The plain rule in the language of rules. */
function ruleFrom(rule: PlainRule): PolicyRule {
  const { id, decision, above, approvals, denials, ownerMayApprove, editable, deadlineMs, atDeadline } = rule;
  const when = `double(args.amount) > ${above}.0`;
  if (decision !== 'hold') return ruleOf({ id, decision, when });
  const needs = approvals.map((need) => ({ ...need, team: need.team as TeamId | null }));
  const escalation = rule.escalatesTo === null ? null : { afterMs: 20_000, team: rule.escalatesTo as TeamId };
  const team = rule.team as TeamId | null;
  const more = { denials, ownerMayApprove, editable, deadlineMs, atDeadline, escalation, team };
  return ruleOf({ id, when, hold: { ...more, approvals: needs } });
}

function randomRules(random: Random): readonly PlainRule[] {
  const hold = (id: string, above: number): PlainRule => ({
    id,
    decision: 'hold',
    above,
    team: random.chance(0.5) ? random.pick([payments, security]) : null,
    approvals: Array.from({ length: random.between(1, 2) }, () => ({
      count: random.weighted({ 1: 5, 2: 4, 3: 1 }) === '1' ? 1 : 2,
      role: random.chance(0.15) ? 'admin' : null,
      team: random.chance(0.25) ? random.pick([payments, security]) : null,
    })),
    denials: random.chance(0.3) ? 2 : 1,
    ownerMayApprove: random.chance(0.6),
    editable: random.pick([[''], ['/amount'], ['/to'], []]),
    deadlineMs: random.between(30_000, 120_000),
    atDeadline: random.chance(0.3) ? 'allow' : 'deny',
    escalatesTo: random.chance(0.3) ? random.pick([payments, security]) : null,
  });
  const plain = {
    team: null,
    approvals: [],
    denials: 1,
    ownerMayApprove: true,
    editable: [],
    deadlineMs: 1,
    atDeadline: 'deny',
    escalatesTo: null,
  } as const;
  const rules: PlainRule[] = [hold('high', 50), hold('low', 0)];
  if (random.chance(0.5)) rules.push({ ...plain, id: 'never', decision: 'deny', above: 90 });
  if (random.chance(0.1)) rules.unshift({ ...plain, id: 'free', decision: 'allow', above: 80 });
  return rules;
}

/** One call of one agent and everything that was done about it. */
class Case {
  readonly definitions: Since<JsonObject>[] = [];
  readonly sent: { readonly at: number; readonly arguments: JsonObject; readonly tool: string }[] = [];
  readonly edits = new Map<string, JsonObject>();
  readonly said: { readonly ok: boolean; readonly code: string | null; readonly message: string | null }[] = [];
  readonly operations: OperationId[] = [];
  outcomes = 0;
  outcome: Promise<unknown> = Promise.resolve();
  connection: ScriptedConnection | null = null;

  constructor(
    readonly agent: string,
    readonly asked: JsonObject,
    readonly sessionId: SessionId,
  ) {}

  requestId: RequestId | null = null;
  callId: CallId | null = null;
}

/** What happened in one wave, with the words of what was wrong. */
export interface Waved {
  readonly cases: number;
  readonly violations: readonly string[];
  readonly sent: number;
  readonly ok: number;
  readonly refused: Readonly<Record<string, number>>;
}

export type Look = (trace: Trace) => readonly string[];

/** People, rules, time and agents at several held calls at once, all through the engine on a real store. */
export class Waves {
  private readonly rules: Since<{ readonly rules: readonly PlainRule[]; readonly version: string }>[] = [];
  private readonly people: Since<ReadonlyMap<string, Person>>[] = [];
  private current: Case | null = null;

  private constructor(
    private readonly desk: DeskPlace,
    private readonly random: Random,
  ) {}

  static async open(random: Random): Promise<Waves> {
    let self: Waves | null = null;
    const desk = await openDesk([], seats, { onConnection: (connection) => self?.connected(connection) });
    self = new Waves(desk, random);
    return self;
  }

  close(): Promise<void> {
    return this.desk.place.close();
  }

  async wave(name: string, size: number, look: Look = check): Promise<Waved> {
    const random = this.random.fork(name);
    for (const person of seats) this.desk.roster.put(person);
    this.noteChange(() => undefined);
    this.setRules(randomRules(random));
    const cases: Case[] = [];
    for (let index = 0; index < size; index += 1) cases.push(await this.begin(random, `${name}-${index}`));
    const changesAt = random.chance(0.4) ? random.between(1, 8) : -1;
    for (let round = 0; round < random.between(5, 10); round += 1) {
      const steps: Promise<void>[] = cases.flatMap((one) =>
        Array.from({ length: random.between(1, 4) }, () => this.step(random, one)),
      );
      if (round === changesAt) steps.push(this.changeAll(random));
      await this.within(Promise.all(steps), `${name}: round ${round}`);
      this.desk.clock.move(random.weighted({ 5: 5, 15_000: 3, 61_000: 1 }) === '5' ? 5 : random.between(1_000, 25_000));
    }
    return this.end(name, cases, look);
  }

  private async begin(random: Random, agent: string): Promise<Case> {
    const { place, roster } = this.desk;
    roster.own(agentOf(agent).id, owner);
    const asked = { amount: random.pick([10, 20, 60, 70, 85, 95]), to: 'Ada' };
    const one = new Case(agent, asked, await place.session(agent));
    this.current = one;
    const call = place.call(one.sessionId, 'bank/pay', asked);
    one.outcome = call.outcome.then(() => {
      one.outcomes += 1;
    });
    one.callId = await call.received;
    for (const { requestId } of await this.openOf(one)) one.requestId = requestId;
    return one;
  }

  private async openOf({ sessionId }: Case): Promise<readonly { readonly requestId: RequestId }[]> {
    const events = await this.desk.place.events(sessionId);
    return events.flatMap((event) => (event.type === 'request.opened' ? [event] : []));
  }

  /** One thing somebody does, a few turns later or at once. */
  private async step(random: Random, one: Case): Promise<void> {
    const { place, clock } = this.desk;
    const { people, agents } = place.engine;
    const act = random.weighted({
      approve: 30,
      deny: 7,
      claim: 8,
      release: 4,
      edit: 14,
      assign: 5,
      note: 4,
      cancel: 1,
      end: 1,
      definition: 2,
    });
    const person = this.someone(random);
    const turns = random.between(0, 4);
    const [isRepeat, isStale, other] = [random.chance(0.15), random.chance(0.1), random.pick(seats)];
    const given = { amount: random.pick([10, 55, 65, 95]), to: random.pick(['Ada', 'Ben']) };
    const reused = isRepeat && one.operations.length > 0 ? random.pick(one.operations) : null;
    for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    if (one.requestId === null) return;
    const { requestId } = one;
    const request = await place.store.request(requestId);
    if (request === null) throw new Error('the request is not on disk');
    const revision = isStale ? Math.max(1, request.revision - 1) : request.revision;
    switch (act) {
      case 'approve':
      case 'deny': {
        const operationId = reused ?? operation();
        one.operations.push(operationId);
        const action = act === 'approve' ? 'accept' : 'decline';
        const order = {
          requestId,
          operationId,
          revision,
          action,
          reason: null,
          content: null,
          tookMs: null,
          remember: null,
        } as const;
        return this.heard(one, await people.answer(person, order));
      }
      case 'claim':
        return this.heard(one, await people.claim(person, requestId));
      case 'release':
        return this.heard(one, await people.release(person, requestId));
      case 'edit':
        return this.edit(one, { person, revision, given, request });
      case 'assign':
        return this.heard(one, await people.assign(person, requestId, other.id));
      case 'note':
        return this.heard(one, await people.note(person, { requestId, text: 'Who is Ada?', mentions: [] }));
      case 'cancel':
        if (one.callId !== null) await agents.cancel(agentOf(one.agent), one.callId, 'gave up');
        return;
      case 'end':
        return this.heard(one, await people.end(seats[0] ?? person, one.sessionId, 'stuck'));
      case 'definition':
        clock.move(1);
        if (one.connection !== null) one.connection.tools = [{ ...pay, description: 'Pays somebody else.' }];
    }
  }

  private async edit(
    one: Case,
    order: {
      readonly person: Person;
      readonly revision: number;
      readonly given: JsonObject;
      readonly request: HoldRequest;
    },
  ): Promise<void> {
    const { person, revision, given, request } = order;
    // Whatever version it is bound to in the end, this is what it would cover.
    for (const { value } of this.rules) one.edits.set(this.digestOf(one, given, value.version), given);
    const { requestId } = request;
    const edited = await this.desk.place.engine.people.edit(person, { requestId, revision, arguments: given });
    for (const { value } of this.rules) one.edits.set(this.digestOf(one, given, value.version), given);
    this.heard(one, edited);
  }

  private digestOf(one: Case, given: Json, version: string): string {
    return digest('bank', 'pay', { given, definition: one.definitions[0]?.value ?? {}, version });
  }

  /** As their page knows them: sometimes what they were. */
  private someone(random: Random): Person {
    const seat = random.pick(seats);
    return random.chance(0.2) ? seat : (this.desk.roster.person(seat.id) ?? seat);
  }

  /** The rules, or who is what, change for everyone. */
  private async changeAll(random: Random): Promise<void> {
    for (let turn = 0; turn < random.between(0, 4); turn += 1) await new Promise((resolve) => setImmediate(resolve));
    if (random.chance(0.5)) return this.setRules(randomRules(random));
    this.noteChange(() => {
      const seat = random.pick(seats);
      const role = random.pick(['approver', 'observer'] as const);
      this.desk.roster.put({ ...seat, role, teams: random.chance(0.5) ? [] : seat.teams, covers: [] });
    });
  }

  private setRules(rules: readonly PlainRule[]): void {
    const { clock, policy } = this.desk;
    clock.move(1);
    policy.set(rules.map(ruleFrom));
    this.rules.push({ at: clock.now(), value: { rules, version: policy.version } });
  }

  private noteChange(change: () => void): void {
    const { clock, roster } = this.desk;
    clock.move(1);
    change();
    this.people.push({ at: clock.now(), value: new Map(roster.people().map((person) => [person.id, person])) });
  }

  private connected(connection: ScriptedConnection): void {
    const one = this.current;
    if (one === null) return;
    one.connection = connection;
    const { clock } = this.desk;
    connection.onCall = async (call) => {
      one.sent.push({ at: clock.now(), arguments: call.arguments, tool: call.tool });
      setImmediate(() => void connection.finish(call.rpcId));
      return { ok: true, status: 200 };
    };
    connection.request = async (method) => {
      if (method !== 'tools/list') return { ok: true, result: {} };
      const { tools } = connection;
      one.definitions.push({ at: clock.now(), value: tools[0] ?? {} });
      return { ok: true, result: { tools } };
    };
  }

  private heard(one: Case, result: Result<unknown>): void {
    one.said.push(
      result.ok ? { ok: true, code: null, message: null } : { ok: false, code: result.code, message: result.message },
    );
  }

  private async within(work: Promise<unknown>, what: string): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`nothing came of it: ${what}`)), hangsAfterMs);
    });
    try {
      await Promise.race([work, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  private async end(name: string, cases: readonly Case[], look: Look): Promise<Waved> {
    const { clock, place } = this.desk;
    // Whatever nobody decided runs out of time.
    clock.move(130_000);
    await this.within(Promise.all(cases.map(({ outcome }) => outcome)), `${name}: an outcome`);
    clock.move(1_000);
    const violations: string[] = [];
    const refused: Record<string, number> = {};
    for (const one of cases) {
      await place.engine.agents.close(one.sessionId, 'done');
      const trace = await this.traceOf(one);
      const wrong = [...look(trace), ...(await this.foldedAnew(one, trace))];
      if (wrong.length > 0) violations.push(`${one.agent}: ${wrong.join('; ')}\n${logOf(trace)}`);
      for (const { code } of one.said) if (code !== null) refused[code] = (refused[code] ?? 0) + 1;
    }
    const ok = cases.flatMap(({ said }) => said).filter((each) => each.ok).length;
    const sent = cases.filter((one) => one.sent.length > 0).length;
    return { cases: cases.length, violations, sent, ok, refused };
  }

  private async traceOf(one: Case): Promise<Trace> {
    const { asked, definitions, sent, edits, outcomes, said } = one;
    const events = await this.desk.place.events(one.sessionId);
    const { rules, people } = this;
    return { events, asked, rules, people, owner, definitions, sent, edits, outcomes, answersSaid: said };
  }

  /** I12, I15: the log alone gives what the engine wrote beside it. */
  private async foldedAnew(one: Case, { events }: Trace): Promise<readonly string[]> {
    const { store } = this.desk.place;
    const book = emptyBook();
    for (const event of events) {
      const folded = foldEvent(book, event);
      if (!folded.ok) return [`I15 event ${event.seq} does not fold: ${folded.message}`];
    }
    const { requestId, callId } = one;
    const wrong: string[] = [];
    const same = (a: object, b: object): boolean => canonical(a) === canonical(b);
    const request = requestId === null ? null : await store.request(requestId);
    const folded = requestId === null ? undefined : book.requests.get(requestId);
    if (request !== null && folded !== undefined && request.seq === folded.seq && !same(request, folded))
      wrong.push('I12 the request is another when folded');
    const call = callId === null ? null : await store.call(callId);
    const again = callId === null ? undefined : book.calls.get(callId);
    if (call !== null && again !== undefined && call.call.state !== again.state)
      wrong.push('I12 the call is another when folded');
    if (request !== null && 'receipt' in request) {
      const { sentAt, acceptedAt, movedOnAt } = request.receipt;
      const times = [request.answer.savedAt, sentAt, acceptedAt, movedOnAt].filter((at) => at !== null);
      if (times.some((at, index) => index > 0 && at < (times[index - 1] ?? 0))) wrong.push('a receipt out of order');
      if (request.answer.action === 'accept' && one.sent.length === 0 && request.state === 'delivered')
        wrong.push('a receipt of what never left');
    }
    return wrong;
  }
}

/** What happened to it, a line for each event that decides. */
function logOf({ events }: Trace): string {
  return events
    .filter(({ type }) => type.startsWith('request.') || type.startsWith('call.'))
    .map(
      ({ seq, at, actor, type, ...more }) =>
        `  ${seq} ${at} ${'name' in actor ? actor.name : actor.kind} ${type} ${JSON.stringify(more)}`,
    )
    .join('\n');
}
