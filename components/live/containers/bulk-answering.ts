import type { BulkDecision, BulkRead, BulkResult } from '@/components/queue/bulk/bulk-props';
import { mintId, type RequestId } from '@/lib/domain/ids';
import type { RequestDetail } from '@/lib/domain/request-detail';
import type { Live } from '../live';

/** So that no answer of another person waits behind ours. */
const spacingMs = 50;
const readersAtOnce = 5;
const triesMost = 5;
const againMs = 1_000;

/** Reads each as it is now: what is decided on is what is shown. */
export async function readPicked(live: Live, ids: readonly RequestId[]): Promise<readonly BulkRead[]> {
  const reads = new Map<RequestId, BulkRead>();
  const left = [...ids];
  const reader = async (): Promise<void> => {
    for (let id = left.shift(); id !== undefined; id = left.shift()) {
      const reply = await live.read({ type: 'request.read', requestId: id });
      if (reply === null) reads.set(id, { id, ok: false, why: 'There is no connection right now.' });
      else reads.set(id, reply.ok ? { id, ok: true, detail: reply.value } : { id, ok: false, why: reply.message });
    }
  };
  await Promise.all(Array.from({ length: readersAtOnce }, reader));
  return ids.flatMap((id) => reads.get(id) ?? []);
}

export interface BulkOrder extends BulkDecision {
  readonly details: readonly RequestDetail[];
  /** When they were shown. */
  readonly shownAt: number;
}

/**
 * Answers each for itself, with an operation id of its own and the revision that was shown (I1): the one that fails
 * does not keep the others.
 */
export async function answerPicked(
  live: Live,
  order: BulkOrder,
  told: (id: RequestId, result: BulkResult) => void,
): Promise<void> {
  const answers: Promise<void>[] = [];
  for (const detail of order.details) {
    const { requestId } = detail.request;
    answers.push(answerOne(live, detail, order).then((result) => told(requestId, result)));
    await pause(spacingMs);
  }
  await Promise.all(answers);
}

async function answerOne(live: Live, { request }: RequestDetail, order: BulkOrder): Promise<BulkResult> {
  const { action, reason, content, shownAt } = order;
  const { requestId, revision } = request;
  const operationId = mintId('operation', (count) => crypto.getRandomValues(new Uint8Array(count)));
  const tookMs = Math.max(0, Math.round(Date.now() - shownAt));
  const answer = { requestId, operationId, revision, action, reason, content, tookMs, remember: null };
  for (let tries = 1; tries <= triesMost; tries += 1) {
    const reply = await live.send({ type: 'request.answer', ...answer });
    if (reply.ok) {
      live.took(reply.value);
      return { is: 'saved', words: reply.value.state === 'open' ? 'saved; it waits for others, too' : 'saved' };
    }
    // Whether it was heard is not known: the same operation is the same answer.
    const isPassing = reply.code === 'offline' || reply.code === 'stopping' || reply.code === 'too_many';
    if (!isPassing) return { is: 'failed', words: refusedWords(reply.code, reply.message) };
    await pause(againMs * tries);
  }
  return { is: 'failed', words: 'There was no answer from Holdpoint. Look whether it was saved, then try again.' };
}

function refusedWords(code: string, message: string): string {
  return code === 'stale_revision' ? 'It changed meanwhile. Look at it again.' : message;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms));
}
