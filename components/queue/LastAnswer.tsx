import Link from 'next/link';
import type { ReactNode } from 'react';
import { doneWords, titleWords } from '@/components/request/words';
import { Receipt } from '@/components/ui/Receipt';
import { receiptStages, wasAnswered } from '@/components/ui/receipt-stages';
import { clockTime } from '@/components/ui/time-words';
import type { QueueItem } from '@/lib/domain/request-detail';

/** The receipt of this person's last answer, at the foot of the list: it stays until the next one. */
export function LastAnswer({ item, href }: { readonly item: QueueItem; readonly href: string }): ReactNode {
  const { request } = item;
  if (!wasAnswered(request)) return null;
  return (
    <footer className="q-receipts" aria-label="Your last answer">
      <div className="row q-last">
        <span className="label grow">Your last answer</span>
        <span className="meta num">{clockTime(request.answer.savedAt)}</span>
      </div>
      <Link className="q-last-title" href={href}>
        <span className="cut medium">{titleWords(request)}</span>
        <span className="t3">{doneWords(request, request.answer.action)}</span>
      </Link>
      <Receipt stages={receiptStages(request, item.call)} />
      {request.state === 'undelivered' ? <p className="q-lost">{request.why}</p> : null}
    </footer>
  );
}
