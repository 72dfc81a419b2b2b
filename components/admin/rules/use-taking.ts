'use client';

import { type RefObject, useEffect, useState } from 'react';
import { useLatest } from '@/components/ui/use-latest';

/** `fresh`: nobody asked for it yet; `waiting`: asked for, and taken or refused once the check is back. */
export type Taking = 'fresh' | 'waiting' | 'tried';

/** What is known of a rule. One that could not be checked is `right`: the server looks again before it is saved. */
export type Standing = 'right' | 'wrong' | 'checking';

interface Asked {
  readonly is: 'no' | 'now' | 'once';
}

export interface TakingOf {
  readonly standing: Standing;
  readonly form: RefObject<HTMLFormElement | null>;
  readonly take: () => void;
}

/** A rule that is being checked is not taken before the answer is there. */
export function useTaking({ standing, form, take }: TakingOf): {
  readonly taking: Taking;
  readonly ask: () => void;
  /** Typed on: what was asked for was another rule. */
  readonly unask: () => void;
} {
  const [asked, setAsked] = useState<Asked>({ is: 'no' });
  const latest = useLatest(take);
  useEffect(() => {
    if (asked.is !== 'now' || standing === 'checking') return;
    if (standing === 'right') latest.current?.();
    else requestAnimationFrame(() => focusProblem(form));
  }, [asked, standing, form, latest]);
  return {
    taking: asked.is === 'no' ? 'fresh' : asked.is === 'now' && standing === 'checking' ? 'waiting' : 'tried',
    // A new object each time: asked again, what is wrong has the focus again.
    ask: () => setAsked({ is: 'now' }),
    unask: () => setAsked((was) => (was.is === 'now' ? { is: 'once' } : was)),
  };
}

function focusProblem(form: RefObject<HTMLFormElement | null>): void {
  form.current?.querySelector<HTMLElement>('[data-problem] :is(input, textarea, select)')?.focus();
}
