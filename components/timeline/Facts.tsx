import type { ReactNode } from 'react';
import type { LaneId, Timeline } from '@/lib/domain/timeline';
import { laneFacts } from './lane-words';
import { eventFacts, type Pointed } from './pointing';

export interface FactsProps {
  readonly timeline: Timeline;
  readonly pointed: Pointed | null;
  readonly chosen: LaneId | null;
  readonly now: number;
}

/** The exact values of what is pointed at, in focus or chosen; what the keys come to is also said. */
export function Facts({ timeline, pointed, chosen, now }: FactsProps): ReactNode {
  const event = pointed?.seq == null ? undefined : timeline.events.find(pointed.seq);
  const words = event === undefined ? null : eventFacts(timeline, event);
  const lane = pointed === null ? undefined : timeline.lanes.get(pointed.laneId);
  return (
    <>
      <p className="sr" role="status">
        {pointed?.by === 'keys' ? words : null}
      </p>
      {words === null ? (
        <LaneFacts timeline={timeline} id={pointed?.laneId ?? chosen} now={now} />
      ) : (
        <p className="tl-facts meta" aria-hidden="true">
          <b className="mono">{lane?.tool}</b>
          <span className="dot-sep">{words}</span>
        </p>
      )}
    </>
  );
}

function LaneFacts({
  timeline,
  id,
  now,
}: {
  readonly timeline: Timeline;
  readonly id: LaneId | null;
  readonly now: number;
}): ReactNode {
  const lane = id === null ? undefined : timeline.lanes.get(id);
  if (lane === undefined) {
    return (
      <p className="tl-facts meta hint-line">
        Point at a lane for its exact times; in it, ← and → go from event to event. Ctrl and wheel or + and − zoom; drag
        moves.
      </p>
    );
  }
  return (
    <p className="tl-facts meta" aria-hidden="true">
      <b className="mono">{lane.tool}</b>
      {laneFacts(lane, now).map((fact) => (
        <span key={fact} className="dot-sep">
          {fact}
        </span>
      ))}
    </p>
  );
}
