'use client';

import { memo, type ReactNode } from 'react';
import ArrowDownLeft from 'lucide-react/icons/arrow-down-left';
import ArrowUpRight from 'lucide-react/icons/arrow-up-right';
import { Icon } from '@/components/ui/Icon';
import { useRoom } from '@/components/timeline/use-room';
import type { RawMessage } from '@/lib/domain/raw';
import { clockTimeMs } from '@/lib/domain/timeline/time-words';
import { rawWords } from './raw-words';
import { VirtualList } from './VirtualList';

const rowHeights = { wide: 28, phone: 44 } as const;

export interface RawListProps {
  /** Newest first. */
  readonly messages: readonly RawMessage[];
  readonly chosenSeq: number | null;
  readonly onChoose: (message: RawMessage) => void;
  readonly foot: ReactNode;
}

export function RawList({ messages, chosenSeq, onChoose, foot }: RawListProps): ReactNode {
  const room = useRoom();
  return (
    <VirtualList
      items={messages}
      keyOf={seqOf}
      rowHeight={rowHeights[room]}
      label="JSON-RPC messages, newest first"
      noun={messages.length === 1 ? 'message' : 'messages'}
      draw={(message) => (
        <RawLine message={message} chosen={message.seq === chosenSeq ? 'chosen' : 'plain'} onChoose={onChoose} />
      )}
      foot={foot}
    />
  );
}

function seqOf(message: RawMessage): number {
  return message.seq;
}

interface RawLineProps {
  readonly message: RawMessage;
  readonly chosen: 'chosen' | 'plain';
  readonly onChoose: (message: RawMessage) => void;
}

const RawLine = memo(function RawLine({ message, chosen, onChoose }: RawLineProps): ReactNode {
  const words = rawWords(message);
  return (
    <button
      type="button"
      className={`rw ${chosen === 'chosen' ? 'sel' : ''}`}
      aria-pressed={chosen === 'chosen'}
      onClick={() => onChoose(message)}
    >
      <span className="mono t3 ev-seq">{message.seq}</span>
      <span className="mono">{clockTimeMs(message.at)}</span>
      <span className={`rw-way ${message.side}`}>
        <Icon of={message.direction === 'in' ? ArrowDownLeft : ArrowUpRight} size="xs" />
        <span className="cut">{words.way}</span>
      </span>
      <span className={`mono cut rw-what ${words.kind}`}>{words.what}</span>
      <span className="mono t3 cut rw-id">{words.id === null ? '' : `id ${words.id}`}</span>
      <span className="mono t3 cut rw-stream">{message.stream}</span>
    </button>
  );
});
