import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { QueueContainer } from '@/components/live/containers/QueueContainer';

export const metadata: Metadata = { title: 'Queue' };

/** The list stays while requests come and go beside it: the pages under this only give addresses. */
export default function QueueLayout({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <>
      <QueueContainer />
      {children}
    </>
  );
}
