'use client';

import Link from 'next/link';
import type { ReactNode } from 'react';
import { Button } from '@/components/ui/Button';
import { Dialog } from '@/components/ui/Dialog';
import { type EndItem, type EndOperation, settledOf } from '@/lib/domain/end-operation';
import { countOf } from '@/lib/domain/timeline/end-step-words';
import { clockTime, spanWords } from '@/lib/domain/timeline/time-words';

export interface EndManyProgressProps {
  readonly operation: EndOperation;
  /** Null until they were read. */
  readonly items: readonly EndItem[] | null;
  readonly refusal: string | null;
  readonly onStop: () => void;
  readonly onClose: () => void;
}

/** How far an order is, and what did not go as ordered, one by one; afterwards the same is its record (I10). */
export function EndManyProgress({ operation, items, refusal, onStop, onClose }: EndManyProgressProps): ReactNode {
  const { endedAt } = operation;
  const odd = (items ?? []).filter((item) => item.state !== 'waiting' && item.state !== 'ending' && isOdd(item));
  const footer = (
    <>
      <span className="meta grow">
        {operation.by.name}, {clockTime(operation.at)}: “{operation.reason}”
      </span>
      {operation.state === 'running' && endedAt === null ? (
        <Button size="lg" onClick={onStop}>
          Stop after these
        </Button>
      ) : null}
      <Button size="lg" look="primary" onClick={onClose}>
        {endedAt === null ? 'Close, it goes on' : 'Done'}
      </Button>
    </>
  );
  return (
    <Dialog title={titleOf(operation)} onClose={onClose} footer={footer} size="lg">
      <HowFar operation={operation} />
      {refusal === null ? null : <p className="err">{refusal}</p>}
      <Odd items={odd} />
    </Dialog>
  );
}

function HowFar({ operation }: { readonly operation: EndOperation }): ReactNode {
  const { counts, endedAt } = operation;
  const settled = settledOf(counts);
  const share = counts.total === 0 ? 100 : Math.round((settled / counts.total) * 100);
  return (
    <>
      <p className="t2 end-lead num" role="status">
        {settled} of {counts.total}
        {counts.ending === 0 ? '' : `, ${counts.ending} ending now`}
        {endedAt === null ? '' : ` in ${spanWords(endedAt - operation.at)}`}
      </p>
      <div
        className="prog danger"
        role="progressbar"
        aria-label="Sessions settled"
        aria-valuemin={0}
        aria-valuemax={counts.total}
        aria-valuenow={settled}
      >
        <i style={{ width: `${share}%` }} />
      </div>
      <dl className="end-counts num">
        {figures(operation).map(([name, count]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{count}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

function Odd({ items }: { readonly items: readonly EndItem[] }): ReactNode {
  if (items.length === 0) return null;
  return (
    <>
      <h3 className="h">Not as ordered, or with an unknown outcome</h3>
      <ul className="eff two">
        {items.map((item) => (
          <li key={item.sessionId}>
            <span />
            <p>
              <Link href={`/sessions/${item.sessionId}`}>{item.agent}</Link>{' '}
              <span className="mono t3">{item.sessionId}</span>
              <span className="t2 end-why">{whyOf(item)}</span>
            </p>
            <span className={`tag ${item.state === 'ended' ? 'person' : item.state === 'failed' ? 'danger' : ''}`}>
              {stateWords[item.state]}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

const stateWords: { readonly [S in EndItem['state']]: string } = {
  waiting: 'waiting',
  ending: 'ending',
  ended: 'ended',
  left: 'left running',
  over: 'over before',
  failed: 'failed',
  stopped: 'not begun',
};

function isOdd(item: EndItem): boolean {
  return item.state !== 'ended' || item.unknown > 0 || item.changed !== null;
}

function whyOf(item: EndItem): string {
  switch (item.state) {
    case 'left':
      return `Changed since the preview: ${item.why}`;
    case 'failed':
      return item.why;
    case 'over':
      return 'It had ended before its turn.';
    case 'stopped':
      return 'The order was stopped first.';
    case 'ended': {
      const unknown = item.unknown === 0 ? '' : `${countOf(item.unknown, 'outcome')} unknown. `;
      return `${unknown}${item.changed === null ? '' : `Changed since the preview: ${item.changed}`}`;
    }
    case 'waiting':
    case 'ending':
      return '';
  }
}

function titleOf({ state, endedAt, counts }: EndOperation): string {
  if (endedAt === null) return state === 'stopped' ? 'Stopping' : `Ending ${countOf(counts.total, 'session')}`;
  const unknown = counts.unknown === 0 ? '' : `, ${countOf(counts.unknown, 'outcome')} unknown`;
  return `${countOf(counts.ended, 'session')} ended${unknown}`;
}

function figures({ counts, restarts }: EndOperation): readonly (readonly [string, number])[] {
  const all: readonly (readonly [string, number])[] = [
    ['Ended', counts.ended],
    ['Left, changed', counts.left],
    ['Over before', counts.over],
    ['Failed', counts.failed],
    ['Not begun', counts.stopped],
    ['Unknown outcomes', counts.unknown],
    ['Restarts', restarts],
  ];
  return all.filter(([name, count]) => count > 0 || name === 'Ended');
}
