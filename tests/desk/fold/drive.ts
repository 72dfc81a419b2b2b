import type { Actor } from '@/lib/domain/actor';
import { holdpoint } from '@/lib/domain/actor';
import { type Book, emptyBook, foldEvent, type FoldResult, touching, undo } from '@/lib/domain/book';
import type { EventBody, SessionEvent } from '@/lib/domain/event';
import type {
  AgentId,
  CallId,
  ConnectionId,
  NoteId,
  OperationId,
  PersonId,
  RequestId,
  SessionId,
  TeamId,
} from '@/lib/domain/ids';
import type { ApprovalTerms } from '@/lib/domain/policy/approval';
import { claimAt } from '@/lib/domain/claim';
import { Random } from '@/tests/chaos/random';
import { forAll, plainAnswered, plainCall } from '@/tests/support/desk';
import { type Cast, type Expected, Model, type Stands, type Step, type Terms } from './model';
import { unknownPace } from '@/lib/domain/pace';

/** What folds an event: the domain's own, or one with a guard taken out. */
export type Fold = (book: Book, event: SessionEvent, touched: ReturnType<typeof touching>) => FoldResult;

export const cast: readonly Cast[] = [
  { name: 'Mika', role: 'admin', teams: [] },
  { name: 'Ana', role: 'approver', teams: ['payments'] },
  { name: 'Bo', role: 'approver', teams: ['payments'] },
  { name: 'Pat', role: 'approver', teams: ['payments'] },
  { name: 'Sam', role: 'approver', teams: ['security'] },
  { name: 'Kim', role: 'approver', teams: ['payments', 'security'] },
];

const sessionId = 'ses_000000000001' as SessionId;
const callId = 'call_000000000001' as CallId;
const requestId = 'req_000000000001' as RequestId;
const connectionId = 'con_000000000001' as ConnectionId;

/** What one interleaving did; a violation says what, and the seed finds it again. */
export interface Driven {
  readonly violations: readonly string[];
  readonly taken: number;
  readonly refused: number;
  readonly end: Stands['call'];
}

function idOf(name: string): PersonId {
  return `per_${name}` as PersonId;
}

function nameOf(id: PersonId): string {
  return id.slice('per_'.length);
}

function actorOf({ name }: Cast): Actor {
  return { kind: 'person', id: idOf(name), name };
}

function termsOf({ approvals, denials, notBy, atDeadline }: Terms): ApprovalTerms {
  return {
    approvals: approvals.map((need) => ({ ...need, team: need.team as TeamId | null, teamName: need.team })),
    denials,
    notBy: notBy === null ? null : { id: idOf(notBy), name: notBy },
    editable: [''],
    atDeadline,
    escalation: null,
    reasonRequired: false,
    mayRemember: true,
    safeFields: [],
    policyVersion: 'v1',
  };
}

function randomTerms(random: Random): Terms {
  const need = (): Terms['approvals'][number] => ({
    count: random.between(1, 3),
    role: random.chance(0.2) ? 'admin' : null,
    team: random.chance(0.3) ? random.pick(['payments', 'security']) : null,
  });
  return {
    approvals: random.chance(0.4) ? [need(), need()] : [need()],
    denials: random.between(1, 2),
    notBy: random.chance(0.4) ? 'Pat' : null,
    atDeadline: random.chance(0.3) ? 'allow' : 'deny',
  };
}

/** One book, driven by random steps and compared with the model after each. */
export class Interleaving {
  private readonly random: Random;
  private readonly book = emptyBook();
  private readonly log: SessionEvent[] = [];
  private readonly model: Model;
  private readonly violations: string[] = [];
  private now = 1_000;
  private operations = 0;
  private readonly said: string[] = [];
  private taken = 0;
  private refused = 0;

  constructor(
    seed: string,
    private readonly fold: Fold = foldEvent,
  ) {
    this.random = new Random(seed);
    const terms = randomTerms(this.random);
    this.model = new Model('digest-0', terms);
    const opened = this.commit(openingOf(terms));
    if (opened !== 'ok') throw new Error(`the book could not be opened: ${opened}`);
  }

  run(): Driven {
    const steps = this.random.between(8, 30);
    for (let count = 0; count < steps && this.violations.length === 0; count += 1) {
      this.now += this.random.weighted({ 1: 6, 20_000: 2, 61_000: 1 }) === '1' ? 1 : this.random.between(2, 61_000);
      this.take(this.nextStep());
    }
    this.settle();
    if (this.violations.length === 0) this.foldAgain();
    const { violations, taken, refused } = this;
    return { violations, taken, refused, end: this.model.stands(this.now).call };
  }

  /** Whatever was left open ends, so that every interleaving has an outcome. */
  private settle(): void {
    if (this.violations.length > 0) return;
    this.take({ kind: this.random.chance(0.5) ? 'expire' : 'withdraw' });
    this.take({ kind: 'sent' });
    this.take({ kind: 'completed' });
    this.take({ kind: 'sent' });
    const { call } = this.model.stands(this.now);
    if (!['completed', 'rejected', 'expired', 'cancelled'].includes(call)) this.wrong('no outcome', call);
  }

