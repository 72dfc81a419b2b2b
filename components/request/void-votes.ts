import type { SessionEvent } from '@/lib/domain/event';
import type { Vote } from '@/lib/domain/policy/approval';

/** An approval that an edit made void, by someone who has not voted again. */
export interface VoidVote {
  readonly id: string;
  readonly name: string;
  readonly at: number;
}

/** The approvals from before the last edit, the latest of each person, in the order they were given (I6). */
export function voidVotes(events: readonly SessionEvent[], votes: readonly Vote[]): readonly VoidVote[] {
  const edited = events.findLastIndex(({ type }) => type === 'request.edited');
  const counting = new Set<string>(votes.map(({ by }) => by.id));
  const found = new Map<string, VoidVote>();
  for (const event of events.slice(0, Math.max(0, edited))) {
    const { actor, at } = event;
    if (event.type !== 'request.voted' || event.vote !== 'approve' || actor.kind !== 'person') continue;
    if (counting.has(actor.id)) continue;
    found.delete(actor.id);
    found.set(actor.id, { id: actor.id, name: actor.name, at });
  }
  return [...found.values()];
}
