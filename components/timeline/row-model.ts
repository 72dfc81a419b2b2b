import type { Timeline, ServerGroup } from '@/lib/domain/timeline';
import type { Lane } from '@/lib/domain/timeline/lane';
import { isTall } from './lane-marks';

export type TimelineRow =
  | { readonly kind: 'head'; readonly key: string; readonly group: ServerGroup; readonly height: number }
  | { readonly kind: 'lane'; readonly key: string; readonly lane: Lane; readonly height: number };

export type Room = 'wide' | 'phone';

const heights = { wide: { head: 26, lane: 28, tall: 44 }, phone: { head: 44, lane: 52, tall: 52 } } as const;

/** Head rows and lanes from top to bottom, with their heights. Servers nobody called stay out. */
export function rowsOf(timeline: Timeline, room: Room): readonly TimelineRow[] {
  const height = heights[room];
  return timeline.groups.flatMap((group): readonly TimelineRow[] => {
    if (group.lanes.length === 0 && !group.rails.some(isTelling)) return [];
    const lanes = group.lanes.map(
      (lane): TimelineRow => ({ kind: 'lane', key: lane.id, lane, height: isTall(lane) ? height.tall : height.lane }),
    );
    return [{ kind: 'head', key: `server ${group.server}`, group, height: height.head }, ...lanes];
  });
}

/** A connection without calls is drawn when something happened to it. */
function isTelling(rail: ServerGroup['rails'][number]): boolean {
  return rail.end === 'lost' || rail.parts.some((part) => part.state === 'reattaching');
}
