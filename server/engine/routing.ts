import type { EventBody, PersonRef } from '@/lib/domain/event';
import type { AgentId, TeamId } from '@/lib/domain/ids';
import { type ApprovalTerms, plainTerms } from '@/lib/domain/policy/approval';
import type { PolicyVerdict } from '@/lib/domain/policy/decide';
import type { HoldTerms } from '@/lib/domain/policy/rule';
import type { OpenRequest } from '@/lib/domain/request';
import type { TeamRef } from '@/lib/domain/team';
import { bookOf, type EngineParts, type LiveSession } from './parts';
import type { Roster } from './ports/roster';

/** Whose a request is when it opens. */
export interface Route {
  readonly team: TeamRef | null;
  readonly alsoTeams: readonly TeamRef[];
}

export const forEveryone: Route = { team: null, alsoTeams: [] };

/** A team a rule names and that is no more still keeps others out: only admins see what is for it. */
export function teamRef(roster: Roster, id: TeamId): TeamRef {
  return roster.team(id) ?? { id, name: id };
}

/** For a team; for the fallback as well when nobody of the first is there. */
export function routeTo(roster: Roster, team: TeamId | null, fallback: TeamId | null): Route {
  if (team === null) return forEveryone;
  const isAway = fallback !== null && fallback !== team && !roster.isStaffed(team);
  return { team: teamRef(roster, team), alsoTeams: isAway ? [teamRef(roster, fallback)] : [] };
}

/** The terms of a rule as they stand for one request. */
export function termsAt(
  roster: Roster,
  terms: HoldTerms,
  at: { readonly now: number; readonly agentId: AgentId; readonly policyVersion: string },
): ApprovalTerms {
  const { escalation, editable, denials, atDeadline, reasonRequired, mayRemember, safeFields } = terms;
  const owner = terms.ownerMayApprove ? null : roster.ownerOf(at.agentId);
  const notBy: PersonRef | null = owner === null ? null : { id: owner.id, name: owner.name };
  return {
    approvals: terms.approvals.map((threshold) => ({
      ...threshold,
      teamName: threshold.team === null ? null : teamRef(roster, threshold.team).name,
    })),
    denials,
    notBy,
    editable,
    atDeadline,
    escalation:
      escalation === null ? null : { at: at.now + escalation.afterMs, team: teamRef(roster, escalation.team) },
    reasonRequired,
    mayRemember,
    safeFields,
    policyVersion: at.policyVersion,
  };
}

type Terms = Pick<
  Extract<EventBody, { type: 'request.edited' }>,
  'rule' | 'team' | 'alsoTeams' | 'approval' | 'questionsTeam' | 'sampling'
>;

/** An open approval under another verdict: the rule may be another one, with other people. One that would allow it still asks. */
export function termsUnder(
  parts: EngineParts,
  live: LiveSession,
  { request, verdict, now }: { readonly request: OpenRequest; readonly verdict: PolicyVerdict; readonly now: number },
): Terms {
  const { roster, policy } = parts;
  const { team, alsoTeams, approval, callId } = request;
  const heldBy = callId === null ? null : (bookOf(live).calls.get(callId)?.rule ?? null);
  const { questionsTeam, sampling } = verdict;
  const policyVersion = policy.version;
  if (verdict.terms === null) {
    const terms = { ...(approval ?? plainTerms), policyVersion };
    return { rule: heldBy ?? verdict.rule, team, alsoTeams, approval: terms, questionsTeam, sampling };
  }
  const terms = termsAt(roster, verdict.terms, { now, agentId: live.agent.id, policyVersion });
  if (verdict.rule.id !== heldBy?.id || verdict.terms.team !== (team?.id ?? null)) {
    const route = routeTo(roster, verdict.terms.team, verdict.terms.fallbackTeam);
    return { rule: verdict.rule, ...route, approval: terms, questionsTeam, sampling };
  }
  // The same people as before: who was asked besides still is, and the second team's time does not begin anew.
  const due = approval?.escalation ?? null;
  const escalation = terms.escalation !== null && due?.team.id === terms.escalation.team.id ? due : terms.escalation;
  return { rule: verdict.rule, team, alsoTeams, approval: { ...terms, escalation }, questionsTeam, sampling };
}
