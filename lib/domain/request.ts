import { type Advance, next } from './advance';
import { claimAt } from './claim';
import type { Actor } from './actor';
import type { Deadline } from './deadline';
import type { AnswerAction, EventOf, RequestOpening, SessionEvent } from './event';
import type { OperationId, PersonId, RequestId, SessionId } from './ids';
import type { ModelUsage } from './model-usage';
import { type ApprovalTerms, plainTerms, tally, type Vote } from './policy/approval';
import type { RememberOrder } from './policy/choice';
import { refuse } from './refusal';
import { decidedBy, votesWith } from './request-votes';

/** How long a claim holds without renewal. */
export const claimLeaseMs = 60_000;

export interface Claim {
  readonly by: { readonly id: PersonId; readonly name: string };
  readonly untilAt: number;
}

/** What is asked, as it stands now: its deadline moved, another team asked as well, its arguments edited. */
export interface RequestFacts extends RequestOpening {
  readonly sessionId: SessionId;
  /** Of an approval: each person's last vote, on what is asked now. */
  readonly votes: readonly Vote[];
  /** JSON Pointers of the arguments that were edited; empty while it is what the agent asked. */
  readonly edited: readonly string[];
  readonly notes: number;
  readonly openedAt: number;
  /** The `seq` of the event that last changed it: of two copies the higher is newer (I12). */
  readonly seq: number;
  /** Counts the request's own changes that matter to who answers; an answer names the one it saw. */
  readonly revision: number;
}

export interface Answer {
  readonly by: Actor;
  readonly action: AnswerAction;
  readonly reason: string | null;
  readonly operationId: OperationId;
  /** The receipt's first stage, saved: committed. */
  readonly savedAt: number;
  readonly tookMs: number | null;
  readonly remember: RememberOrder | null;
  readonly usage: ModelUsage | null;
}

/** The receipt after `saved`: each stage has the instant it happened, or null. */
export interface Receipt {
  readonly to: 'server' | 'agent' | null;
  readonly sentAt: number | null;
  readonly acceptedAt: number | null;
  readonly movedOnAt: number | null;
}

export type OpenRequest = RequestFacts & { readonly state: 'open'; readonly claim: Claim | null };
export type AnsweredRequest = RequestFacts & {
  readonly state: 'answered' | 'delivered';
  readonly answer: Answer;
  readonly receipt: Receipt;
};
export type UndeliveredRequest = RequestFacts & {
  readonly state: 'undelivered';
  readonly answer: Answer;
  readonly receipt: Receipt;
  readonly why: string;
};
export type ExpiredRequest = RequestFacts & { readonly state: 'expired'; readonly endedAt: number };
export type WithdrawnRequest = RequestFacts & {
  readonly state: 'withdrawn';
  readonly endedAt: number;
  readonly why: string;
};

/** One thing a person must answer. */
export type HoldRequest = OpenRequest | AnsweredRequest | UndeliveredRequest | ExpiredRequest | WithdrawnRequest;
export type RequestState = HoldRequest['state'];

export type RequestEffect =
  | { readonly effect: 'watch_request'; readonly requestId: RequestId }
  | { readonly effect: 'ask_model'; readonly requestId: RequestId }
  | { readonly effect: 'deliver_answer'; readonly requestId: RequestId }
  | { readonly effect: 'tell_nobody_answered'; readonly requestId: RequestId }
  | { readonly effect: 'tell_withdrawn'; readonly requestId: RequestId };

export type RequestEvent = Extract<SessionEvent, { readonly type: `request.${string}` | `answer.${string}` }>;
type Step = Advance<HoldRequest, RequestEffect>;

export function openRequest(event: EventOf<'request.opened'>): OpenRequest {
  const { type: _type, at, actor: _actor, ...facts } = event;
  return { ...facts, votes: [], edited: [], notes: 0, openedAt: at, revision: 1, state: 'open', claim: null };
}

