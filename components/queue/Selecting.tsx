'use client';

import { type ReactNode, useEffect, useRef } from 'react';
import { Button } from '@/components/ui/Button';

/** While a touch on a row selects it; with some selected the bar that answers them says the rest. */
export function Selecting({ picked, onDone }: { readonly picked: number; readonly onDone: () => void }): ReactNode {
  const before = useRef(picked);
  useEffect(() => {
    if (before.current > 0 && picked === 0) onDone();
    before.current = picked;
  }, [picked, onDone]);
  if (picked > 0) return null;
  return (
    <div className="q-bulk" role="region" aria-label="Selected requests">
      <span className="grow">Touch requests to select them</span>
      <Button size="sm" look="ghost" onClick={onDone}>
        Done
      </Button>
    </div>
  );
}
