import type { CallState } from '../call';
import { waitingBreak } from './lane';
import type { Lane, LaneBreak } from './lane-model';

/** The state of a call as people are told it: what its lane knows beyond the state itself. */
export type LaneStanding = CallState | 'tool_error' | 'run_again' | 'page_first' | 'sending_again' | 'result_lost';

type Standing = Pick<Lane, 'state' | 'to' | 'outcome' | 'breaks' | 'segments'>;

export function standingOf(lane: Standing): LaneStanding {
  if (lane.outcome?.isError === true) return 'tool_error';
  if (lane.to !== null) return lane.state;
  const gap = waitingBreak(lane);
  if (lane.state === 'held' && gap !== null) return gapStanding(lane, gap);
  return lane.state === 'working' && lane.breaks.at(-1)?.next === 'result_lost' ? 'result_lost' : lane.state;
}

/** What a call waits for that was sent and is to be sent again. */
function gapStanding({ segments }: Standing, { next }: LaneBreak): LaneStanding {
  if (next === 'ask') return 'run_again';
  const isAsked = segments.some(({ kind, to }) => kind === 'people' && to === null);
  return next === 'urls' && isAsked ? 'page_first' : 'sending_again';
}

/** The same on the session's page and in its report. */
export const standingWords: { readonly [S in LaneStanding]: string } = {
  held: 'held',
  working: 'working',
  input_required: 'input required',
  completed: 'completed',
  failed: 'failed',
  cancelled: 'cancelled',
  rejected: 'rejected',
  expired: 'no one answered',
  indeterminate: 'unknown',
  tool_error: 'tool error',
  run_again: 'run again?',
  page_first: 'not run, page first',
  sending_again: 'sending again',
  result_lost: 'result lost',
};
