import type { Person } from '@/lib/domain/permission';
import { standingOf } from '@/lib/domain/permission';
import {
  type ApprovalTerms,
  approvalsFor,
  denialsOf,
  plainTerms,
  tally,
  thresholdWords,
  type Vote,
  withVote,
} from '@/lib/domain/policy/approval';
import type { HoldRequest } from '@/lib/domain/request';

type Votes = readonly Vote[];

/** What an approval needs; what it was before there were terms where it has none. */
export function termsOf({ approval }: HoldRequest): ApprovalTerms {
  return approval ?? plainTerms;
}

/** "2 people, or 1 admin": any one of them is enough. */
export function needWords({ approvals }: ApprovalTerms): string {
  return approvals.map(thresholdWords).join(', or ');
}

export interface ThresholdProgress {
  readonly words: string;
  readonly have: number;
  readonly of: number;
}

export function progressOf(terms: ApprovalTerms, votes: Votes): readonly ThresholdProgress[] {
  return terms.approvals.map((threshold) => ({
    words: thresholdWords(threshold),
    have: Math.min(threshold.count, approvalsFor(threshold, votes)),
    of: threshold.count,
  }));
}

/** The threshold that is nearest to being met. */
export function bestProgress(terms: ApprovalTerms, votes: Votes): ThresholdProgress {
  const [first, ...rest] = progressOf(terms, votes);
  if (first === undefined) return { words: '', have: 0, of: 1 };
  return rest.reduce((best, next) => (next.have / next.of > best.have / best.of ? next : best), first);
}

/** What is still missing: "1 more, or 1 admin". */
export function missingWords(terms: ApprovalTerms, votes: Votes): string {
  return terms.approvals
    .map((threshold) => {
      const have = approvalsFor(threshold, votes);
      const left = { ...threshold, count: Math.max(0, threshold.count - have) };
      if (have === 0) return thresholdWords(left);
      return threshold.role === null && threshold.team === null
        ? `${left.count} more`
        : thresholdWords(left).replace(' ', ' more ');
    })
    .join(', or ');
}

/** Whether one person alone decides: then there is no vote to speak of. */
export function isPlain(terms: ApprovalTerms): boolean {
  const [only] = terms.approvals;
  const single = terms.approvals.length === 1 && only?.count === 1 && only.role === null && only.team === null;
  return single && terms.denials === 1;
}

export function voteOf(votes: Votes, person: Pick<Person, 'id'>): Vote | null {
  return votes.find(({ by }) => by.id === person.id) ?? null;
}

/** What this person's vote would lead to, were it given now. */
export function voteLeadsTo(request: HoldRequest, me: Person, said: Vote['vote']): VoteOutcome {
  const terms = termsOf(request);
  const votes = withVote(request.votes, {
    by: { id: me.id, name: me.name },
    as: standingOf(me),
    vote: said,
    reason: null,
    operationId: 'op_000000000000' as Vote['operationId'],
    at: 0,
  });
  return { tally: tally(terms, votes), missing: missingWords(terms, votes), denials: terms.denials - denialsOf(votes) };
}

export interface VoteOutcome {
  readonly tally: ReturnType<typeof tally>;
  /** Approvals that would still be missing, in words. */
  readonly missing: string;
  /** Declines that would still be missing. */
  readonly denials: number;
}

/** "Your approval is saved. Waits for 1 more." */
export function savedVoteWords({ vote }: Vote, terms: ApprovalTerms, votes: Votes): string {
  if (vote === 'approve') return `Your approval is saved. Waits for ${missingWords(terms, votes)}.`;
  const left = terms.denials - denialsOf(votes);
  return `Your decline is saved. ${left} more ${left === 1 ? 'decline refuses' : 'declines refuse'} it.`;
}
