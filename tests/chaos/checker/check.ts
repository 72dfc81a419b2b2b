import type { World } from '@/tests/chaos/world';
import { checkAnswers } from './answers';
import { checkExecutions } from './executions';
import { indexWorld } from './index-of-world';
import { checkOutcomes } from './outcomes';
import { checkListening, checkOrphans, checkRequests, checkStops } from './requests';
import type { Violation } from './violation';

/** Every promise that was broken in this world; none of Holdpoint's own code has a say in it. */
export function check(world: World): readonly Violation[] {
  const index = indexWorld(world);
  return [
    checkAnswers,
    checkExecutions,
    checkOutcomes,
    checkRequests,
    checkListening,
    checkStops,
    checkOrphans,
  ].flatMap((part) => part(index));
}
