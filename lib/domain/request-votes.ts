import type { EventOf } from './event';
import { type Standing, tally, type Vote, withVote } from './policy/approval';
import { type Refusal, refuse } from './refusal';
import type { OpenRequest } from './request';

export type Counted = { readonly ok: true; readonly votes: readonly Vote[] } | Refusal;

/** I6: an approval is decided only when enough different people who may have said so, on what is asked now. */
export function decidedBy(request: OpenRequest, event: EventOf<'request.answered'>): Counted {
  if (request.approval === null) return { ok: true, votes: request.votes };
  // From before there were votes: one person's word, which counts for no role and no team.
  const as = event.as ?? { role: 'observer', teams: [] };
  const counted = votesWith(request, { ...event, as }, event.action === 'accept' ? 'approve' : 'deny');
  if (!counted.ok) return counted;
  const wanted = event.action === 'accept' ? 'approved' : 'denied';
  if (tally(request.approval, counted.votes) === wanted)
    return event.as === null ? { ok: true, votes: request.votes } : counted;
  return refuse('not_allowed_now', 'This needs more people than have answered so far.');
}

export function votesWith(
  request: OpenRequest,
  event: Pick<EventOf<'request.voted'>, 'actor' | 'as' | 'at' | 'operationId' | 'reason'>,
  said: Vote['vote'],
): Counted {
  const { actor, as, at, operationId, reason } = event;
  if (actor.kind !== 'person' || request.approval === null)
    return refuse('not_allowed_now', 'Only people vote, and only on approvals.');
  const { notBy } = request.approval;
  if (said === 'approve' && notBy?.id === actor.id)
    return refuse('forbidden', `${notBy.name} answers for this agent, so someone else must approve.`);
  const before = request.votes.find(({ by }) => by.id === actor.id);
  // Said again by who has become somebody else since, it may count for more.
  if (before?.vote === said && isSameStanding(before.as, as))
    return refuse('already_voted', undefined, { vote: said, at: before.at });
  const by = { id: actor.id, name: actor.name };
  return { ok: true, votes: withVote(request.votes, { by, as, vote: said, reason, operationId, at }) };
}

function isSameStanding(a: Standing, b: Standing): boolean {
  return a.role === b.role && a.teams.length === b.teams.length && a.teams.every((team) => b.teams.includes(team));
}
