import { createHash } from 'node:crypto';
import type { SessionEvent } from '@/lib/domain/event';
import type { JsonObject } from '@/lib/domain/json';
import type { Person } from '@/lib/domain/permission';

/** A rule of these runs, told without the policy language: the checker does not ask what it checks. */
export interface PlainRule {
  readonly id: string;
  readonly decision: 'allow' | 'hold' | 'deny';
  /** It matches amounts above this. */
  readonly above: number;
  readonly team: string | null;
  readonly approvals: readonly {
    readonly count: number;
    readonly role: 'admin' | null;
    readonly team: string | null;
  }[];
  readonly denials: number;
  readonly ownerMayApprove: boolean;
  readonly editable: readonly string[];
  readonly deadlineMs: number;
  readonly atDeadline: 'deny' | 'allow';
  readonly escalatesTo: string | null;
}

/** What stood when: the last entry at or before an instant was in force at it. */
export interface Since<T> {
  readonly at: number;
  readonly value: T;
}

export interface Trace {
  readonly events: readonly SessionEvent[];
  readonly asked: JsonObject;
  readonly rules: readonly Since<{ readonly rules: readonly PlainRule[]; readonly version: string }>[];
  readonly people: readonly Since<ReadonlyMap<string, Person>>[];
  readonly owner: string;
  /** The definition the server gave when it was last asked before an instant. */
  readonly definitions: readonly Since<JsonObject>[];
  readonly sent: readonly { readonly at: number; readonly arguments: JsonObject; readonly tool: string }[];
  /** Arguments of each accepted edit, by the seq of its event. */
  readonly edits: ReadonlyMap<string, JsonObject>;
  readonly outcomes: number;
  readonly answersSaid: readonly {
    readonly ok: boolean;
    readonly code: string | null;
    readonly message: string | null;
  }[];
}

function at<T>(since: readonly Since<T>[], instant: number): T {
  const found = since.findLast((each) => each.at <= instant) ?? since[0];
  if (found === undefined) throw new Error('nothing was in force');
  return found.value;
}

/** Keys in order, whatever their depth: written here anew. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical((value as Record<string, unknown>)[key])}`).join()}}`;
}

export function digest(
  server: string,
  tool: string,
  seen: { readonly given: unknown; readonly definition: unknown; readonly version: string },
): string {
  const thing = { server, tool, arguments: seen.given, definition: seen.definition, policyVersion: seen.version };
  return createHash('sha256').update(canonical(thing)).digest('hex');
}

export function amountOf(given: JsonObject): number {
  return typeof given['amount'] === 'number' ? given['amount'] : 0;
}

/** What the rules say: a deny anywhere, else the first that matches, else a hold by anyone. */
export function verdict(rules: readonly PlainRule[], given: JsonObject): PlainRule | 'default' {
  const matching = rules.filter(({ above }) => amountOf(given) > above);
  return matching.find(({ decision }) => decision === 'deny') ?? matching[0] ?? 'default';
}

const over = [
  'call.completed',
  'call.failed',
  'call.rejected',
  'call.expired',
  'call.cancelled',
  'call.indeterminate',
  'call.denied',
];

interface Standing {
  terms: PlainRule | 'default';
  given: JsonObject;
  bound: string | null;
  version: string;
  votes: Map<string, { readonly said: 'approve' | 'deny'; readonly person: Person }>;
  state: 'open' | 'approved' | 'denied' | 'expired' | 'withdrawn' | 'none';
}

