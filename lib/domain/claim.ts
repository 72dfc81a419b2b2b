import type { Claim, HoldRequest } from './request';

/** The claim in force, null when it lapsed. */
export function claimAt(request: HoldRequest, now: number): Claim | null {
  if (request.state !== 'open' || request.claim === null) return null;
  return request.claim.untilAt > now ? request.claim : null;
}
