import Link from 'next/link';
import type { ReactNode } from 'react';
import Users from 'lucide-react/icons/users';
import { EmptyState } from '@/components/ui/EmptyState';

/** One that was shown and is not theirs to see any more. */
export function RequestGone({ backHref }: { readonly backHref: string }): ReactNode {
  return (
    <EmptyState
      icon={Users}
      title="This request went to others"
      actions={
        <Link className="btn" href={backHref}>
          Back to the queue
        </Link>
      }
    >
      It was handed over, or your teams changed. You do not have to answer it.
    </EmptyState>
  );
}
