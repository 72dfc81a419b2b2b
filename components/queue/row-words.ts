import { approvalsFor } from '@/lib/domain/policy/approval';
import type { PersonId } from '@/lib/domain/ids';
import type { HoldRequest } from '@/lib/domain/request';

/** How far an approval that takes more than one person has come, by the way that is nearest; null for any other. */
export function quorumOf({ approval, votes, state }: HoldRequest): { have: number; need: number } | null {
  if (approval === null || state !== 'open') return null;
  const ways = approval.approvals.map((threshold) => ({
    have: Math.min(threshold.count, approvalsFor(threshold, votes)),
    need: threshold.count,
  }));
  const nearest = ways.reduce<(typeof ways)[number] | null>(
    (best, way) => (best === null || way.need - way.have < best.need - best.have ? way : best),
    null,
  );
  return nearest === null || (nearest.need < 2 && votes.length === 0) ? null : nearest;
}

/** A vote of theirs on what is still open; null where they gave none. */
export function ownVoteWords({ state, votes }: HoldRequest, me: PersonId): string | null {
  const own = state === 'open' ? votes.find(({ by }) => by.id === me) : undefined;
  return own === undefined ? null : own.vote === 'approve' ? 'you approved' : 'you declined';
}

/** What there is room for in a row: `crowded`, signs without their words; `full`, not even the server's name. */
export type RowCrowd = 'roomy' | 'crowded' | 'full';

/** By what stands after the names; `besides`: how many of those marks are not the request's own. */
export function crowdOf(request: HoldRequest, besides: number): RowCrowd {
  const own = [request.team !== null, request.edited.length > 0, request.notes > 0, quorumOf(request) !== null];
  const marks = besides + own.filter((has) => has).length;
  return marks < 3 ? 'roomy' : marks < 5 ? 'crowded' : 'full';
}
