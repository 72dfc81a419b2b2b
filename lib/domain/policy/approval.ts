import type { OperationId, PersonId, TeamId } from '../ids';
import type { Role } from '../permission';
import type { TeamRef } from '../team';
import type { Threshold } from './rule';

/** What one who votes is at that moment: it says which thresholds the vote counts for. */
export interface Standing {
  readonly role: Role;
  /** Their own teams, and those of people they stand in for. */
  readonly teams: readonly TeamId[];
}

/** What an approval needs, fixed when its request opened or was edited; part of what people see. */
export interface ApprovalTerms {
  readonly approvals: readonly (Threshold & { readonly teamName: string | null })[];
  readonly denials: number;
  /** Who answers for the agent, when they may not approve its calls. */
  readonly notBy: { readonly id: PersonId; readonly name: string } | null;
  readonly editable: readonly string[];
  readonly atDeadline: 'deny' | 'allow';
  readonly escalation: { readonly at: number; readonly team: TeamRef } | null;
  readonly reasonRequired: boolean;
  readonly mayRemember: boolean;
  readonly safeFields: readonly string[];
  /** The rules they are of: under others nobody votes until they were asked again. */
  readonly policyVersion: string;
}

export interface Vote {
  readonly by: { readonly id: PersonId; readonly name: string };
  readonly as: Standing;
  readonly vote: 'approve' | 'deny';
  readonly reason: string | null;
  readonly operationId: OperationId;
  /** Of what the same person said before: said again late, it changes nothing (I1). */
  readonly earlier: readonly OperationId[];
  readonly at: number;
}

/** The terms of an approval from before there were any: one person, either way. */
export const plainTerms: ApprovalTerms = {
  approvals: [{ count: 1, role: null, team: null, teamName: null }],
  denials: 1,
  notBy: null,
  editable: [],
  atDeadline: 'deny',
  escalation: null,
  reasonRequired: false,
  mayRemember: false,
  safeFields: [],
  policyVersion: '',
};

function countsFor(threshold: Threshold, { role, teams }: Standing): boolean {
  if (threshold.role !== null && role !== threshold.role) return false;
  return threshold.team === null || teams.includes(threshold.team);
}

/** How many different people of a threshold have approved. */
export function approvalsFor(threshold: Threshold, votes: readonly Vote[]): number {
  return new Set(votes.filter((vote) => vote.vote === 'approve' && countsFor(threshold, vote.as)).map(voter)).size;
}

export function denialsOf(votes: readonly Vote[]): number {
  return new Set(votes.filter((vote) => vote.vote === 'deny').map(voter)).size;
}

function voter(vote: Vote): PersonId {
  return vote.by.id;
}

/** Where the votes stand: enough said no, else enough said yes, else neither. */
export function tally(terms: ApprovalTerms, votes: readonly Vote[]): 'approved' | 'denied' | 'open' {
  if (denialsOf(votes) >= terms.denials) return 'denied';
  const isEnough = terms.approvals.some((threshold) => approvalsFor(threshold, votes) >= threshold.count);
  return isEnough ? 'approved' : 'open';
}

/** The votes with this one: a person has one, and may change it. */
export function withVote(votes: readonly Vote[], vote: Omit<Vote, 'earlier'>): readonly Vote[] {
  const before = votes.find((other) => other.by.id === vote.by.id);
  const earlier = before === undefined ? [] : [...before.earlier, before.operationId];
  return [...votes.filter((other) => other !== before), { ...vote, earlier }];
}

/** A threshold in words: "2 of Payments", "1 admin", "2 people". */
export function thresholdWords(threshold: ApprovalTerms['approvals'][number]): string {
  const { count, role, team, teamName } = threshold;
  const who = role === null ? (count === 1 ? 'person' : 'people') : count === 1 ? role : `${role}s`;
  return team === null ? `${count} ${who}` : `${count} ${role === null ? '' : `${who} `}of ${teamName ?? team}`;
}
