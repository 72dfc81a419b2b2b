import { describe, expect, test } from 'vitest';
import { approvalBlocked, approvalCommit, ownVote } from '@/components/request/approval-answering';
import type { BarCommit } from '@/components/request/answer-bar-props';
import {
  bestProgress,
  isPlain,
  missingWords,
  needWords,
  progressOf,
  savedVoteWords,
  voteLeadsTo,
} from '@/components/request/quorum';
import type { RequestScreenProps } from '@/components/request/request-props';
import type { TeamId } from '@/lib/domain/ids';
import { plainTerms } from '@/lib/domain/policy/approval';
import { ada, ana, detailWith, lena, openApproval, personOf, termsWith, voteBy } from './request-samples';

const payments = 'payments' as TeamId;
const commit: BarCommit = {
  words: 'Accept',
  later: '',
  look: 'primary',
  armed: '',
  question: '',
  seen: 'seen',
  goes: '',
};

describe('what an approval needs, in words', () => {
  test('any of several thresholds, and what is still missing of each', () => {
    const terms = termsWith();
    expect(needWords(terms)).toBe('2 people, or 1 admin');
    expect(missingWords(terms, [])).toBe('2 people, or 1 admin');
    expect(missingWords(terms, [voteBy(lena, 'approve')])).toBe('1 more, or 1 admin');
    expect(isPlain(terms)).toBe(false);
    expect(isPlain(plainTerms)).toBe(true);
  });

  test('of a team, only its people count', () => {
    const terms = termsWith({ approvals: [{ count: 2, role: null, team: payments, teamName: 'Payments' }] });
    const member = { ...personOf('mei', 'Mei'), teams: [payments] };
    expect(progressOf(terms, [voteBy(lena, 'approve'), voteBy(member, 'approve')])).toEqual([
      { words: '2 of Payments', have: 1, of: 2 },
    ]);
    expect(missingWords(terms, [voteBy(member, 'approve')])).toBe('1 more of Payments');
  });

  test('I6 a person who votes twice is one person', () => {
    const votes = [voteBy(lena, 'approve'), voteBy(lena, 'approve')];
    expect(bestProgress(termsWith(), votes)).toMatchObject({ have: 1, of: 2 });
  });
});

describe('one more vote', () => {
  const request = openApproval('req_1', { votes: [voteBy(lena, 'approve')] });
  const props = (votes = request.votes, me = ana): RequestScreenProps =>
    ({ detail: detailWith({ ...request, votes }), me }) as RequestScreenProps;

  test('decides, or is counted; an admin alone is enough', () => {
    expect(voteLeadsTo(request, ana, 'approve').tally).toBe('approved');
    expect(voteLeadsTo({ ...request, votes: [] }, ana, 'approve')).toMatchObject({
      tally: 'open',
      missing: '1 more, or 1 admin',
    });
    expect(voteLeadsTo({ ...request, votes: [] }, ada, 'approve').tally).toBe('approved');
    expect(approvalCommit(props(), commit).seen).toBe('Yours decides: the call is sent.');
    expect(approvalCommit(props([]), commit).seen).toBe('Yours counts; it then waits for 1 more, or 1 admin.');
  });

  test('I2 that did not decide is saved and waits; it is no receipt', () => {
    expect(ownVote(props())).toBeNull();
    expect(ownVote(props(request.votes, lena))).toEqual({
      vote: 'approve',
      words: 'Your approval is saved. Waits for 1 more, or 1 admin.',
    });
    const denied = voteBy(ana, 'deny');
    expect(savedVoteWords(denied, termsWith({ denials: 2 }), [denied])).toBe(
      'Your decline is saved. 1 more decline refuses it.',
    );
  });

  test('changing it takes the first one back', () => {
    expect(voteLeadsTo({ ...request, approval: termsWith({ denials: 2 }) }, lena, 'deny')).toMatchObject({
      tally: 'open',
      missing: '2 people, or 1 admin',
      denials: 1,
    });
  });

  test('I11 what keeps a person from approving is said; a reason where one is required', () => {
    const why = 'You answer for release-pilot.';
    const detail = detailWith(request);
    const owner = { ...detail, allowed: { ...detail.allowed, approve: { ok: false, why } } };
    expect(approvalBlocked(owner, 'a reason')).toEqual({ words: why });
    const strict = detailWith({ ...request, approval: termsWith({ reasonRequired: true }) });
    expect(approvalBlocked(strict, '  ')).toEqual({ words: 'Give a reason first' });
    expect(approvalBlocked(strict, 'checked')).toBeNull();
    expect(approvalBlocked(detail, '')).toBeNull();
  });
});
