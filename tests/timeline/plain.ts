import { emptyTimeline, foldTimeline, type Timeline } from '@/lib/domain/timeline';
import { type EventRow, rowOf } from '@/lib/domain/timeline/row';
import type { Step } from './events';
import { log } from './events';

export function folded(steps: readonly Step[]): Timeline {
  return foldTimeline(emptyTimeline(), log(steps));
}

export function rowsOf(timeline: Timeline): readonly EventRow[] {
  return [...timeline.events].map((event) => rowOf(timeline, event));
}

/** Everything a timeline shows, without how it is kept: two that show the same are equal. */
export function plainOf(timeline: Timeline): unknown {
  const { seq, lastEventAt, life, groups, rails } = timeline;
  return {
    seq,
    lastEventAt,
    life,
    rows: rowsOf(timeline),
    groups: groups.map((group) => ({ ...group, lanes: [...group.lanes] })),
    lanes: Object.fromEntries([...timeline.lanes.values()].map((lane) => [lane.id, timeline.lanes.get(lane.id)])),
    rails: Object.fromEntries(rails),
  };
}
