import type { RequestDetail } from '@/lib/domain/request-detail';
import type { AnswerBarProps, BarCommit } from './answer-bar-props';
import { isPlain, savedVoteWords, termsOf, voteLeadsTo, voteOf } from './quorum';
import type { RequestScreenProps } from './request-props';

export const becauseId = 'approve-because';

/** What keeps a person from approving; null when nothing does. They may still decline. */
export function approvalBlocked(
  { request, allowed }: RequestDetail,
  because: string,
): { readonly words: string } | null {
  if (!allowed.approve.ok) return { words: allowed.approve.why ?? 'You cannot approve this.' };
  return termsOf(request).reasonRequired && because.trim() === '' ? { words: 'Give a reason first' } : null;
}

/** A vote of this person that left the matter open. */
export function ownVote({ detail: { request }, me }: RequestScreenProps): AnswerBarProps['voted'] {
  const vote = request.kind === 'approval' && request.state === 'open' ? voteOf(request.votes, me) : null;
  return vote === null ? null : { vote: vote.vote, words: savedVoteWords(vote, termsOf(request), request.votes) };
}

/** What pressing Accept does, with more than one person: it decides, or counts towards it. */
export function approvalCommit({ detail: { request }, me }: RequestScreenProps, plain: BarCommit): BarCommit {
  const terms = termsOf(request);
  const goes = `Releases the call to ${request.server}`;
  if (isPlain(terms)) return { ...plain, goes };
  const { tally, missing } = voteLeadsTo(request, me, 'approve');
  if (tally === 'approved')
    return { ...plain, seen: 'Yours decides: the call is sent.', goes: `Yours decides. ${goes}` };
  return {
    ...plain,
    seen: `Yours counts; it then waits for ${missing}.`,
    goes: `Then it waits for ${missing}`,
  };
}
