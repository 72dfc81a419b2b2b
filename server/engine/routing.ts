import type { PersonRef } from '@/lib/domain/event';
import type { AgentId, TeamId } from '@/lib/domain/ids';
import type { ApprovalTerms } from '@/lib/domain/policy/approval';
import type { HoldTerms } from '@/lib/domain/policy/rule';
import type { TeamRef } from '@/lib/domain/team';
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
  at: { readonly now: number; readonly agentId: AgentId },
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
  };
}
