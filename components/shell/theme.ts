'use client';

import { useEffect, useSyncExternalStore } from 'react';
import { usePreference, writePreference } from '@/components/ui/preference';

export type ThemeChoice = 'system' | 'light' | 'dark';
export const themeChoices: readonly ThemeChoice[] = ['system', 'light', 'dark'];

const preference = 'theme';
const darkQuery = '(prefers-color-scheme: dark)';

function readChoice(stored: string | null): ThemeChoice {
  return stored === 'light' || stored === 'dark' ? stored : 'system';
}

function subscribeToSystem(listener: () => void): () => void {
  const query = window.matchMedia(darkQuery);
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
}

/** The person's choice, applied to the page as it changes. `ThemeScript` applies it before the first paint. */
export function useTheme(): readonly [ThemeChoice, (choice: ThemeChoice) => void] {
  const choice = readChoice(usePreference(preference));
  const systemDark = useSyncExternalStore(
    subscribeToSystem,
    () => window.matchMedia(darkQuery).matches,
    () => false,
  );
  useEffect(() => {
    const dark = choice === 'system' ? systemDark : choice === 'dark';
    document.documentElement.dataset.theme = dark ? 'dark' : 'light';
  }, [choice, systemDark]);
  return [choice, (next) => writePreference(preference, next)];
}
