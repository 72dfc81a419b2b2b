'use client';

import type { LucideIcon } from 'lucide-react';
import {
  type ReactNode,
  type Ref,
  type RefObject,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import Check from 'lucide-react/icons/check';
import Clock from 'lucide-react/icons/clock';
import Pause from 'lucide-react/icons/pause';
import Pencil from 'lucide-react/icons/pencil';
import Zap from 'lucide-react/icons/zap';
import { useRoom } from '@/components/timeline/use-room';
import { Icon } from '@/components/ui/Icon';
import type { RequestId } from '@/lib/domain/ids';
import { type Arrangement, groupNames, type QueueGroupKey } from '@/lib/domain/queue';
import {
  type GroupLayout,
  isNearMore,
  layOut,
  type ListLayout,
  phoneSizes,
  rowAtPx,
  rowsWithin,
  type Span,
  topOfRow,
  wideSizes,
} from './list-layout';

export type Reveal = (id: RequestId) => void;

export interface QueueRowsProps {
  readonly shown: Arrangement;
  /** Rows that keep their place and wait no more: no group counts them. */
  readonly gone: ReadonlySet<RequestId>;
  readonly scroller: RefObject<HTMLDivElement | null>;
  /** Filled with what brings a row into sight. */
  readonly reveal: Ref<Reveal>;
  /** Whether more rows are to come. */
  readonly extent: 'whole' | 'part';
  readonly onMore: () => void;
  readonly draw: (id: RequestId) => ReactNode;
}

const overscanPx = 400;
const stepPx = 100;
const firstPx = 1_000;

/** The rows near enough to be seen, of however many. */
export function QueueRows({ shown, gone, scroller, reveal, extent, onMore, draw }: QueueRowsProps): ReactNode {
  const sizes = useRoom() === 'phone' ? phoneSizes : wideSizes;
  const layout = useMemo(() => layOut(shown, sizes), [shown, sizes]);
  const span = useSpan(scroller);
  useSteadyEye(layout, scroller);
  useReveal(layout, scroller, reveal);
  const nearMore = extent === 'part' && isNearMore(layout, span);
  useEffect(() => {
    if (nearMore) onMore();
  }, [nearMore, layout.count, onMore]);
  return (
    <div className="q-rows" style={{ height: layout.height }}>
      {layout.groups.map((group) =>
        group.top > span.to + overscanPx || group.top + group.height < span.from - overscanPx ? null : (
          <Group key={group.group} {...{ group, layout, span, gone, extent, draw }} />
        ),
      )}
    </div>
  );
}

const groupIcons: { readonly [G in QueueGroupKey]: LucideIcon } = {
  begun: Pencil,
  ending: Zap,
  live: Clock,
  parked: Pause,
  newest: Clock,
  over: Check,
};

interface GroupProps extends Pick<QueueRowsProps, 'gone' | 'extent' | 'draw'> {
  readonly group: GroupLayout;
  readonly layout: ListLayout;
  readonly span: Span;
}

function Group({ group, layout, span, gone, extent, draw }: GroupProps): ReactNode {
  const { from, to } = rowsWithin(group, layout.sizes, {
    from: span.from - overscanPx,
    to: span.to + overscanPx,
  });
  const waiting = gone.size === 0 ? group.ids.length : group.ids.filter((id) => !gone.has(id)).length;
  const isOpenEnded = extent === 'part' && (group.group === 'live' || group.group === 'parked');
  return (
    <section
      className="q-section"
      aria-label={groupNames[group.group]}
      style={{ top: group.top, height: group.height }}
    >
      {group.head === 0 ? null : (
        <h2 className="q-group">
          <Icon of={groupIcons[group.group]} size="xs" />
          {groupNames[group.group]}{' '}
          {waiting === 0 ? null : (
            <span className="count">
              {waiting}
              {isOpenEnded ? '+' : ''}
            </span>
          )}
        </h2>
      )}
      <ul className="q-items">
        {group.ids.slice(from, to).map((id, index) => (
          <li
            key={id}
            className="q-item"
            style={{ top: group.head + (from + index) * layout.sizes.row }}
            aria-setsize={extent === 'part' ? -1 : layout.count}
            aria-posinset={group.before + from + index + 1}
          >
            {draw(id)}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What of the list is in sight, in steps, so that a small scroll draws nothing anew. */
function useSpan(scroller: RefObject<HTMLDivElement | null>): Span {
  const [span, setSpan] = useState<Span>({ from: 0, to: firstPx });
  useEffect(() => {
    const list = scroller.current;
    if (list === null) return;
    const look = (): void => {
      const from = Math.floor(list.scrollTop / stepPx) * stepPx;
      const to = Math.ceil((list.scrollTop + list.clientHeight) / stepPx) * stepPx;
      setSpan((old) => (old.from === from && old.to === to ? old : { from, to }));
    };
    const observer = new ResizeObserver(look);
    observer.observe(list);
    list.addEventListener('scroll', look, { passive: true });
    return () => {
      observer.disconnect();
      list.removeEventListener('scroll', look);
    };
  }, [scroller]);
  return span;
}

/** Rows that join or leave above what is read do not move it. */
function useSteadyEye(layout: ListLayout, scroller: RefObject<HTMLDivElement | null>): void {
  const before = useRef(layout);
  useLayoutEffect(() => {
    const list = scroller.current;
    const last = before.current;
    before.current = layout;
    if (list === null || last === layout || last.sizes !== layout.sizes || list.scrollTop <= layout.sizes.head) return;
    const eye = rowAtPx(last, list.scrollTop);
    if (eye === null) return;
    const was = topOfRow(last, eye);
    const is = topOfRow(layout, eye);
    if (was !== null && is !== null && is !== was) list.scrollBy({ top: is - was });
  }, [layout, scroller]);
}

function useReveal(layout: ListLayout, scroller: RefObject<HTMLDivElement | null>, reveal: Ref<Reveal>): void {
  useImperativeHandle(
    reveal,
    () => (id: RequestId) => {
      const list = scroller.current;
      const top = topOfRow(layout, id);
      if (list === null || top === null) return;
      const { row, head } = layout.sizes;
      // A group's head stays at the top and covers what is under it.
      if (top - head < list.scrollTop) list.scrollTo({ top: Math.max(0, top - head) });
      else if (top + row > list.scrollTop + list.clientHeight) list.scrollTo({ top: top + row - list.clientHeight });
    },
    [layout, scroller],
  );
}
