import { actorName, holdpoint } from '@/lib/domain/actor';
import type { HeldCall, Progress, SentFacts, WaitingCall, WorkingCall } from '@/lib/domain/call';
import type { EventBody } from '@/lib/domain/event';
import { mintId, type RequestId } from '@/lib/domain/ids';
import { matchesGlob } from '@/lib/domain/policy/glob';
import type { RecoveryAnswer, RecoveryAsk } from '@/lib/domain/recovery';
import type { HoldRequest } from '@/lib/domain/request';
import { triesOf } from '@/lib/domain/turn-back';
import { oneLine } from './ask';
import { requestsOf, undelivered, voided, withdrawals } from './call-requests';
import { decisionDeadline } from './deadlines';
import { bookOf, type EngineParts, type LiveSession } from './parts';
import { type Route, routeTo } from './routing';
import type { Payload } from './ports/store';
import type { ServerEntry } from './ports/servers';
import type { Draft } from './session-log';

/** A call that goes again by itself does so once; that its server turned it back does not count. */
const triesMost = 2;

export interface Interrupted {
  readonly events: readonly Draft[];
  readonly payloads: readonly Payload[];
}

export interface Why {
  /** Why the outcome is not known, a whole sentence. */
  readonly why: string;
  /** Why questions are withdrawn and answers undelivered. */
  readonly requests: string;
  /** Known not to have been run: going again repeats nothing. */
  readonly notRun?: true;
}

/** I4: only what a trusted server or the configuration says is safe to repeat. The default is "not safe". */
export function isRepeatable(
  call: { readonly tool: string; readonly annotations: { readOnlyHint?: boolean; idempotentHint?: boolean } },
  server: ServerEntry | undefined,
): boolean {
  if (server === undefined) return false;
  if (server.repeatable.some((pattern) => matchesGlob(pattern, call.tool))) return true;
  return server.trusted && (call.annotations.readOnlyHint === true || call.annotations.idempotentHint === true);
}

/**
 * A call was sent and its outcome cannot come any more: it goes again by itself where that is known to be
 * safe, once; otherwise a person is asked, with all that is known (I3, I4).
 */
export function interrupted(
  parts: EngineParts,
  live: LiveSession,
  what: { readonly call: WorkingCall | WaitingCall; readonly why: Why; readonly now: number },
): Interrupted {
  const { call, why, now } = what;
  const { callId } = call;
  const mayRepeat = why.notRun === true || isRepeatable(call, parts.servers.get(call.server));
  const left: readonly Draft[] = [
    ...withdrawals(live, callId, why.requests),
    ...undelivered(live, callId, why.requests),
  ];
  // Nobody is asked, and nothing sent, on behalf of a session that is ending.
  if (bookOf(live).session?.state !== 'active')
    return {
      events: [...left, { actor: holdpoint, body: { type: 'call.indeterminate', callId, why: why.why } }],
      payloads: [],
    };
  if (mayRepeat && triesOf(call) < triesMost) {
    const notRun = why.notRun === true ? ({ notRun: true } as const) : {};
    const body: EventBody = { type: 'call.interrupted', callId, why: why.why, next: 'repeat', ...notRun };
    return { events: [...left, { actor: holdpoint, body }], payloads: [] };
  }
  const sent: SentFacts = { connectionId: call.connectionId, rpcId: call.rpcId, sentAt: call.sentAt };
  const asked = askWhether(parts, live, { call, sent, progress: call.progress, why: why.why, now });
  return { events: [...left, ...asked.events], payloads: asked.payloads };
}

/** It was to be sent again and could not be: a person decides once more. Nothing was sent this time. */
export function interruptedAgain(
  parts: EngineParts,
  live: LiveSession,
  what: { readonly call: HeldCall; readonly why: string; readonly now: number },
): Interrupted {
  const { call, why, now } = what;
  const before = call.interrupted;
  if (before === null) return { events: [], payloads: [] };
  return askWhether(parts, live, { call, sent: before.sent, progress: before.progress, why, now });
}

function askWhether(
  parts: EngineParts,
  live: LiveSession,
  what: {
    readonly call: HeldCall | WorkingCall | WaitingCall;
    readonly sent: SentFacts;
    readonly progress: Progress | null;
    readonly why: string;
    readonly now: number;
  },
): Interrupted {
  const { call, why, now } = what;
  const { callId, server, tool, risk } = call;
  const requestId = mintId('request', parts.random);
  const ask: RecoveryAsk = {
    why,
    sentAt: what.sent.sentAt,
    runs: call.runs,
    lastProgress: what.progress,
    answers: requestsOf(live, callId).flatMap(answerGiven),
  };
  const opened: EventBody = {
    type: 'request.opened',
    requestId,
    kind: 'recovery',
    callId,
    candidates: [],
    server,
    tool,
    title: oneLine(call.title),
    risk,
    deadline: decisionDeadline(parts.settings, { now, patientUntilAt: live.work.get(callId)?.patientUntilAt ?? null }),
    upstream: null,
    digest: null,
    elicitationId: null,
    earlier: null,
    ...deciders(parts, live, call),
    assignedTo: null,
    approval: null,
    writer: 'person',
  };
  return {
    events: [
      // A permit lets one sending go (I6): the next one needs its own.
      ...voided(live, callId, why),
      { actor: holdpoint, body: { type: 'call.interrupted', callId, why, next: 'ask' } },
      { actor: holdpoint, body: opened },
    ],
    payloads: [
      { owner: requestId, kind: 'ask', body: { ...ask, answers: ask.answers.map((given) => ({ ...given })) } },
    ],
  };
}

/** Whoever was asked to let it go, as edits and escalation left it (I11); else whom its questions are for. */
function deciders(parts: EngineParts, live: LiveSession, call: HeldCall | WorkingCall | WaitingCall): Route {
  const approval = requestsOf(live, call.callId).findLast(({ kind }) => kind === 'approval');
  if (approval === undefined || approval.team === null) return routeTo(parts.roster, call.questionsTeam, null);
  const { team, alsoTeams } = approval;
  return { team, alsoTeams };
}

function answerGiven(request: HoldRequest): readonly RecoveryAnswer[] {
  if (!('answer' in request)) return [];
  const { requestId, kind, title, answer, receipt } = request;
  const by = actorName(answer.by);
  const { action, savedAt } = answer;
  return [{ requestId, kind, title, by, action, savedAt, acceptedAt: receipt.acceptedAt }];
}

/** The question of an earlier run that asks the same, if a person answered it: its answer is offered (I4). */
export function earlierOf(requests: readonly HoldRequest[], same: (requestId: RequestId) => boolean): RequestId | null {
  const answered = requests.filter((request) => 'answer' in request && request.answer.action === 'accept');
  return answered.findLast((request) => same(request.requestId))?.requestId ?? null;
}
