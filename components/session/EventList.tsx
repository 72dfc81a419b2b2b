'use client';

import { memo, type ReactNode } from 'react';
import { Avatar } from '@/components/ui/Avatar';
import { Icon } from '@/components/ui/Icon';
import { eventIcons, toneClass } from '@/components/timeline/icons';
import { useRoom } from '@/components/timeline/use-room';
import type { EventRow } from '@/lib/domain/timeline/row';
import { clockTime } from '@/lib/domain/timeline/time-words';
import { VirtualList } from './VirtualList';

const rowHeights = { wide: 28, phone: 44 } as const;

export interface EventListProps {
  /** Newest first. */
  readonly rows: readonly EventRow[];
  readonly chosenSeq: number | null;
  readonly onChoose: (row: EventRow) => void;
  readonly foot: ReactNode;
}

export function EventList({ rows, chosenSeq, onChoose, foot }: EventListProps): ReactNode {
  const room = useRoom();
  return (
    <VirtualList
      items={rows}
      keyOf={seqOf}
      rowHeight={rowHeights[room]}
      label="Events, newest first"
      noun={rows.length === 1 ? 'event' : 'events'}
      draw={(row) => <EventLine row={row} chosen={row.seq === chosenSeq ? 'chosen' : 'plain'} onChoose={onChoose} />}
      foot={foot}
    />
  );
}

function seqOf(row: EventRow): number {
  return row.seq;
}

interface EventLineProps {
  readonly row: EventRow;
  readonly chosen: 'chosen' | 'plain';
  readonly onChoose: (row: EventRow) => void;
}

const EventLine = memo(function EventLine({ row, chosen, onChoose }: EventLineProps): ReactNode {
  return (
    <button
      type="button"
      className={`ev ${chosen === 'chosen' ? 'sel' : ''}`}
      aria-pressed={chosen === 'chosen'}
      onClick={() => onChoose(row)}
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
});
