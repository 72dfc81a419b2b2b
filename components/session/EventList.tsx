'use client';

import { memo, type ReactNode } from 'react';
import { Avatar } from '@/components/ui/Avatar';
import { Icon } from '@/components/ui/Icon';
import { eventIcons, toneClass } from '@/components/timeline/icons';
import { useRoom } from '@/components/timeline/use-room';
import type { SessionEvent } from '@/lib/domain/event';
import type { Timeline } from '@/lib/domain/timeline';
import { type EventRow, rowOf } from '@/lib/domain/timeline/row';
import { clockTime } from '@/lib/domain/timeline/time-words';
import type { EventItems } from './event-filter';
import { VirtualList } from './VirtualList';

const rowHeights = { wide: 28, phone: 44 } as const;

export interface EventListProps {
  readonly timeline: Timeline;
  readonly events: EventItems;
  readonly chosenSeq: number | null;
  readonly onChoose: (seq: number) => void;
  readonly foot: ReactNode;
}

export const EventList = memo(function EventList(props: EventListProps): ReactNode {
  const { timeline, events, chosenSeq, onChoose, foot } = props;
  const room = useRoom();
  return (
    <VirtualList
      items={events}
      keyOf={seqOf}
      placeOf={(key) => events.placeOf(Number(key))}
      shown={chosenSeq}
      rowHeight={rowHeights[room]}
      label="Events, newest first"
      noun={events.length === 1 ? 'event' : 'events'}
      draw={(event) => (
        <EventLine
          row={rowOf(timeline, event)}
          chosen={event.seq === chosenSeq ? 'chosen' : 'plain'}
          onChoose={onChoose}
        />
      )}
      foot={foot}
    />
  );
});

function seqOf(event: SessionEvent): number {
  return event.seq;
}

interface EventLineProps {
  readonly row: EventRow;
  readonly chosen: 'chosen' | 'plain';
  readonly onChoose: (seq: number) => void;
}

const EventLine = memo(function EventLine({ row, chosen, onChoose }: EventLineProps): ReactNode {
  return (
    <button
      type="button"
      className={`vl-line ev ${chosen === 'chosen' ? 'sel' : ''}`}
      aria-pressed={chosen === 'chosen'}
      onClick={() => onChoose(row.seq)}
    >
      <span className="mono t3 ev-seq">{row.seq}</span>
      <span className="mono">{clockTime(row.at)}</span>
      <span className={`st ${toneClass(row.tone)}`}>
        <Icon of={eventIcons[row.icon]} size="xs" />
      </span>
      <span className="ev-words">{row.words}</span>
      <span className="mono t3 cut evc">{row.subject}</span>
      <span className="evw">{row.person === null ? null : <Avatar name={row.person.name} size="sm" />}</span>
    </button>
  );
}, isSameLine);

/** A row is derived at each drawing; what it says changes only when an earlier event becomes known. */
function isSameLine(a: EventLineProps, b: EventLineProps): boolean {
  return (
    a.row.event === b.row.event &&
    a.row.words === b.row.words &&
    a.row.subject === b.row.subject &&
    a.chosen === b.chosen &&
    a.onChoose === b.onChoose
  );
}