  private nextStep(): Step {
    const { random } = this;
    const who = random.pick(cast);
    const kind = random.weighted({
      vote: 22,
      answer: 22,
      claim: 12,
      release: 4,
      edit: 7,
      assign: 4,
      escalate: 3,
      note: 4,
      sent: 6,
      completed: 2,
      expire: 1,
      withdraw: 1,
    });
    switch (kind) {
      case 'claim':
        return { kind, who, at: this.now };
      case 'release':
      case 'note':
        return { kind, who };
      case 'vote':
      case 'answer':
        return { kind, who, said: random.chance(0.75) ? 'approve' : 'deny', op: this.operation() };
      case 'edit':
        return { kind, who, digest: `digest-${random.between(1, 9)}`, terms: randomTerms(random) };
      case 'assign':
        return { kind, who, to: random.chance(0.3) ? null : random.pick(cast).name };
      case 'escalate':
        return { kind, team: random.pick(['security', 'ops']) };
      default:
        return { kind };
    }
  }

  /** A new one, or one that was said before: by the same person or by another. */
  private operation(): string {
    if (this.said.length > 0 && this.random.chance(0.15)) return this.random.pick(this.said);
    this.operations += 1;
    const operation = `op_${this.operations}`;
    this.said.push(operation);
    return operation;
  }

  private take(step: Step): void {
    const before = this.model.stands(this.now);
    const expected = this.model.take(step);
    const seq = this.book.seq;
    // An answer that is said again writes nothing more.
    const isRepeat = step.kind === 'answer' && before.request === 'answered';
    const got = this.commit(isRepeat ? eventsOf(step, this.book).slice(0, 1) : eventsOf(step, this.book));
    if (got === 'ok') this.taken += 1;
    else this.refused += 1;
    if (got !== expected) return this.wrong('another answer', { step, expected, got, before });
    if (got !== 'ok' && this.book.seq !== seq) return this.wrong('a refused step changed the book', step);
    const stands = JSON.stringify(this.stands());
    if (stands !== JSON.stringify(this.model.stands(this.now)))
      this.wrong('another state', { step, stands, expected: this.model.stands(this.now) });
  }

  /** All of a change or nothing, as the engine commits it. */
  private commit(bodies: readonly (readonly [Actor, EventBody])[]): Expected {
    const touched = touching(this.book);
    const events: SessionEvent[] = [];
    for (const [actor, body] of bodies) {
      const event: SessionEvent = { sessionId, seq: this.book.seq + 1, at: this.now, actor, ...body };
      const folded = this.fold(this.book, event, touched);
      if (!folded.ok) {
        undo(this.book, touched);
        return folded.code;
      }
      events.push(event);
    }
    this.log.push(...events);
    return 'ok';
  }

  private stands(): Stands {
    const request = this.book.requests.get(requestId);
    const call = this.book.calls.get(callId);
    if (request === undefined || call === undefined) throw new Error('nothing is in the book');
    const leaving = call.state === 'held' && call.reasons.includes('sending');
    return {
      request: request.state as Stands['request'],
      call: call.state === 'held' ? (leaving ? 'leaving' : 'waiting') : (call.state as Stands['call']),
      digest: request.digest ?? '',
      revision: request.revision,
      votes: Object.fromEntries(
        request.votes.map(({ by, vote }) => [nameOf(by.id), vote] as const).sort(([a], [b]) => (a < b ? -1 : 1)),
      ),
      claimedBy: claimAt(request, this.now)?.by.name ?? null,
      assignedTo: request.assignedTo?.name ?? null,
      also: request.alsoTeams.map(({ id }) => id),
      notes: request.notes,
    };
  }

  /** I12, I15: the log alone gives the same book; an event said twice or too early changes nothing. */
  private foldAgain(): void {
    const again = emptyBook();
    for (const [index, event] of this.log.entries()) {
      if (event.seq !== index + 1) this.wrong('a gap', event);
      const skipped = this.log[index + 1];
      if (skipped !== undefined && foldEvent(again, skipped).ok) this.wrong('an event too early', skipped);
      const folded = foldEvent(again, event);
      if (!folded.ok) this.wrong('the log does not fold', { event, folded });
      if (foldEvent(again, event).ok) this.wrong('an event twice', event);
    }
    const text = (book: Book): string => JSON.stringify([[...book.calls], [...book.requests], book.seq]);
    if (text(again) !== text(this.book)) this.wrong('folded anew it is another book', text(again));
    if (this.log.filter(({ type }) => type === 'call.sent').length > 1) this.wrong('sent twice', this.log);
    const answers = this.log.filter(({ type }) => type === 'request.answered');
    if (new Set(answers.map((event) => ('operationId' in event ? event.operationId : ''))).size > 1)
      this.wrong('two answers', answers);
  }

