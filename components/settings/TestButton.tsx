'use client';

import { type ReactNode, useState } from 'react';
import Send from 'lucide-react/icons/send';
import { useAction } from '@/components/admin/use-action';
import { Button } from '@/components/ui/Button';
import type { Result } from '@/lib/domain/refusal';

export interface TestButtonProps {
  readonly label: string;
  /** Read aloud where several stand on a page. */
  readonly name?: string;
  readonly size?: 'sm' | 'md';
  /** Why it cannot be tried; null when it can. */
  readonly offWhy: string | null;
  readonly onTest: () => Promise<Result<{ readonly words: string }>>;
}

/** Sends a test and shows what became of it, in the words that came back. */
export function TestButton({ label, name, size = 'md', offWhy, onTest }: TestButtonProps): ReactNode {
  const [words, setWords] = useState('');
  const { state, run } = useAction<{ readonly words: string }>((reply) => setWords(reply.words));
  const said = state.is === 'busy' ? 'Sending…' : state.is === 'refused' ? state.message : words;
  return (
    <span className="st-test">
      <Button
        size={size}
        icon={Send}
        aria-label={name}
        disabled={offWhy !== null || state.is === 'busy'}
        title={offWhy ?? undefined}
        onClick={() => {
          setWords('');
          run(onTest);
        }}
      >
        {label}
      </Button>
      <span className={state.is === 'refused' ? 'err' : 'meta'} role="status">
        {said}
      </span>
    </span>
  );
}
