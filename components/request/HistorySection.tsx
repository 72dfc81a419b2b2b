'use client';

import dynamic from 'next/dynamic';
import { type ReactNode, useState } from 'react';
import ChevronDown from 'lucide-react/icons/chevron-down';
import { Icon } from '@/components/ui/Icon';
import type { HistoryListProps } from './HistoryList';

const HistoryList = dynamic(() => import('./HistoryList').then((file) => file.HistoryList), {
  ssr: false,
  loading: () => <p className="hint">Reading what happened…</p>,
});

/** Closed until someone wants to know. */
export function HistorySection(props: HistoryListProps): ReactNode {
  const [shown, setShown] = useState<'closed' | 'open'>('closed');
  return (
    <section className="a-history-box">
      <details onToggle={(event) => setShown(event.currentTarget.open ? 'open' : 'closed')}>
        <summary className="h">
          <Icon of={ChevronDown} size="xs" />
          History
        </summary>
        {shown === 'open' ? <HistoryList {...props} /> : null}
      </details>
    </section>
  );
}
