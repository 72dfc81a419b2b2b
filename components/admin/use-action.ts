import { useCallback, useEffect, useRef, useState } from 'react';
import type { Result } from '@/lib/domain/refusal';

export type ActionState =
  | { readonly is: 'idle' }
  | { readonly is: 'busy' }
  | { readonly is: 'refused'; readonly message: string };

/** Runs one thing at a time and keeps the server's refusal where it belongs. `onDone` is told only of success. */
export function useAction<T>(onDone: (value: T) => void): {
  readonly state: ActionState;
  readonly run: (action: () => Promise<Result<T>>) => void;
} {
  const [state, setState] = useState<ActionState>({ is: 'idle' });
  const done = useRef(onDone);
  const mounted = useRef(true);
  useEffect(() => {
    done.current = onDone;
  });
  useEffect(() => {
    mounted.current = true;
    return () => {
      mounted.current = false;
    };
  }, []);
  const run = useCallback((action: () => Promise<Result<T>>): void => {
    setState({ is: 'busy' });
    action().then(
      (result) => {
        if (!mounted.current) return;
        setState(result.ok ? { is: 'idle' } : { is: 'refused', message: result.message });
        if (result.ok) done.current(result.value);
      },
      () => {
        if (mounted.current)
          setState({
            is: 'refused',
            message: 'There was no answer. It may or may not have happened; look again before repeating it.',
          });
      },
    );
  }, []);
  return { state, run };
}
