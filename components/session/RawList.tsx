'use client';

import { memo, type ReactNode } from 'react';
import ArrowDownLeft from 'lucide-react/icons/arrow-down-left';
import ArrowUpRight from 'lucide-react/icons/arrow-up-right';
import { Icon } from '@/components/ui/Icon';
import { useRoom } from '@/components/timeline/use-room';
import type { RawMessage } from '@/lib/domain/raw';
import { clockTimeMs } from '@/lib/domain/timeline/time-words';
import { isFailure, partsOf } from '@/lib/domain/raw-view/raw-part';
import type { Pairing } from '@/lib/domain/raw-view/pairing';
import type { RawItems } from '@/lib/domain/raw-view/raw-matches';
import { latencyWords } from './raw/latency-words';
import { rawWords } from './raw-words';
import { VirtualList } from './VirtualList';

const rowHeights = { wide: 28, phone: 44 } as const;

export interface RawListProps {
  readonly messages: RawItems;
  readonly pairing: Pairing;
  readonly chosenSeq: number | null;
  readonly onChoose: (message: RawMessage) => void;
  readonly foot: ReactNode;
}

export function RawList({ messages, pairing, chosenSeq, onChoose, foot }: RawListProps): ReactNode {
  const room = useRoom();
  return (
    <VirtualList
      items={messages}
      keyOf={seqOf}
      placeOf={(key) => messages.placeOf(Number(key))}
      shown={chosenSeq}
      rowHeight={rowHeights[room]}
      label="JSON-RPC messages, newest first"
      noun={messages.length === 1 ? 'message' : 'messages'}
      draw={(message) => (
        <RawLine
          message={message}
          tookMs={pairing.pairs.get(message.seq)?.tookMs ?? null}
          state={stateOf(message, pairing)}
          chosen={chosenOf(message.seq, chosenSeq, pairing)}
          onChoose={onChoose}
        />
      )}
      foot={foot}
    />
  );
}

function seqOf(message: RawMessage): number {
  return message.seq;
}

/** The chosen one, or its partner. */
function chosenOf(seq: number, chosenSeq: number | null, pairing: Pairing): RawLineProps['chosen'] {
  if (seq === chosenSeq) return 'chosen';
  return chosenSeq !== null && pairing.pairs.get(seq)?.seq === chosenSeq ? 'partner' : 'plain';
}

function stateOf(message: RawMessage, pairing: Pairing): RawLineProps['state'] {
  if (partsOf(message).some(isFailure)) return 'error';
  return pairing.unpaired.has(message.seq) ? 'unpaired' : 'plain';
}

interface RawLineProps {
  readonly message: RawMessage;
  /** From the request to the response, on both. */
  readonly tookMs: number | null;
  readonly state: 'error' | 'unpaired' | 'plain';
  readonly chosen: 'chosen' | 'partner' | 'plain';
  readonly onChoose: (message: RawMessage) => void;
}

const RawLine = memo(function RawLine({ message, tookMs, state, chosen, onChoose }: RawLineProps): ReactNode {
  const words = rawWords(message);
  return (
    <button
      type="button"
      className={`vl-line rw ${chosen === 'chosen' ? 'sel' : chosen === 'partner' ? 'mate' : ''}`}
      aria-pressed={chosen === 'chosen'}
      onClick={() => onChoose(message)}
    >
      <span className="mono t3 ev-seq">{message.seq}</span>
      <span className="mono">{clockTimeMs(message.at)}</span>
      <span className={`rw-way ${message.side}`}>
        <Icon of={message.direction === 'in' ? ArrowDownLeft : ArrowUpRight} size="xs" />
        <span className="cut">{words.way}</span>
      </span>
      <span className={`mono cut rw-what ${state === 'error' ? 'error' : words.kind}`}>{words.what}</span>
      <span className="mono t3 rw-took num">
        {tookMs === null ? (state === 'unpaired' ? 'alone' : '') : latencyWords(tookMs)}
      </span>
      <span className="mono t3 cut rw-id">{words.id === null ? '' : `id ${words.id}`}</span>
      <span className="mono t3 cut rw-stream">{message.stream}</span>
    </button>
  );
});
