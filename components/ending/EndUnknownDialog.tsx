import type { ReactNode } from 'react';
import { Button } from '@/components/ui/Button';
import { Dialog } from '@/components/ui/Dialog';

export interface EndUnknownDialogProps {
  readonly title: string;
  /** Why it could not be worked out; null while it is. */
  readonly refusal: string | null;
  readonly onAgain: () => void;
  readonly onClose: () => void;
}

/** While it is not known what ending would do: nothing can be ended here yet. */
export function EndUnknownDialog({ title, refusal, onAgain, onClose }: EndUnknownDialogProps): ReactNode {
  const footer = (
    <>
      <span className="grow" />
      <Button size="lg" hint="Esc" onClick={onClose} data-first>
        Keep running
      </Button>
      {refusal === null ? null : (
        <Button size="lg" onClick={onAgain}>
          Try again
        </Button>
      )}
    </>
  );
  return (
    <Dialog title={title} onClose={onClose} footer={footer}>
      {refusal === null ? (
        <p className="t2" role="status">
          Working out what ending would do.
        </p>
      ) : (
        <p className="err" role="alert">
          {refusal}
        </p>
      )}
    </Dialog>
  );
}
