'use client';

import { memo, type ReactNode } from 'react';
import { VirtualList } from '@/components/session/VirtualList';
import { useRoom } from '@/components/timeline/use-room';
import { Bone } from '@/components/ui/Skeleton';
import { visibleText } from '@/components/ui/visible-text';
import { actorName } from '@/lib/domain/actor';
import type { AuditEntry } from '@/lib/domain/audit';
import { dayTime } from '@/lib/domain/timeline/time-words';
import { actWords } from './act-words';
import type { AuditLine, AuditLines } from './audit-known';

const rowHeights = { wide: 36, phone: 60 } as const;

export interface AuditListProps {
  readonly lines: AuditLines;
  /** The first entry that is not as it was written; null when all is whole. */
  readonly brokenFrom: number | null;
  readonly chosen: number | null;
  readonly now: number;
  readonly foot?: ReactNode;
  readonly onNewest?: (() => void) | undefined;
  readonly onChoose: (seq: number) => void;
  /** The lines that are drawn, by their places. */
  readonly onSeen: (first: number, end: number) => void;
}

export function AuditList(props: AuditListProps): ReactNode {
  const { lines, brokenFrom, chosen, now, foot, onNewest, onChoose, onSeen } = props;
  const room = useRoom();
  // Rows leave out the year when it is this one, and are drawn anew only when that is another.
  const thisYear = Date.UTC(new Date(now).getFullYear(), 6);
  return (
    <VirtualList
      items={lines}
      keyOf={seqOf}
      placeOf={(key) => lines.placeOf(Number(key))}
      shown={chosen}
      rowHeight={rowHeights[room]}
      label="Entries, newest first"
      noun={lines.length === 1 ? 'entry' : 'entries'}
      onSeen={onSeen}
      foot={foot}
      onNewest={onNewest}
      isStop={isEntry}
      draw={(line) => (
        <Row
          line={line}
          proof={brokenFrom !== null && line.seq >= brokenFrom ? 'no' : 'yes'}
          look={line.seq === chosen ? 'chosen' : 'plain'}
          now={thisYear}
          onChoose={onChoose}
        />
      )}
    />
  );
}

function seqOf({ seq }: AuditLine): number {
  return seq;
}

function isEntry({ is }: AuditLine): boolean {
  return is === 'entry';
}

interface RowProps {
  readonly line: AuditLine;
  readonly proof: 'yes' | 'no';
  readonly look: 'chosen' | 'plain';
  readonly now: number;
  readonly onChoose: (seq: number) => void;
}

/** Drawn again only when its line is another: those in a window of a long list are handed the same. */
const Row = memo(
  function Row({ line, proof, look, now, onChoose }: RowProps): ReactNode {
    const { seq } = line;
    if (line.is === 'missing')
      return (
        <p className="vl-line au-row gone" data-proven="no">
          Entry {seq.toLocaleString('en-US')} is not there, or cannot be read.
        </p>
      );
    if (line.is === 'unread')
      return (
        <span className="vl-line au-row unread">
          <span className="sr">Entry {seq.toLocaleString('en-US')}, being read</span>
          <Bone width="110px" />
          <Bone width="60%" />
        </span>
      );
    return (
      <button
        type="button"
        className={`vl-line au-row ${look === 'chosen' ? 'sel' : ''}`}
        aria-pressed={look === 'chosen'}
        data-proven={proof}
        onClick={() => onChoose(seq)}
      >
        <Words entry={line.entry} now={now} />
      </button>
    );
  },
  (a, b) =>
    a.line.is === b.line.is &&
    a.line.seq === b.line.seq &&
    (a.line.is !== 'entry' || b.line.is !== 'entry' || a.line.entry === b.line.entry) &&
    a.proof === b.proof &&
    a.look === b.look &&
    a.now === b.now &&
    a.onChoose === b.onChoose,
);

function Words({ entry, now }: { readonly entry: AuditEntry; readonly now: number }): ReactNode {
  const { actor, from, why, about } = entry;
  const name = actorName(actor);
  return (
    <>
      <time className="num t2 au-when" dateTime={new Date(entry.at).toISOString()}>
        {dayTime(entry.at, now)}
      </time>
      <span className="cut au-what">
        <span className="medium">{visibleText(name)}</span> {actWords[entry.act] ?? entry.act}
        {about.name === null || about.name === name ? null : <span className="t2"> · {visibleText(about.name)}</span>}
      </span>
      <span className="t2 cut au-why">{why === null ? '' : `“${visibleText(why)}”`}</span>
      <span className="t3 cut au-from">{from === null ? '' : (from.address ?? 'address not known')}</span>
    </>
  );
}
