import type { HoldRequest } from '@/lib/domain/request';

export interface ReceiptStage {
  readonly words: string;
  readonly is: 'done' | 'waiting' | 'failed' | 'later';
  readonly at: number | null;
}

type Answered = Extract<HoldRequest, { readonly answer: unknown }>;

export function wasAnswered(request: HoldRequest): request is Answered {
  return request.state === 'answered' || request.state === 'delivered' || request.state === 'undelivered';
}

/** Where an answer is on its way, each stage with its words. The first stage not reached is the one waited for. */
export function receiptStages(request: Answered): readonly ReceiptStage[] {
  const { receipt, answer } = request;
  const saved: ReceiptStage = { words: 'saved', is: 'done', at: answer.savedAt };
  const rest = toAgent(request)
    ? [{ done: 'agent told', not: 'agent not told', at: receipt.acceptedAt ?? receipt.sentAt }]
    : [
        { done: request.kind === 'approval' ? 'call sent' : 'sent', not: 'not sent', at: receipt.sentAt },
        { done: 'accepted', not: 'not accepted', at: receipt.acceptedAt },
        { done: 'tool moved on', not: 'tool did not move on', at: receipt.movedOnAt },
      ];
  const first = rest.findIndex((stage) => stage.at === null);
  const stages = rest.map((stage, index): ReceiptStage => {
    if (stage.at !== null) return { words: stage.done, is: 'done', at: stage.at };
    if (request.state === 'undelivered' && index === first) return { words: stage.not, is: 'failed', at: null };
    return { words: stage.done, is: index === first ? 'waiting' : 'later', at: null };
  });
  const reached = request.state === 'undelivered' ? stages.filter((stage) => stage.is !== 'later') : stages;
  return [saved, ...reached];
}

/** A refused approval never reaches the server: its answer is for the agent. */
function toAgent(request: Answered): boolean {
  if (request.receipt.to !== null) return request.receipt.to === 'agent';
  return request.kind === 'approval' && request.answer.action !== 'accept';
}
