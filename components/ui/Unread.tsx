import type { ReactNode } from 'react';
import Lock from 'lucide-react/icons/lock';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import { Button } from './Button';
import { EmptyState } from './EmptyState';

/** In place of what could not be read. */
export function CouldNotRead({
  title,
  message,
  onRetry,
  also,
}: {
  readonly title: string;
  /** The server's words. */
  readonly message: string;
  readonly onRetry: () => void;
  /** Another way on. */
  readonly also?: ReactNode;
}): ReactNode {
  const actions = (
    <>
      <Button onClick={onRetry}>Try again</Button>
      {also}
    </>
  );
  return (
    <EmptyState icon={TriangleAlert} title={title} actions={actions}>
      {message}
    </EmptyState>
  );
}

/** In place of what one may not read. */
export function MayNotRead({ title, message }: { readonly title: string; readonly message: string }): ReactNode {
  return (
    <EmptyState icon={Lock} title={title}>
      {message}
    </EmptyState>
  );
}