/** Everything that must hold of one call, from its log and from what reached its server; what is wrong, in words. */
export function check(trace: Trace): readonly string[] {
  const wrong: string[] = [];
  const now: Standing = {
    terms: 'default',
    given: trace.asked,
    bound: null,
    version: '',
    votes: new Map(),
    state: 'none',
  };
  let outcomes = 0;
  let sent = 0;
  const operations = new Set<string>();
  for (const [index, event] of trace.events.entries()) {
    if (event.seq !== index + 1) wrong.push(`I15 event ${event.seq} stands at ${index + 1}`);
    if (over.includes(event.type)) outcomes += 1;
    if (event.type === 'request.opened' || event.type === 'request.edited') boundAnew(trace, now, { event, wrong });
    if (event.type === 'request.voted') vote(trace, now, { event, said: event.vote, wrong });
    if (event.type === 'request.answered') {
      if (now.state !== 'open') wrong.push(`I1 an answer to what is ${now.state}`);
      vote(trace, now, { event, said: event.action === 'accept' ? 'approve' : 'deny', wrong });
      now.state = event.action === 'accept' ? 'approved' : 'denied';
      operations.add(event.operationId);
      if (event.action === 'accept' && !isApproved(now)) wrong.push('I6 approved by fewer than the rule needs');
      if (event.action !== 'accept' && denials(now) < denialsOf(now.terms))
        wrong.push('I6 denied by fewer than the rule needs');
    }
    if (event.type === 'request.expired') now.state = now.state === 'open' ? 'expired' : now.state;
    if (event.type === 'request.withdrawn') now.state = 'withdrawn';
    if (event.type === 'call.expired' && now.state !== 'expired') wrong.push('I7 expired without a deadline');
    if (event.type === 'call.rejected' && now.state !== 'denied') wrong.push('I7 rejected although nobody declined');
    if (event.type === 'call.sent') {
      sent += 1;
      leaves(trace, now, { at: event.at, wrong });
    }
  }
  if (operations.size > 1) wrong.push('I1 two answers');
  if (sent > 1 || trace.sent.length > 1) wrong.push('I6 sent twice');
  if (trace.sent.length > sent) wrong.push('I3 bytes left without a record');
  if (outcomes !== 1) wrong.push(`there are ${outcomes} outcomes`);
  if (trace.outcomes !== 1) wrong.push(`its agent heard ${trace.outcomes} outcomes`);
  for (const { arguments: given, tool, at: left } of trace.sent) {
    if (canonical(given) !== canonical(now.given) || tool !== 'pay')
      wrong.push(`I6 sent is ${canonical(given)}, approved was ${canonical(now.given)}`);
    const { rules } = at(trace.rules, left);
    if (isDenied(rules, given) && isDenied(at(trace.rules, left - 1).rules, given))
      wrong.push('I6 left although a rule denies it');
  }
  for (const { ok, code, message } of trace.answersSaid)
    if (!ok && (code === null || message === null || message.length < 8))
      wrong.push(`a refusal without words: ${code}`);
  return wrong;
}

function isDenied(rules: readonly PlainRule[], given: JsonObject): boolean {
  const found = verdict(rules, given);
  return found !== 'default' && found.decision === 'deny';
}

type Bound = Extract<SessionEvent, { readonly type: 'request.opened' | 'request.edited' }>;

/** Opened or edited: votes begin anew, on the terms of the rules of this moment, bound to all that is seen. */
function boundAnew(
  trace: Trace,
  now: Standing,
  { event, wrong }: { readonly event: Bound; readonly wrong: string[] },
): void {
  const { rules, version } = at(trace.rules, event.at);
  if (event.type === 'request.edited') {
    if (now.state !== 'open') wrong.push(`I6 an edit of what is ${now.state}`);
    // Holdpoint's own, when the rules changed: what is asked stays as it was.
    const isReruled = event.actor.kind === 'holdpoint';
    const given = event.digest === null || isReruled ? undefined : trace.edits.get(event.digest);
    if (given === undefined && !isReruled) wrong.push('I6 an edit nobody made');
    const before = now.terms === 'default' ? [] : now.terms.editable;
    for (const pointer of isReruled ? [] : event.changed)
      if (!before.some((each) => each === '' || pointer === each || pointer.startsWith(`${each}/`)))
        wrong.push(`I6 ${pointer} was edited, which is locked`);
    now.given = given ?? now.given;
  }
  const found = verdict(rules, now.given);
  if (found !== 'default' && found.decision === 'deny') wrong.push('I6 asked about what a rule denies');
  // One that would be allowed now still asks whom it asked before.
  if (found === 'default' || found.decision === 'hold') now.terms = found;
  now.version = version;
  now.bound = event.digest;
  now.votes = new Map();
  now.state = 'open';
  const definition = trace.definitions[0]?.value ?? {};
  const expected = digest('bank', 'pay', { given: now.given, definition, version });
  if (event.digest !== expected) wrong.push('I6 bound to something else than what is seen');
  const { approval } = event;
  const wanted = now.terms === 'default' ? [{ count: 1, role: null, team: null }] : now.terms.approvals;
  const got = approval?.approvals.map(({ count, role, team }) => ({ count, role, team }));
  if (canonical(got) !== canonical(wanted))
    wrong.push(`I6 asked on ${canonical(got)}, the rules say ${canonical(wanted)}`);
}

