import type { CallFacts, HeldCall, WaitingCall, WorkingCall } from './call';
import type { EventOf } from './event';

/** How often one call is turned back: a server that never has enough must not send people to pages for ever. */
export const turnBacksMost = 3;

/** How many pages a server may name at a time. */
export const pagesMost = 5;

/** Of a call of which an earlier run was cut off: that a later one did not run does not tell. */
export const cutOffWords = 'An earlier run of it was cut off, and whether that took effect is not known.';

/** Held until every page its server named is done; null where it names none, or did so too often. */
export function turnedBack(
  call: WorkingCall | WaitingCall,
  facts: CallFacts,
  { at, requestIds }: EventOf<'call.turned_back'>,
): HeldCall | null {
  if (requestIds.length === 0 || call.turnedBack >= turnBacksMost) return null;
  const sent = { connectionId: call.connectionId, rpcId: call.rpcId, sentAt: call.sentAt };
  return {
    ...facts,
    turnedBack: call.turnedBack + 1,
    state: 'held',
    reasons: ['urls'],
    requestIds,
    // That this run was none does not tell what became of one before it.
    interrupted: call.mayHaveRun ? { sent, why: cutOffWords, at, progress: null } : null,
  };
}

/** How often it was sent and not turned back: of the first such sending it is known that none ran before. */
export function triesOf({ runs, turnedBack: times }: Pick<CallFacts, 'runs' | 'turnedBack'>): number {
  return runs - times;
}
