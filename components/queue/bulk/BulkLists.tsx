'use client';

import type { ReactNode } from 'react';
import Check from 'lucide-react/icons/check';
import Clock from 'lucide-react/icons/clock';
import X from 'lucide-react/icons/x';
import { shortId, titleWords } from '@/components/request/words';
import { Button } from '@/components/ui/Button';
import { Dialog } from '@/components/ui/Dialog';
import { Icon } from '@/components/ui/Icon';
import { plainLine } from '@/lib/domain/form/plain-text';
import type { BulkDialogProps, BulkResult } from './bulk-props';
import type { Sorted } from './sort-out';

/** What was selected and is not among these, each with its reason. */
export function BulkLeftOut({ sorted }: { readonly sorted: Sorted }): ReactNode {
  const { leftOut } = sorted;
  if (leftOut.length === 0) return null;
  return (
    <>
      <h3 className="h">Not among these</h3>
      <ul className="bulk-list">
        {leftOut.map(({ id, title, why }) => (
          <li key={id}>
            <span className="medium">{title === null ? id : plainLine(title)}</span> <span className="t2">{why}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

const icons = { waiting: Clock, saved: Check, failed: X } as const;

/** What became of each. */
export function BulkResults({
  sorted,
  results,
  onClose,
}: { readonly sorted: Sorted } & Pick<BulkDialogProps, 'onClose'> & {
    readonly results: NonNullable<BulkDialogProps['results']>;
  }): ReactNode {
  const rows = sorted.details.filter(({ request }) => results.has(request.requestId));
  const counted = (is: BulkResult['is']): number => [...results.values()].filter((result) => result.is === is).length;
  const waiting = counted('waiting');
  const failed = counted('failed');
  const titles = rows.map(({ request }) => titleWords(request));
  return (
    <Dialog
      title={waiting > 0 ? `Answering, ${results.size - waiting} of ${results.size}` : 'Answered together'}
      size="lg"
      onClose={onClose}
      footer={
        <>
          <span className="grow meta" role="status">
            {counted('saved')} saved
            {failed === 0 ? '' : `, ${failed} not; ${failed === 1 ? 'it stays' : 'they stay'} selected`}
            {waiting === 0 ? '' : `, ${waiting} to go`}
          </span>
          <Button look="primary" onClick={onClose}>
            {waiting > 0 ? 'Close, it goes on' : 'Done'}
          </Button>
        </>
      }
    >
      <ul className="bulk-list bulk-results">
        {rows.map(({ request }) => {
          const result = results.get(request.requestId) ?? { is: 'waiting' as const };
          return (
            <li key={request.requestId} className={result.is}>
              <Icon of={icons[result.is]} size="sm" />
              <span>
                <span className="medium">{titleWords(request)}</span>{' '}
                {isAlone(titleWords(request), titles) ? null : (
                  <span className="mono t3">{shortId(request.requestId)}</span>
                )}
              </span>
              <span className="t2">{result.is === 'waiting' ? 'waiting' : result.words}</span>
            </li>
          );
        })}
      </ul>
    </Dialog>
  );
}

/** What tells alike requests apart may be masked: then their ids do. */
function isAlone(title: string, titles: readonly string[]): boolean {
  return titles.indexOf(title) === titles.lastIndexOf(title);
}
