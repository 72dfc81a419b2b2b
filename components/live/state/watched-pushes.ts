import type { Push } from '@/lib/protocol/pushes';
import { type RawState, rawTold } from './raw';
import { eventsTold, summaryTold, type WatchedState } from './watched';

/** The sessions on screen after the pushes of one frame; each folds once, since a fold copies what it touches. */
export function watchedTold(watched: WatchedState, pushes: readonly Push[]): WatchedState {
  let next = watched;
  for (const [sessionId, known] of watched) {
    const events = pushes.flatMap((push) =>
      push.type === 'session.events' && push.sessionId === sessionId ? push.events : [],
    );
    const summaries = pushes.flatMap((push) =>
      push.type === 'session.changed' && push.summary.session.sessionId === sessionId ? push.summary : [],
    );
    const told = summaries.reduce(summaryTold, events.length === 0 ? known : eventsTold(known, events));
    if (told !== known) next = new Map(next).set(sessionId, told);
  }
  return next;
}

export function rawViewsTold(raw: RawState, pushes: readonly Push[]): RawState {
  let next = raw;
  for (const push of pushes) {
    const known = push.type === 'session.raw' ? next.get(push.sessionId) : undefined;
    if (push.type === 'session.raw' && known !== undefined) {
      next = new Map(next).set(push.sessionId, rawTold(known, push.messages));
    }
  }
  return next;
}
