import Link from 'next/link';
import type { ReactNode } from 'react';
import ChevronLeft from 'lucide-react/icons/chevron-left';
import ChevronRight from 'lucide-react/icons/chevron-right';
import { Button } from '@/components/ui/Button';
import { type EndItem, type EndItemsLook, endItemsMost, type EndItemsPage } from '@/lib/domain/end-operation';
import { countOf } from '@/lib/domain/timeline/end-step-words';
import { whenWords } from '@/lib/domain/timeline/time-words';
import { itemShows, itemStates, itemWords } from './ending-words';

export interface EndingItemsProps {
  readonly page: EndItemsPage;
  readonly look: EndItemsLook;
  readonly now: number;
  readonly onLook: (look: EndItemsLook) => void;
}

/** The sessions of an order, a page at a time, with what became of each. */
export function EndingItems({ page, look, now, onLook }: EndingItemsProps): ReactNode {
  const { items, operation } = page;
  const shows = itemShows(operation.counts);
  return (
    <>
      <div className="en-shows">
        <div className="seg" role="group" aria-label="What became of them">
          {shows.map(({ show, name, count }) => (
            <button
              key={show}
              type="button"
              aria-pressed={look.show === show}
              onClick={() => onLook({ show, from: 0 })}
            >
              {name}
              {show === 'unknown' ? null : <span className="count">{count.toLocaleString('en-US')}</span>}
            </button>
          ))}
        </div>
      </div>
      {items.length === 0 ? (
        <p className="t2 en-none">
          None of its sessions here any more.{' '}
          <button type="button" className="link" onClick={() => onLook({ show: 'all', from: 0 })}>
            Show all
          </button>
        </p>
      ) : (
        <table className="table en-items">
          <thead>
            <tr>
              <th scope="col">Session</th>
              <th scope="col">What became of it</th>
              <th scope="col">State</th>
              <th scope="col" className="r">
                At
              </th>
            </tr>
          </thead>
          <tbody>
            {items.map((item) => (
              <ItemRow key={item.sessionId} item={item} now={now} />
            ))}
          </tbody>
        </table>
      )}
      <Pager page={page} look={look} onLook={onLook} />
    </>
  );
}

function ItemRow({ item, now }: { readonly item: EndItem; readonly now: number }): ReactNode {
  return (
    <tr>
      <td className="en-what">
        <Link className="ag" href={`/sessions/${item.sessionId}`}>
          <span className="cut">{item.agent}</span>
        </Link>
        <span className="mono t3 id cut">{item.sessionId}</span>
      </td>
      <td className="t2 en-told">{itemWords(item)}</td>
      <td className="en-state">
        <span className={`tag ${toneOf(item)}`}>{itemStates[item.state]}</span>
      </td>
      <td className="r num t2 en-when">{item.state === 'waiting' ? '' : whenWords(item.at, now)}</td>
    </tr>
  );
}

function toneOf(item: EndItem): string {
  if (item.state === 'failed') return 'danger';
  if (item.state === 'left') return 'person';
  if (item.state === 'ended') return item.unknown > 0 ? 'person' : 'ok';
  return '';
}

function Pager({ page, look, onLook }: Omit<EndingItemsProps, 'now'>): ReactNode {
  const { items, total } = page;
  if (total <= endItemsMost && look.from === 0) return null;
  const last = look.from + items.length;
  return (
    <nav className="en-pager" aria-label="Pages">
      <Button
        size="sm"
        icon={ChevronLeft}
        disabled={look.from === 0}
        onClick={() => onLook({ ...look, from: Math.max(0, look.from - endItemsMost) })}
      >
        Earlier
      </Button>
      <span className="meta num" role="status">
        {items.length === 0 ? countOf(total, 'session') : `${look.from + 1} to ${last} of ${total}`}
      </span>
      <Button
        size="sm"
        icon={ChevronRight}
        disabled={last >= total}
        onClick={() => onLook({ ...look, from: look.from + endItemsMost })}
      >
        Later
      </Button>
    </nav>
  );
}