/** The request lifecycle of DESIGN.md; its whole table is `tests/domain/request.test.ts`. */
export function advanceRequest(request: HoldRequest, event: RequestEvent): Step {
  // What is said about a request may come at any time, and changes nothing of it.
  if (event.type === 'request.noted') return next({ ...request, notes: request.notes + 1 });
  switch (request.state) {
    case 'open':
      return advanceOpen(request, event);
    case 'answered':
    case 'delivered':
      return advanceAnswered(request, event);
    case 'undelivered':
    case 'expired':
    case 'withdrawn':
      return advanceOver(request, event);
  }
}

function advanceOpen(request: OpenRequest, event: RequestEvent): Step {
  switch (event.type) {
    case 'request.claimed': {
      if (event.actor.kind !== 'person') return no(request, event);
      const held = claimAt(request, event.at);
      if (held !== null && held.by.id !== event.actor.id) {
        return refuse('claimed', `${held.by.name} is answering this.`, { by: held.by.name, untilAt: held.untilAt });
      }
      return next({
        ...request,
        claim: { by: { id: event.actor.id, name: event.actor.name }, untilAt: event.untilAt },
      });
    }
    case 'request.released':
      return next({ ...request, claim: null });
    case 'request.voted':
      return vote(request, event);
    case 'request.edited':
    case 'request.assigned':
    case 'request.escalated':
    case 'request.drafted':
    case 'request.to_person':
      return change(request, event);
    case 'request.answered':
    case 'request.expired':
    case 'request.withdrawn':
      return end(request, event);
    default:
      return no(request, event);
  }
}

/** What people, time and rules do to a request that stays open. */
function change(
  request: OpenRequest,
  event: EventOf<'request.edited' | 'request.assigned' | 'request.escalated' | 'request.drafted' | 'request.to_person'>,
): Step {
  switch (event.type) {
    case 'request.edited': {
      const { digest, changed, title, team, alsoTeams, approval } = event;
      if (request.approval === null) return no(request, event);
      const revision = request.revision + 1;
      return next<HoldRequest, RequestEffect>(
        {
          ...request,
          ...{ digest, edited: changed, title, team, alsoTeams, approval, votes: [], revision },
          deadline: atDeadline(request.deadline, approval),
          claim: withoutOwn(request.claim, event.actor),
          // Whoever had it was one of those who were asked before.
          assignedTo: team?.id === request.team?.id ? request.assignedTo : null,
        },
        { effect: 'watch_request', requestId: request.requestId },
      );
    }
    case 'request.assigned':
      return next({ ...request, assignedTo: event.to });
    case 'request.escalated':
      return next(
        request.team?.id === event.team.id || request.alsoTeams.some(({ id }) => id === event.team.id)
          ? request
          : { ...request, alsoTeams: [...request.alsoTeams, event.team] },
      );
    case 'request.drafted':
      return next(request);
    case 'request.to_person':
      return request.writer === 'model' ? next({ ...request, writer: 'person' }) : no(request, event);
  }
}

function end(request: OpenRequest, event: EventOf<'request.answered' | 'request.expired' | 'request.withdrawn'>): Step {
  switch (event.type) {
    case 'request.answered': {
      const decided = decidedBy(request, event);
      if (!decided.ok) return decided;
      const { claim: _claim, ...facts } = request;
      const answer: Answer = {
        by: event.actor,
        action: event.action,
        reason: event.reason,
        operationId: event.operationId,
        savedAt: event.at,
        tookMs: event.tookMs,
        remember: event.remember,
        usage: event.usage,
      };
      const receipt: Receipt = { to: null, sentAt: null, acceptedAt: null, movedOnAt: null };
      const answered: AnsweredRequest = {
        ...facts,
        votes: decided.votes,
        revision: request.revision + 1,
        state: 'answered',
        answer,
        receipt,
      };
      return next<HoldRequest, RequestEffect>(answered, { effect: 'deliver_answer', requestId: request.requestId });
    }
    case 'request.expired': {
      const { claim: _claim, ...facts } = request;
      const expired: ExpiredRequest = { ...facts, revision: request.revision + 1, state: 'expired', endedAt: event.at };
      return next<HoldRequest, RequestEffect>(expired, {
        effect: 'tell_nobody_answered',
        requestId: request.requestId,
      });
    }
    case 'request.withdrawn': {
      const { claim: _claim, ...facts } = request;
      const withdrawn: WithdrawnRequest = {
        ...facts,
        revision: request.revision + 1,
        state: 'withdrawn',
        endedAt: event.at,
        why: event.why,
      };
      // A server that took its own request back is not answered.
      if (event.actor.kind === 'server') return next<HoldRequest, RequestEffect>(withdrawn);
      return next<HoldRequest, RequestEffect>(withdrawn, { effect: 'tell_withdrawn', requestId: request.requestId });
    }
  }
}

