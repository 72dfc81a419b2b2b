'use client';

import type { ReactNode } from 'react';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import { Button } from '@/components/ui/Button';
import { Dialog } from '@/components/ui/Dialog';
import { Note } from '@/components/ui/Note';
import type { Result } from '@/lib/domain/refusal';
import { useAction } from './use-action';

export interface ConfirmDialogProps {
  readonly title: string;
  /** What will happen. */
  readonly children: ReactNode;
  /** Named after what it does. */
  readonly verb: string;
  /** Named after what stays. */
  readonly keep: string;
  readonly act: () => Promise<Result<unknown>>;
  readonly onClose: () => void;
}

/** Asks once more before something that cannot be undone, and shows a refusal in place. */
export function ConfirmDialog({ title, children, verb, keep, act, onClose }: ConfirmDialogProps): ReactNode {
  const { state, run } = useAction<unknown>(onClose);
  const footer = (
    <>
      <span className="grow" />
      <Button size="lg" hint="Esc" onClick={onClose}>
        {keep}
      </Button>
      <Button size="lg" look="danger-solid" disabled={state.is === 'busy'} onClick={() => run(act)}>
        {verb}
      </Button>
    </>
  );
  return (
    <Dialog title={title} onClose={onClose} footer={footer}>
      <div className="t2">{children}</div>
      {state.is === 'refused' ? (
        <Note icon={TriangleAlert} tone="danger" live="alert">
          {state.message}
        </Note>
      ) : null}
    </Dialog>
  );
}