type Said = Extract<SessionEvent, { readonly type: 'request.voted' | 'request.answered' }>;

function vote(
  trace: Trace,
  now: Standing,
  { event, said, wrong }: { readonly event: Said; readonly said: 'approve' | 'deny'; readonly wrong: string[] },
): void {
  const { actor } = event;
  if (actor.kind !== 'person') return void wrong.push(`I6 a vote of ${actor.kind}`);
  const person = at(trace.people, event.at).get(actor.id);
  if (person === undefined) return void wrong.push('I11 a vote of nobody');
  if (person.role === 'observer') wrong.push('I11 an observer votes');
  if (canonical(event.as?.role) !== canonical(person.role)) wrong.push('I6 a vote counts as what its person is not');
  const own = teamsOf(person);
  if ((event.as?.teams ?? []).some((team) => !own.includes(team)))
    wrong.push('I6 a vote counts for a team its person is not in');
  if (said === 'approve' && now.terms !== 'default' && !now.terms.ownerMayApprove && actor.id === trace.owner)
    wrong.push('I6 who answers for the agent approves');
  const before = now.votes.get(actor.id);
  // Who became somebody else since may say the same again: it stands for what they are now.
  const isSame =
    before !== undefined &&
    before.person.role === person.role &&
    canonical([...teamsOf(before.person)].sort()) === canonical([...own].sort());
  if (before?.said === said && isSame) wrong.push('I6 a person counts twice');
  now.votes.set(actor.id, { said, person });
}

function teamsOf(person: Person): readonly string[] {
  return [...person.teams, ...person.covers.flatMap(({ teams }) => teams)];
}

function denials(now: Standing): number {
  return [...now.votes.values()].filter(({ said }) => said === 'deny').length;
}

function denialsOf(terms: PlainRule | 'default'): number {
  return terms === 'default' ? 1 : terms.denials;
}

function isApproved(now: Standing): boolean {
  const { terms } = now;
  if (denials(now) >= denialsOf(terms)) return false;
  const needs = terms === 'default' ? [{ count: 1, role: null, team: null }] : terms.approvals;
  return needs.some(({ count, role, team }) => {
    const fitting = [...now.votes.values()].filter(
      ({ said, person }) =>
        said === 'approve' &&
        (role === null || person.role === role) &&
        (team === null || teamsOf(person).includes(team)),
    );
    return fitting.length >= count;
  });
}

/** The moment it is recorded as sent. */
function leaves(
  trace: Trace,
  now: Standing,
  { at: instant, wrong }: { readonly at: number; readonly wrong: string[] },
): void {
  const { rules, version } = at(trace.rules, instant);
  const found = verdict(rules, now.given);
  if (found !== 'default' && found.decision === 'deny') wrong.push('I6 leaves although a rule denies it');
  if (now.state === 'none') {
    if (found === 'default' || found.decision === 'hold') wrong.push('I6 leaves without being asked about');
    return;
  }
  const isByDeadline =
    now.state === 'expired' && now.terms !== 'default' && now.terms.atDeadline === 'allow' && denials(now) === 0;
  if (now.state !== 'approved' && !isByDeadline) wrong.push(`I6 leaves while it is ${now.state}`);
  if (version !== now.version) wrong.push('I6 leaves under other rules than it was approved under');
  const last = at(trace.definitions, instant);
  if (digest('bank', 'pay', { given: now.given, definition: last, version }) !== now.bound)
    wrong.push('I6 what leaves is not what was approved');
}
