'use client';

import { type ReactNode, useEffect, useRef } from 'react';
import { Tabs, type TabsProps } from '@/components/session/Tabs';

/** Tabs in a row that scrolls where it is too narrow; the open one is always in sight. */
export function TabRow<K extends string>(props: TabsProps<K>): ReactNode {
  const row = useRef<HTMLDivElement>(null);
  const { open } = props;
  useEffect(() => {
    row.current?.querySelector(`[data-tab="${open}"]`)?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [open]);
  return (
    <div className="ad-tabs" ref={row}>
      <Tabs {...props} />
    </div>
  );
}
