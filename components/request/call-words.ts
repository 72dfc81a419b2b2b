import { type Call, sentOf } from '@/lib/domain/call';
import type { RequestDetail } from '@/lib/domain/request-detail';
import { plainLine } from '@/lib/domain/form/plain-text';
import { isPageFirst } from '@/lib/domain/permit';
import { sentence } from '@/lib/domain/sentence';
import { pagesLeft, pagesWords } from './not-run-words';

/** Why the call's result cannot come back, as a sentence; null while it can. */
export function resultLostWhy(call: Call | null): string | null {
  const why = call !== null && 'resultLost' in call ? call.resultLost : null;
  return why === null ? null : plainSentence(why);
}

/** What became of the call after this request's answer, where its way back was cut; null where it was not. */
export function afterAnswerWords({ request, call }: RequestDetail): string | null {
  if (call === null || request.kind === 'recovery') return null;
  if (call.state === 'held' && call.reasons.includes('urls')) return pagesLeftWords({ request, call });
  const lost = resultLostWhy(call);
  if (lost !== null) return `The tool goes on, and its result cannot come back. ${lost}`;
  if (call.state === 'held' && call.interrupted !== null) {
    const next = call.reasons.includes('recovery')
      ? 'A person is asked whether to run it again.'
      : 'The tool is safe to repeat: it is sent again, and asks again.';
    return `${plainSentence(call.interrupted.why)} Whether the tool took effect is not known. ${next}`;
  }
  if (call.state === 'indeterminate') return `The outcome of the call is not known. ${plainSentence(call.why)}`;
  if (isOfEarlierRun(request, call)) return 'The run that asked this was interrupted. The call was sent again.';
  return null;
}

/** A page is done, and its call waits for others. */
function pagesLeftWords(detail: Pick<RequestDetail, 'request' | 'call'>): string | null {
  const left = isPageFirst(detail.request) ? pagesLeft(detail) : 0;
  return left === 0 ? null : `The call waits for ${pagesWords(left)}. Then it is sent again.`;
}

function isOfEarlierRun(request: RequestDetail['request'], call: Call): boolean {
  const sent = sentOf(call);
  return request.upstream !== null && sent !== null && request.upstream.connectionId !== sent.connectionId;
}

/** The recovery request that now asks what to do with the call; null when none is open. */
export function openRecoveryOf({ request, call }: RequestDetail): string | null {
  if (request.kind === 'recovery' || call?.state !== 'held' || !call.reasons.includes('recovery')) return null;
  return call.requestIds[call.requestIds.length - 1] ?? null;
}

/** One visible line, closed by a full stop. Its first letter stays: it may be the name of a server. */
export function plainSentence(text: string): string {
  return sentence(plainLine(text));
}
