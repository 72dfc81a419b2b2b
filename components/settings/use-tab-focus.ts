'use client';

import { useEffect, useRef } from 'react';
import type { SettingsTab } from './settings-props';

/** Each tab comes with a row of tabs of its own: whoever opened it from the one before has the focus on it again. */
export function useTabFocus(tab: SettingsTab, onTab: (tab: SettingsTab) => void): (tab: SettingsTab) => void {
  const from = useRef<'row' | 'elsewhere'>('elsewhere');
  useEffect(() => {
    if (from.current === 'elsewhere') return;
    from.current = 'elsewhere';
    document.querySelector<HTMLElement>('[role="tablist"] [aria-selected="true"]')?.focus();
  }, [tab]);
  return (next) => {
    from.current = document.activeElement?.closest('[role="tablist"]') == null ? 'elsewhere' : 'row';
    onTab(next);
  };
}
