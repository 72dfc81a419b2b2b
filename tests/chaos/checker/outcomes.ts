import type { Heard, Telling } from '@/tests/chaos/world';
import { saidOf } from './executions';
import { type CallRecord, interruptions, isHard, type WorldIndex } from './index-of-world';
import type { Violation, ViolationKind } from './violation';

/** What agents were told against what happened. */
export function checkOutcomes(index: WorldIndex): readonly Violation[] {
  return index.calls.flatMap((call) => [
    ...hung(call),
    ...call.tellings.flatMap((telling) => untrue(index, call, telling)),
    ...changed(call),
    ...givenUp(index, call),
  ]);
}

const unheardMs = 30_000;

function of(call: CallRecord, kind: ViolationKind, words: string): Violation {
  return { kind, subject: call.mark, words: `${call.tool} of ${call.server.name}: ${words}` };
}

function hung(call: CallRecord): readonly Violation[] {
  if (call.tellings.every(({ heard }) => heard.as === 'ticket'))
    return [of(call, 'hung_call', 'its agent was told nothing')];
  const isKnown = call.executions.length > 0 || call.questions.length > 0;
  return call.tellings.flatMap(({ heard }): readonly Violation[] => {
    if (heard.as === 'nothing') return [of(call, 'hung_call', 'its agent still waits, long after all was whole again')];
    if (heard.as === 'refused' && isKnown)
      return [of(call, 'hung_call', `its agent was refused what it could have resumed: ${heard.words}`)];
    return [];
  });
}

/** Each telling by itself: it is true, and there is a reason for it. */
function untrue(index: WorldIndex, call: CallRecord, telling: Telling): readonly Violation[] {
  const { heard } = telling;
  const ran = call.executions.filter((execution) => execution.at <= telling.at).length;
  switch (heard.as) {
    case 'result':
      if (ran === 0) return [of(call, 'phantom_completion', `told a result, and it never ran: ${heard.result}`)];
      return call.returned.some(({ result }) => result === heard.result)
        ? []
        : [of(call, 'wrong_result', `told ${heard.result}, which its server never returned`)];
    case 'error':
      if (ran > 0) return [of(call, 'false_denial', `told that it failed (${heard.words}), and it ran`)];
      return wasInterrupted(index, call, telling) || isPageDeclined(call)
        ? []
        : [of(call, 'unexplained_outcome', `told that it failed (${heard.words}), and nothing had happened`)];
    case 'outcome':
      return untrueOutcome(index, call, { telling, heard, ran });
    default:
      return [];
  }
}

/** A person would not visit the page: its agent has the server's error. */
function isPageDeclined(call: CallRecord): boolean {
  return saidOf(call, 'url').some(({ answer }) => answer.action !== 'accept');
}

interface ToldOutcome {
  readonly telling: Telling;
  readonly heard: Extract<Heard, { readonly as: 'outcome' }>;
  readonly ran: number;
}

function untrueOutcome(index: WorldIndex, call: CallRecord, told: ToldOutcome): readonly Violation[] {
  const { heard, ran, telling } = told;
  const unexplained = [of(call, 'unexplained_outcome', `told ${heard.outcome} without a reason: ${heard.words}`)];
  switch (heard.outcome) {
    case 'rejected': {
      if (ran > 0) return [of(call, 'false_denial', `told that it was not run (${heard.words}), and it ran`)];
      return saidOf(call, 'approval').some(({ answer }) => answer.action !== 'accept') ? [] : unexplained;
    }
    case 'cancelled':
      return call.cancels.some(({ at }) => at <= telling.at) ? [] : unexplained;
    case 'indeterminate':
      return wasInterrupted(index, call, telling) ? [] : unexplained;
    case 'done_by_hand':
      return saidOf(call, 'recovery').some(({ choice }) => choice === 'done_by_hand') ? [] : unexplained;
    default:
      // No script ends a session under a call, or lets a deadline pass.
      return unexplained;
  }
}

function wasInterrupted({ world }: WorldIndex, call: CallRecord, telling: Telling): boolean {
  const fromAt = call.sends[0]?.at ?? 0;
  return interruptions(world, call.server.name, { fromAt, toAt: telling.at }).length > 0;
}

/** Said twice, an outcome is the same outcome. Sends without a key are calls of their own. */
function changed(call: CallRecord): readonly Violation[] {
  if (call.sends.filter((send) => !send.keyed).length > 1) return [];
  const ends = call.tellings.flatMap(({ heard }) => endOf(heard));
  return new Set(ends).size < 2 ? [] : [of(call, 'changed_outcome', `told ${[...new Set(ends)].join(', then ')}`)];
}

function endOf(heard: Heard): readonly string[] {
  switch (heard.as) {
    case 'result':
      return [heard.result];
    case 'outcome':
      return [`${heard.outcome}: ${heard.words}`];
    case 'error':
      return [`error ${heard.code}: ${heard.words}`];
    default:
      return [];
  }
}

/**
 * I5: what had asked something on a server that lives is taken up again after Holdpoint's death or a cut: the
 * question stays, the answer arrives and, where events are kept, the result comes. Giving up is only for what
 * cannot be known.
 */
function givenUp({ world }: WorldIndex, call: CallRecord): readonly Violation[] {
  const asked = call.questions.filter(({ question }) => question !== null);
  const askedAt = asked[0]?.openedAt;
  if (askedAt === undefined || call.cancels.length > 0) return [];
  const span = { fromAt: call.sends[0]?.at ?? 0, toAt: lastOf(call) };
  if (interruptions(world, call.server.name, span).some(isHard)) return [];
  const signs = [
    ...(call.server.answerable ? questionsGivenUp(asked) : []),
    ...(call.server.resumable ? resultGivenUp(call, askedAt) : []),
  ];
  return signs.map((sign) => of(call, 'given_up', `${sign}, though its server lives`));
}

/** A call goes on when its agent has stopped listening, as long as its round may last. */
function lastOf({ tellings }: CallRecord): number {
  const last = tellings.at(-1);
  if (last === undefined) return Number.POSITIVE_INFINITY;
  return endOf(last.heard).length > 0 ? last.at : last.at + unheardMs;
}

function questionsGivenUp(asked: CallRecord['questions']): readonly string[] {
  return asked
    .filter(({ state }) => state === 'undelivered' || state === 'withdrawn')
    .map(({ requestId, state, why }) => `${requestId} is ${state} (${why ?? ''})`);
}

function resultGivenUp(call: CallRecord, askedAt: number): readonly string[] {
  const recoveries = call.questions.filter(({ kind }) => kind === 'recovery');
  // Interrupted before it asked anything, when there was nothing yet to take up.
  if (recoveries.some(({ openedAt }) => openedAt < askedAt)) return [];
  return [
    ...recoveries.map(() => 'a person was asked what to do with it'),
    ...call.tellings.flatMap(({ heard }) =>
      heard.as === 'outcome' && heard.outcome === 'indeterminate' ? [`told indeterminate (${heard.words})`] : [],
    ),
  ];
}
