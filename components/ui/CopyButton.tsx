'use client';

import type { LucideIcon } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import Check from 'lucide-react/icons/check';
import Copy from 'lucide-react/icons/copy';
import X from 'lucide-react/icons/x';
import { Button } from './Button';
import { IconButton } from './IconButton';

const shownMs = 2_000;

export interface CopyButtonProps {
  readonly text: () => string;
  readonly label: string;
  readonly look?: 'icon' | 'words';
  /** Where two stand beside each other: what is copied, drawn. */
  readonly icon?: LucideIcon;
  /** `first`: a dialog begins with it. */
  readonly place?: 'first';
  readonly onCopied?: () => void;
}

type Outcome = 'none' | 'copied' | 'failed';

export function CopyButton({
  text,
  label,
  look = 'icon',
  icon: still = Copy,
  place,
  onCopied,
}: CopyButtonProps): ReactNode {
  const [outcome, setOutcome] = useState<Outcome>('none');
  useEffect(() => {
    if (outcome === 'none') return;
    const timer = setTimeout(() => setOutcome('none'), shownMs);
    return () => clearTimeout(timer);
  }, [outcome]);
  const copy = (): void => {
    navigator.clipboard.writeText(text()).then(
      () => {
        setOutcome('copied');
        onCopied?.();
      },
      () => setOutcome('failed'),
    );
  };
  const words = { none: label, copied: 'Copied', failed: 'Could not copy' }[outcome];
  const icon = { none: still, copied: Check, failed: X }[outcome];
  return (
    <>
      {look === 'icon' ? (
        <IconButton of={icon} label={words} onClick={copy} />
      ) : (
        <Button icon={icon} data-first={place} onClick={copy}>
          {words}
        </Button>
      )}
      <span className="sr" role="status">
        {outcome === 'none' ? '' : words}
      </span>
    </>
  );
}
