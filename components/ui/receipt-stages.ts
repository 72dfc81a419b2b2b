import { type Call, sentOf } from '@/lib/domain/call';
import { isPageFirst, isPermit } from '@/lib/domain/permit';
import type { HoldRequest } from '@/lib/domain/request';

export interface ReceiptStage {
  readonly words: string;
  /** `unseen`: it may happen, and nobody here can see it. */
  readonly is: 'done' | 'waiting' | 'failed' | 'later' | 'unseen';
  readonly at: number | null;
}

type Answered = Extract<HoldRequest, { readonly answer: unknown }>;

export function wasAnswered(request: HoldRequest): request is Answered {
  return request.state === 'answered' || request.state === 'delivered' || request.state === 'undelivered';
}

/**
 * Where an answer is on its way, each stage with its words. The first stage not reached is the one waited for; one
 * that cannot be heard of any more is said to be unseen, never waited for.
 */
export function receiptStages(request: Answered, call: Call | null): readonly ReceiptStage[] {
  const { answer } = request;
  const saved: ReceiptStage = { words: 'saved', is: 'done', at: answer.savedAt };
  const rest = stagesOf(request);
  const first = rest.findIndex((stage) => stage.at === null);
  const stages = rest.map((stage, index): ReceiptStage => {
    if (stage.at !== null) return { words: stage.done, is: 'done', at: stage.at };
    if (index !== first) return { words: stage.done, is: 'later', at: null };
    if (request.state === 'undelivered') return { words: stage.not, is: 'failed', at: null };
    const unseen = stage.unseen(hearing(call, answer.savedAt));
    return unseen === null ? { words: stage.done, is: 'waiting', at: null } : { words: unseen, is: 'unseen', at: null };
  });
  const stops = stages.some(({ is }) => is === 'failed' || is === 'unseen');
  return [saved, ...(stops ? stages.filter(({ is }) => is !== 'later') : stages)];
}

interface Stage {
  readonly done: string;
  readonly not: string;
  readonly at: number | null;
  /** What is said when it cannot be heard of; null while it can. */
  readonly unseen: (hearing: Hearing) => string | null;
}

const alwaysHeard = (): null => null;

function stagesOf(request: Answered): readonly Stage[] {
  const { receipt, kind } = request;
  const goesAgain = kind === 'recovery' || isPageFirst(request);
  const unseen = alwaysHeard;
  if (toAgent(request)) {
    return [{ done: 'agent told', not: 'agent not told', at: receipt.acceptedAt ?? receipt.sentAt, unseen }];
  }
  // Until it shows whether the call goes again or the agent is told, a decision is only carried out or not.
  if (kind === 'recovery' && receipt.to === null) {
    return [{ done: 'carried out', not: 'not carried out', at: null, unseen }];
  }
  const sent = goesAgain ? 'call sent again' : kind === 'approval' ? 'call sent' : 'sent';
  return [
    { done: sent, not: goesAgain ? 'call not sent again' : 'not sent', at: receipt.sentAt, unseen },
    {
      done: 'accepted',
      not: 'not accepted',
      at: receipt.acceptedAt,
      unseen: (hearing) => (hearing === 'nothing' ? 'not known whether accepted' : null),
    },
    {
      done: 'tool moved on',
      not: 'tool did not move on',
      at: receipt.movedOnAt,
      unseen: (hearing) =>
        hearing === 'all'
          ? null
          : hearing === 'turned_back'
            ? 'tool was not run'
            : 'not known whether the tool moved on',
    },
  ];
}

/**
 * What can still be heard of the run that asked: all, that the server takes the answer, or nothing. `turned_back`: that
 * run was none.
 */
type Hearing = 'all' | 'acceptance' | 'nothing' | 'turned_back';

function hearing(call: Call | null, savedAt: number): Hearing {
  if (call === null) return 'all';
  if (isTurnedBack(call)) return 'turned_back';
  if (call.state === 'held') return call.interrupted !== null && call.interrupted.at >= savedAt ? 'nothing' : 'all';
  if (call.state === 'indeterminate') return 'nothing';
  return 'resultLost' in call && call.resultLost !== null ? 'acceptance' : 'all';
}

/** Its server did not run it, and has not got it again since. */
function isTurnedBack(call: Call): boolean {
  return call.turnedBack > 0 && !call.mayHaveRun && sentOf(call) === null;
}

/** A refused approval never reaches the server: its answer is for the agent. */
function toAgent(request: Answered): boolean {
  if (request.receipt.to !== null) return request.receipt.to === 'agent';
  return isPermit(request) && request.answer.action !== 'accept';
}
