'use client';

import { type ReactNode, useMemo } from 'react';
import { Icon } from '@/components/ui/Icon';
import { toneClass } from '@/components/timeline/icons';
import { awayWords, laneLook, riskWords } from '@/components/timeline/lane-words';
import { useRoom } from '@/components/timeline/use-room';
import { plainLine } from '@/lib/domain/form/plain-text';
import type { LaneId, Timeline } from '@/lib/domain/timeline';
import type { Lane, SegmentKind } from '@/lib/domain/timeline/lane-model';
import { spentMs } from '@/lib/domain/timeline/spans';
import { clockTime, spanWords } from '@/lib/domain/timeline/time-words';
import { VirtualList } from './VirtualList';

const rowHeights = { wide: 40, phone: 64 } as const;

export interface CallListProps {
  readonly timeline: Timeline;
  readonly now: number;
  readonly chosen: LaneId | null;
  readonly onChoose: (id: LaneId) => void;
}

/** Every call of the session with its figures, newest first. */
export function CallList({ timeline, now, chosen, onChoose }: CallListProps): ReactNode {
  const room = useRoom();
  const { groups } = timeline;
  const lanes = useMemo(() => newestFirst(groups), [groups]);
  return (
    <div className="calls">
      <div className="cl cl-head" aria-hidden="true">
        <span>Call</span>
        <span>State</span>
        <span className="r">Received</span>
        <span className="r">With people</span>
        <span className="r">At work</span>
        <span className="r">In all</span>
        <span>Outcome</span>
      </div>
      <VirtualList
        items={lanes}
        keyOf={(lane) => lane.id}
        rowHeight={rowHeights[room]}
        label="Calls, newest first"
        noun="calls"
        draw={(lane) => (
          <CallLine lane={lane} now={now} chosen={lane.id === chosen ? 'chosen' : 'plain'} onChoose={onChoose} />
        )}
      />
    </div>
  );
}

function newestFirst(groups: Timeline['groups']): readonly Lane[] {
  return groups.flatMap(({ lanes }) => [...lanes]).sort((a, b) => b.seq - a.seq);
}

interface CallLineProps {
  readonly lane: Lane;
  readonly now: number;
  readonly chosen: 'chosen' | 'plain';
  readonly onChoose: (id: LaneId) => void;
}

function CallLine({ lane, now, chosen, onChoose }: CallLineProps): ReactNode {
  const look = laneLook(lane, now);
  return (
    <button
      type="button"
      className={`cl ${chosen === 'chosen' ? 'sel' : ''}`}
      aria-pressed={chosen === 'chosen'}
      onClick={() => onChoose(lane.id)}
    >
      <span className="cl-name">
        <span className="mono medium cut">{lane.tool}</span>
        <span className="meta cut">
          {lane.server}, {riskWords[lane.risk]}
        </span>
      </span>
      <span className={`st ${toneClass(look.tone)}`}>
        <Icon of={look.icon} size="xs" />
        {look.words}
      </span>
      <span className="r num t2 cl-num">{clockTime(lane.from)}</span>
      <span className="r num t2 cl-num">{spent(lane, 'people', now)}</span>
      <span className="r num t2 cl-num">{spent(lane, 'work', now)}</span>
      <span className="r num cl-all">{spanWords((lane.to ?? now) - lane.from)}</span>
      <span className={`cut cl-cause ${look.tone === 'danger' ? 'danger' : 't2'}`}>{causeOf(lane)}</span>
    </button>
  );
}

/** Why it ended as it did; for one that has not ended, what stands between it and its agent. */
function causeOf(lane: Lane): string {
  if (lane.outcome !== null) return lane.outcome.cause ?? (lane.runs > 1 ? `after ${lane.runs} runs` : '');
  const last = lane.breaks.at(-1);
  if (last !== undefined && last.againAt === null) return plainLine(last.why);
  return lane.agentLeft === null ? '' : awayWords[lane.agentLeft];
}

function spent(lane: Lane, kind: SegmentKind, now: number): string {
  const ms = spentMs(lane.segments, kind, now);
  return ms === 0 ? '–' : spanWords(ms);
}
