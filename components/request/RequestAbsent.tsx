import Link from 'next/link';
import type { ReactNode } from 'react';
import Lock from 'lucide-react/icons/lock';
import RefreshCw from 'lucide-react/icons/refresh-cw';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import { Button } from '@/components/ui/Button';
import { EmptyState } from '@/components/ui/EmptyState';

/** The same words for "is not there" and "is not yours" (I11). */
export function RequestNotFound({ backHref }: { readonly backHref: string }): ReactNode {
  return (
    <EmptyState
      icon={Lock}
      title="This request is not here"
      actions={
        <Link className="btn" href={backHref}>
          Back to the queue
        </Link>
      }
    >
      It may have been removed, or it is not yours to see.
    </EmptyState>
  );
}

export interface RequestFailedProps {
  readonly words: string;
  readonly backHref: string;
  readonly onRetry: () => void;
}

export function RequestFailed({ words, backHref, onRetry }: RequestFailedProps): ReactNode {
  return (
    <EmptyState
      icon={TriangleAlert}
      title="The request could not be read"
      actions={
        <>
          <Button icon={RefreshCw} onClick={onRetry}>
            Try again
          </Button>
          <Link className="btn" href={backHref}>
            Back to the queue
          </Link>
        </>
      }
    >
      {words}
    </EmptyState>
  );
}
