'use client';

import Link from 'next/link';
import type { ReactNode } from 'react';
import { Button } from '@/components/ui/Button';
import { Dialog } from '@/components/ui/Dialog';
import { type EndItem, type EndOperation, settledOf } from '@/lib/domain/end-operation';
import { clockTime, spanWords } from '@/lib/domain/timeline/time-words';
import { EndingProgress } from './EndingProgress';
import { endingFigures, endingHref, endingTitle, itemStates, itemWords } from './ending-words';

export interface EndManyProgressProps {
  readonly operation: EndOperation;
  /** The first of those that did not go as ordered, or whose outcome is unknown. */
  readonly odd: readonly EndItem[];
  readonly oddTotal: number;
  readonly refusal: string | null;
  readonly onStop: () => void;
  readonly onClose: () => void;
}

/** How far an order is, and what did not go as ordered, one by one; afterwards the same is its record (I10). */
export function EndManyProgress(props: EndManyProgressProps): ReactNode {
  const { operation, odd, oddTotal, refusal, onStop, onClose } = props;
  const { endedAt } = operation;
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
    <Dialog title={endingTitle(operation)} onClose={onClose} footer={footer} size="lg" scrolls="keys">
      <HowFar operation={operation} />
      {refusal === null ? null : (
        <p className="err" role="alert">
          {refusal}
        </p>
      )}
      <Odd items={odd} total={oddTotal} />
      <p className="t2 end-page">
        <Link href={endingHref(operation.endingId)}>The page of this order</Link> keeps what became of each session.
      </p>
    </Dialog>
  );
}

function HowFar({ operation }: { readonly operation: EndOperation }): ReactNode {
  const { counts, endedAt } = operation;
  return (
    <>
      <p className="t2 end-lead num" role="status">
        {settledOf(counts)} of {counts.total}
        {counts.ending === 0 ? '' : `, ${counts.ending} ending now`}
        {endedAt === null ? '' : ` in ${spanWords(endedAt - operation.at)}`}
      </p>
      <EndingProgress operation={operation} />
      <dl className="end-counts num">
        {endingFigures(operation).map(([name, count]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{count}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

function Odd({ items, total }: { readonly items: readonly EndItem[]; readonly total: number }): ReactNode {
  if (items.length === 0) return null;
  return (
    <>
      <h3 className="h">
        Not as ordered, or with an unknown outcome <span className="count">{total}</span>
      </h3>
      <ul className="eff two">
        {items.map((item) => (
          <li key={item.sessionId}>
            <span />
            <p>
              <Link href={`/sessions/${item.sessionId}`}>{item.agent}</Link>{' '}
              <span className="mono t3">{item.sessionId}</span>
              <span className="t2 end-why">{itemWords(item)}</span>
            </p>
            <span className={`tag ${item.state === 'ended' ? 'person' : item.state === 'failed' ? 'danger' : ''}`}>
              {itemStates[item.state]}
            </span>
          </li>
        ))}
        {total > items.length ? (
          <li>
            <span />
            <p className="t3">and {total - items.length} more</p>
          </li>
        ) : null}
      </ul>
    </>
  );
}