  private wrong(what: string, about: unknown): void {
    this.violations.push(`${what}: ${JSON.stringify(about)}`);
  }
}

type Bodies = readonly (readonly [Actor, EventBody])[];

function openingOf(terms: Terms): Bodies {
  const rule = { id: 'held', words: 'A person decides.' };
  const agent: Actor = { kind: 'agent', id: 'agt_1' as AgentId, name: 'Night shift' };
  const about = { server: 'bank', tool: 'pay', title: 'Pay', risk: 'destructive' } as const;
  const opened: EventBody = {
    type: 'request.opened',
    requestId,
    kind: 'approval',
    callId,
    candidates: [],
    ...about,
    deadline: { at: 10 ** 12, cause: 'default', reason: 'as configured', onExpiry: terms.atDeadline },
    upstream: null,
    digest: 'digest-0',
    elicitationId: null,
    earlier: null,
    ...forAll,
    approval: termsOf(terms),
  };
  const server = { connectionId, server: 'bank', transport: 'http', era: 'stateful' } as const;
  const started = { agent, client: null, scope: null, protocolVersion: '2025-11-25' };
  return [
    [agent, { type: 'session.started', ...started }],
    [holdpoint, { type: 'connection.opening', ...server }],
    [agent, { type: 'call.received', callId, ...about, annotations: {}, argumentsBytes: 2, ...plainCall }],
    [holdpoint, { type: 'call.held', callId, rule, requestId }],
    [holdpoint, opened],
  ];
}

/** The change a step asks for, as the desk writes it. */
function eventsOf(step: Step, book: Book): Bodies {
  const rule = { id: 'approval', words: 'Approved.' };
  switch (step.kind) {
    case 'claim':
      return [[actorOf(step.who), { type: 'request.claimed', requestId, untilAt: step.at + 60_000 }]];
    case 'release':
      return [[actorOf(step.who), { type: 'request.released', requestId }]];
    case 'note':
      return [[actorOf(step.who), { type: 'request.noted', requestId, noteId: 'note_1' as NoteId, mentions: [] }]];
    case 'vote': {
      const { said: vote, who, op } = step;
      const as = { role: who.role, teams: who.teams as readonly TeamId[] };
      const more = { reason: null, operationId: op as OperationId, as, tookMs: null };
      return [[actorOf(who), { type: 'request.voted', requestId, vote, ...more }]];
    }
    case 'answer': {
      const { said, who, op } = step;
      const as = { role: who.role, teams: who.teams as readonly TeamId[] };
      const action = said === 'approve' ? 'accept' : 'decline';
      const more = { reason: null, operationId: op as OperationId, ...plainAnswered, as };
      const follows: EventBody =
        said === 'approve' ? { type: 'call.allowed', callId, rule } : { type: 'call.rejected', callId, reason: 'no' };
      return [
        [actorOf(who), { type: 'request.answered', requestId, action, ...more }],
        [actorOf(who), follows],
      ];
    }
    case 'edit': {
      const { digest, who } = step;
      const more = { changed: ['/amount'], rule, title: 'Pay', team: null, alsoTeams: [], ...plainCall };
      const body: EventBody = { type: 'request.edited', requestId, digest, ...more, approval: termsOf(step.terms) };
      return [[actorOf(who), body]];
    }
    case 'assign': {
      const to = step.to === null ? null : { id: idOf(step.to), name: step.to };
      return [[actorOf(step.who), { type: 'request.assigned', requestId, to }]];
    }
    case 'escalate': {
      const team = { id: step.team as TeamId, name: step.team };
      return [[holdpoint, { type: 'request.escalated', requestId, team, why: 'Nobody answered.' }]];
    }
    case 'expire': {
      const request = book.requests.get(requestId);
      const isAllowed =
        request?.approval?.atDeadline === 'allow' && request.votes.every(({ vote }) => vote === 'approve');
      const follows: EventBody = isAllowed
        ? { type: 'call.allowed', callId, rule: { id: 'deadline', words: 'No one answered.' } }
        : { type: 'call.expired', callId, requestId };
      return [
        [holdpoint, { type: 'request.expired', requestId }],
        [holdpoint, follows],
      ];
    }
    case 'withdraw':
      return [
        [holdpoint, { type: 'request.withdrawn', requestId, why: 'The agent cancelled the call.' }],
        [holdpoint, { type: 'call.cancelled', callId, by: 'agent', reason: 'gave up' }],
      ];
    case 'sent':
      return [[holdpoint, { type: 'call.sent', callId, connectionId, rpcId: 'rpc-1', pace: unknownPace, limits: [] }]];
    case 'completed':
      return [[holdpoint, { type: 'call.completed', callId, isError: false, resultBytes: 2, summary: 'done' }]];
  }
}
