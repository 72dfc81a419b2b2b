import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OperationId, PersonId, TeamId } from '@/lib/domain/ids';
import type { Role } from '@/lib/domain/permission';
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

type Threshold = ApprovalTerms['approvals'][number];

const payments = 'payments' as TeamId;

function threshold(count: number, more: Partial<Threshold> = {}): Threshold {
  return { count, role: null, team: null, teamName: null, ...more };
}

/** "ann+", "bob-", "cy+admin", "dee+@payments": who, what they say, as what, of which team. */
function voteOf(text: string): Vote {
  const [, name = '', sign, role = '', team = ''] = /^(\w+?)([+-])(admin|observer)?(?:@(\w+))?$/.exec(text) ?? [];
  if (name === '') throw new Error(`no vote: ${text}`);
  return {
    by: { id: `per_${name}` as PersonId, name },
    as: { role: role === '' ? 'approver' : (role as Role), teams: team === '' ? [] : [team as TeamId] },
    vote: sign === '+' ? 'approve' : 'deny',
    reason: null,
    earlier: [],
    operationId: 'op_1' as OperationId,
    at: 1,
  };
}

function votesOf(text: string): readonly Vote[] {
  return text === '' ? [] : text.split(' ').map(voteOf);
}

const one = { approvals: [threshold(1)], denials: 1 };
const two = { approvals: [threshold(2)], denials: 1 };
const twoOrAdmin = { approvals: [threshold(2), threshold(1, { role: 'admin' })], denials: 1 };
const twoOfPayments = { approvals: [threshold(2, { team: payments })], denials: 2 };
const adminOfPayments = { approvals: [threshold(1, { role: 'admin', team: payments })], denials: 1 };

const rows: readonly (readonly [string, Partial<ApprovalTerms>, string, ReturnType<typeof tally>])[] = [
  ['one person, nobody yet', one, '', 'open'],
  ['one person', one, 'ann+', 'approved'],
  ['one person, who denies', one, 'ann-', 'denied'],
  ['two people, one of them', two, 'ann+', 'open'],
  ['two people', two, 'ann+ bob+', 'approved'],
  ['two people, the same one twice', two, 'ann+ ann+', 'open'],
  ['two people, one denies', two, 'ann+ bob-', 'denied'],
  ['two people or an admin: one person', twoOrAdmin, 'ann+', 'open'],
  ['two people or an admin: an admin', twoOrAdmin, 'ann+admin', 'approved'],
  ['two people or an admin: two people', twoOrAdmin, 'ann+ bob+', 'approved'],
  ['two people or an admin: an admin denies', twoOrAdmin, 'ann+ cy-admin', 'denied'],
  ['two of a team, one from elsewhere', twoOfPayments, 'ann+@payments bob+@night', 'open'],
  ['two of a team, an admin from elsewhere', twoOfPayments, 'ann+@payments cy+admin', 'open'],
  ['two of a team', twoOfPayments, 'ann+@payments bob+@payments', 'approved'],
  ['two denials needed, one given', twoOfPayments, 'ann+@payments bob-@payments', 'open'],
  ['two denials needed, the same one twice', twoOfPayments, 'bob- bob-', 'open'],
  ['two denials needed', twoOfPayments, 'bob- ann-', 'denied'],
  ['two denials and two approvals: no wins', twoOfPayments, 'ann- bob- cy+@payments dee+@payments', 'denied'],
  ['an admin of a team: an admin of none', adminOfPayments, 'ann+admin', 'open'],
  ['an admin of a team: a member who is none', adminOfPayments, 'ann+@payments', 'open'],
  ['an admin of a team', adminOfPayments, 'ann+admin@payments', 'approved'],
  ['no threshold at all is never met', { approvals: [], denials: 1 }, 'ann+ bob+admin', 'open'],
];

describe('where votes stand', () => {
  it.each(rows)('%s', (...[, terms, votes, expected]) => {
    expect(tally({ ...plainTerms, ...terms }, votesOf(votes))).toBe(expected);
  });

  it('counts people, not votes', () => {
    const votes = votesOf('ann+ ann+ bob+@payments cy- cy- dee-');
    expect(approvalsFor(threshold(1), votes)).toBe(2);
    expect(approvalsFor(threshold(1, { team: payments }), votes)).toBe(1);
    expect(denialsOf(votes)).toBe(2);
  });

  it('a person has one vote, the last one', () => {
    const votes = ['ann+', 'bob+', 'ann-', 'ann+'].map(voteOf).reduce(withVote, []);
    expect(votes.map(({ by, vote }) => `${by.name} ${vote}`)).toEqual(['bob approve', 'ann approve']);
  });

  it('any votes: approved only with as many different people as a threshold says, denied only with enough (I6)', () => {
    const anyVote = fc
      .record({
        name: fc.constantFrom('ann', 'bob', 'cy', 'dee'),
        sign: fc.constantFrom('+', '-'),
        role: fc.constantFrom('', 'admin'),
        team: fc.constantFrom('', '@payments', '@night'),
      })
      .map(({ name, sign, role, team }) => voteOf(`${name}${sign}${role}${team}`));
    const anyThreshold = fc
      .record({
        count: fc.integer({ min: 1, max: 3 }),
        role: fc.constantFrom(null, 'admin' as const),
        team: fc.constantFrom(null, payments),
      })
      .map(({ count, role, team }) => threshold(count, { role, team }));
    const seen = new Set<string>();
    fc.assert(
      fc.property(
        fc.array(anyVote, { maxLength: 8 }),
        fc.array(anyThreshold, { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 1, max: 3 }),
        (given, approvals, denials) => {
          const votes = given.reduce(withVote, [] as readonly Vote[]);
          const yes = votes.filter(({ vote }) => vote === 'approve');
          const met = approvals.some(({ count, role, team }) => {
            const able = yes.filter(
              ({ as }) => (role === null || as.role === role) && (team === null || as.teams.includes(team)),
            );
            return new Set(able.map(({ by }) => by.id)).size >= count;
          });
          const noes = new Set(votes.filter(({ vote }) => vote === 'deny').map(({ by }) => by.id)).size;
          const stands = tally({ ...plainTerms, approvals, denials }, votes);
          seen.add(stands);
          expect(stands).toBe(noes >= denials ? 'denied' : met ? 'approved' : 'open');
        },
      ),
      { numRuns: 1_000 },
    );
    expect([...seen].sort()).toEqual(['approved', 'denied', 'open']);
  });
});

describe('a threshold in words', () => {
  it.each([
    [threshold(1), '1 person'],
    [threshold(2), '2 people'],
    [threshold(1, { role: 'admin' }), '1 admin'],
    [threshold(3, { role: 'admin' }), '3 admins'],
    [threshold(2, { team: payments, teamName: 'Payments' }), '2 of Payments'],
    [threshold(1, { team: payments, teamName: null }), '1 of payments'],
    [threshold(1, { role: 'admin', team: payments, teamName: 'Payments' }), '1 admin of Payments'],
    [threshold(2, { role: 'admin', team: payments, teamName: 'Payments' }), '2 admins of Payments'],
  ] as const)('%j: %s', (given, words) => {
    expect(thresholdWords(given)).toBe(words);
  });
});
