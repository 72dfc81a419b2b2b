'use client';

import { type ReactNode, useEffect, useRef } from 'react';
import { Tabs, type TabsProps } from '@/components/session/Tabs';

/** Tabs in a row that scrolls where it is too narrow; the open one is always in sight. */
export function TabRow<K extends string>(props: TabsProps<K>): ReactNode {
  const row = useRef<HTMLDivElement>(null);
  const { open } = props;
  useEffect(() => {
    const list = row.current;
    if (list === null) return;
    // Told at once, and again when a window is turned or made narrow.
    const observer = new ResizeObserver(() => {
      list.querySelector(`[data-tab="${open}"]`)?.scrollIntoView({ block: 'nearest', inline: 'center' });
    });
    observer.observe(list);
    return () => observer.disconnect();
  }, [open]);
  return (
    <div className="ad-tabs" ref={row}>
      <Tabs {...props} />
    </div>
  );
}