/** A vote that leaves the matter open; one that decides it comes as the answer. */
function vote(request: OpenRequest, event: EventOf<'request.voted'>): Step {
  const counted = votesWith(request, event, event.vote);
  if (!counted.ok) return counted;
  if (tally(request.approval ?? plainTerms, counted.votes) !== 'open') return no(request, event);
  return next({ ...request, votes: counted.votes, claim: withoutOwn(request.claim, event.actor) });
}

/** Its time stays; what happens then is what the rule says that holds it now. */
function atDeadline(deadline: Deadline, { atDeadline: onExpiry }: ApprovalTerms): Deadline {
  const isOurs = deadline.cause === 'rule' || deadline.cause === 'default';
  return { ...deadline, onExpiry: isOurs ? onExpiry : 'deny' };
}

/** Who has voted or edited is done with it: the others need not wait for the lease. */
function withoutOwn(claim: Claim | null, actor: Actor): Claim | null {
  return actor.kind === 'person' && claim?.by.id === actor.id ? null : claim;
}

function advanceAnswered(request: AnsweredRequest, event: RequestEvent): Step {
  const { receipt } = request;
  switch (event.type) {
    case 'answer.sent':
      return next({ ...request, receipt: { ...receipt, to: event.to, sentAt: receipt.sentAt ?? event.at } });
    case 'answer.accepted':
      return next({
        ...request,
        state: 'delivered',
        receipt: { ...receipt, sentAt: receipt.sentAt ?? event.at, acceptedAt: receipt.acceptedAt ?? event.at },
      });
    case 'answer.moved_on':
      return next({
        ...request,
        state: 'delivered',
        receipt: {
          ...receipt,
          sentAt: receipt.sentAt ?? event.at,
          acceptedAt: receipt.acceptedAt ?? event.at,
          movedOnAt: receipt.movedOnAt ?? event.at,
        },
      });
    case 'answer.undelivered':
      return request.state === 'delivered'
        ? no(request, event)
        : next({ ...request, state: 'undelivered', why: event.why });
    case 'request.answered':
      return alreadyAnswered(request, event);
    case 'request.released':
      return next(request);
    default:
      return no(request, event);
  }
}

function advanceOver(request: UndeliveredRequest | ExpiredRequest | WithdrawnRequest, event: RequestEvent): Step {
  if (event.type === 'request.released') return next(request);
  if (event.type === 'request.answered' && request.state === 'undelivered') return alreadyAnswered(request, event);
  return no(request, event);
}

/** I1: the same operation id is the same answer; any other is told who won. */
function alreadyAnswered(request: AnsweredRequest | UndeliveredRequest, event: EventOf<'request.answered'>): Step {
  if (event.operationId === request.answer.operationId) return next(request);
  const { by, action, savedAt } = request.answer;
  const name = by.kind === 'holdpoint' ? 'Holdpoint' : by.name;
  return refuse('already_answered', `${name} answered this first.`, { by: name, action, at: savedAt });
}

function no(request: HoldRequest, event: RequestEvent): Step {
  return refuse('not_open', overWords(request) ?? `An open request does not take ${event.type}.`, {
    state: request.state,
  });
}

/** What became of it, for who comes too late; null while it is open. */
function overWords(request: HoldRequest): string | null {
  switch (request.state) {
    case 'open':
      return null;
    case 'expired':
      return 'The time for this ran out. No one answered.';
    case 'withdrawn':
      return `This is not asked any more. ${request.why}`;
    default:
      return 'This is answered already.';
  }
}
