'use client';

import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '@/components/ui/Button';
import { CopyButton } from '@/components/ui/CopyButton';
import { Dialog } from '@/components/ui/Dialog';
import { Note } from '@/components/ui/Note';

export interface OnceDialogProps {
  readonly title: string;
  readonly icon: LucideIcon;
  /** What it is, how long it is good, and that it is shown once. */
  readonly words: ReactNode;
  readonly secret: string;
  /** What the copy button says, such as "Copy link". */
  readonly copy: string;
  /** What the closing button says. */
  readonly done: string;
  readonly size?: 'md' | 'lg';
  /** How to use it. */
  readonly children?: ReactNode;
  readonly onClose: () => void;
}

/** Shows a secret this one time. */
export function OnceDialog(props: OnceDialogProps): ReactNode {
  const { title, icon, words, secret, copy, done, size = 'md', children, onClose } = props;
  const footer = (
    <>
      <span className="grow" />
      <Button size="lg" look="primary" onClick={onClose}>
        {done}
      </Button>
    </>
  );
  return (
    <Dialog title={title} onClose={onClose} footer={footer} size={size}>
      <Note icon={icon} tone="person">
        {words}
      </Note>
      <div className="secret">
        <code className="mono">{secret}</code>
        <CopyButton look="words" label={copy} text={() => secret} place="first" />
      </div>
      {children}
    </Dialog>
  );
}
