import type { CallContent } from './content/content';
import type { CallSubject } from './ports';

/** What was to be told of a call is over: it ended, or its server was heard from meanwhile. */
export function isCallOver({ kind, quietSinceAt }: CallContent, { underWay }: CallSubject): boolean {
  if (underWay === null) return true;
  if (kind !== 'stalled') return false;
  return underWay.isAsking || underWay.lastSignAt > (quietSinceAt ?? 0);
}
