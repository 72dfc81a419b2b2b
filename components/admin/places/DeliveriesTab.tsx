'use client';

import Link from 'next/link';
import { type ReactNode, useCallback, useEffect, useState } from 'react';
import Check from 'lucide-react/icons/check';
import CircleX from 'lucide-react/icons/circle-x';
import Hourglass from 'lucide-react/icons/hourglass';
import Minus from 'lucide-react/icons/minus';
import RotateCcw from 'lucide-react/icons/rotate-ccw';
import Send from 'lucide-react/icons/send';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import type { DeliveriesPage, SettingsDesk } from '@/components/settings/settings-props';
import { Button } from '@/components/ui/Button';
import { EmptyState } from '@/components/ui/EmptyState';
import { Note } from '@/components/ui/Note';
import { Bone, Skeleton } from '@/components/ui/Skeleton';
import { Status } from '@/components/ui/Status';
import { type DeliveryRow, noticeKindWords, teamChannels } from '@/lib/domain/notice';
import type { Result } from '@/lib/domain/refusal';
import { whenWords } from '@/lib/domain/timeline/time-words';
import { channelNames, type DeliveryWords, deliveryWords } from './delivery-words';
import { placeKindWords } from './place-kinds';

export interface DeliveriesTabProps {
  readonly now: number;
  /** Admins see everyone's, others their own. */
  readonly sees: 'everyone' | 'own';
  readonly desk: SettingsDesk;
}

type Log =
  | { readonly is: 'reading'; readonly rows: readonly DeliveryRow[] }
  | { readonly is: 'failed'; readonly rows: readonly DeliveryRow[]; readonly message: string }
  | { readonly is: 'read'; readonly rows: readonly DeliveryRow[]; readonly more: boolean };

const start: Log = { is: 'reading', rows: [] };
const unknown = 'There was no answer. Look again once Holdpoint is back.';

/** What was sent to whom, and what became of it; newest first, page by page. */
export function DeliveriesTab({ now, sees, desk }: DeliveriesTabProps): ReactNode {
  const { log, look, older } = useDeliveries(desk);
  return (
    <>
      <div className="st-head">
        <p className="t2 grow">
          {sees === 'everyone'
            ? 'Every notification to anyone, and what became of it. What failed is tried again for hours, then given up.'
            : 'What was sent to you, and what became of it.'}
        </p>
        <Button icon={RotateCcw} disabled={log.is === 'reading'} onClick={look}>
          Look again
        </Button>
      </div>
      {log.is === 'failed' ? (
        <div className="st-pad">
          <Note icon={TriangleAlert} tone="danger" live="alert">
            {log.message}
          </Note>
        </div>
      ) : null}
      <Rows log={log} now={now} sees={sees} />
      {log.is === 'read' && log.more ? (
        <div className="st-more">
          <Button onClick={older}>Older</Button>
        </div>
      ) : null}
    </>
  );
}

function useDeliveries(desk: SettingsDesk): {
  readonly log: Log;
  readonly look: () => void;
  readonly older: () => void;
} {
  const [log, setLog] = useState<Log>(start);
  const read = useCallback(
    (before: readonly DeliveryRow[]) => {
      desk.deliveries(before.at(-1) ?? null).then(
        (said) => setLog(logOf(said, before)),
        () => setLog({ is: 'failed', rows: before, message: unknown }),
      );
    },
    [desk],
  );
  useEffect(() => read([]), [read]);
  const readFrom = (before: readonly DeliveryRow[]): void => {
    setLog(({ rows }) => ({ is: 'reading', rows }));
    read(before);
  };
  return { log, look: () => readFrom([]), older: () => readFrom(log.rows) };
}

function logOf(said: Result<DeliveriesPage>, before: readonly DeliveryRow[]): Log {
  if (!said.ok) return { is: 'failed', rows: before, message: said.message };
  return { is: 'read', rows: [...before, ...said.value.deliveries], more: said.value.more };
}

interface RowsProps extends Pick<DeliveriesTabProps, 'now' | 'sees'> {
  readonly log: Log;
}

function Rows({ log, now, sees }: RowsProps): ReactNode {
  if (log.rows.length === 0) {
    if (log.is === 'reading') return <LogSkeleton />;
    if (log.is === 'failed') return null;
    return (
      <EmptyState icon={Send} title="Nothing was sent yet">
        When something waits, expires or is escalated, what was told to {sees === 'everyone' ? 'whom' : 'you'} stands
        here.
      </EmptyState>
    );
  }
  return (
    <table className="table ad st-log">
      <thead>
        <tr>
          <th scope="col">When</th>
          <th scope="col">What</th>
          <th scope="col">To</th>
          <th scope="col">State</th>
        </tr>
      </thead>
      <tbody>
        {log.rows.map((row) => (
          <Line key={row.id} row={row} now={now} />
        ))}
      </tbody>
    </table>
  );
}

function LogSkeleton(): ReactNode {
  return (
    <Skeleton label="Loading the delivery log">
      {['40%', '52%', '34%', '46%'].map((width) => (
        <div key={width} className="sk-ad">
          <Bone width="120px" />
          <Bone width={width} height="8px" />
          <Bone width="80px" />
        </div>
      ))}
    </Skeleton>
  );
}

function Line({ row, now }: { readonly row: DeliveryRow; readonly now: number }): ReactNode {
  const words = deliveryWords(row, now);
  const isPlace = teamChannels.some((channel) => channel === row.channel);
  return (
    <tr>
      <td className="num t2">{whenWords(row.createdAt, now)}</td>
      <td>
        {isPlace ? placeKindWords(row.kind) : noticeKindWords[row.kind]}
        <Link className="mono ad-sub st-req" href={row.path}>
          {row.about}
        </Link>
      </td>
      <td>
        <span className="meta ad-sub">{channelNames[row.channel]}</span>
        {row.to}
      </td>
      <td className="st-outcome">
        <StateStatus words={words} />
        {words.detail === null ? null : <span className="meta ad-sub">{words.detail}</span>}
      </td>
    </tr>
  );
}

function StateStatus({ words }: { readonly words: DeliveryWords }): ReactNode {
  switch (words.is) {
    case 'sent':
      return (
        <Status icon={Check} tone="ok">
          {words.state}
        </Status>
      );
    case 'waiting':
      return <Status icon={Hourglass}>{words.state}</Status>;
    case 'again':
      return (
        <Status icon={RotateCcw} tone="person">
          {words.state}
        </Status>
      );
    case 'failed':
      return (
        <Status icon={CircleX} tone="danger">
          {words.state}
        </Status>
      );
    case 'dropped':
      return <Status icon={Minus}>{words.state}</Status>;
  }
}
