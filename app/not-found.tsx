import Link from 'next/link';
import type { ReactNode } from 'react';
import CircleHelp from 'lucide-react/icons/circle-question-mark';
import { EmptyState } from '@/components/ui/EmptyState';

/** The same words for "is not there" and "is not yours" (I11). */
export default function NotFound(): ReactNode {
  return (
    <main className="screen" id="main">
      <EmptyState
        icon={CircleHelp}
        title="Nothing here, or not yours to see"
        actions={
          <Link className="btn" href="/queue">
            Go to the queue
          </Link>
        }
      >
        The address may be old, or mistyped.
      </EmptyState>
    </main>
  );
}
