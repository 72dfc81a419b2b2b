import type { LucideIcon } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useRef } from 'react';
import { Icon } from '@/components/ui/Icon';

export interface TabOption<K extends string> {
  readonly key: K;
  readonly label: string;
  readonly icon?: LucideIcon;
  readonly count?: number;
}

export interface TabsProps<K extends string> {
  readonly label: string;
  readonly tabs: readonly TabOption<K>[];
  readonly open: K;
  readonly onOpen: (key: K) => void;
}

export function Tabs<K extends string>({ label, tabs, open, onOpen }: TabsProps<K>): ReactNode {
  const list = useRef<HTMLDivElement>(null);
  // Of a page that none of them is, the first is the way in by keys.
  const reached = tabs.some(({ key }) => key === open) ? open : tabs[0]?.key;
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    const next = tabs[(tabs.findIndex((tab) => tab.key === open) + step + tabs.length) % tabs.length];
    if (step === 0 || next === undefined) return;
    event.preventDefault();
    onOpen(next.key);
    list.current?.querySelector<HTMLButtonElement>(`[data-tab="${next.key}"]`)?.focus();
  };
  return (
    <div className="tabs" role="tablist" aria-label={label} ref={list}>
      {tabs.map((tab) => (
        <button
          key={tab.key}
          type="button"
          role="tab"
          data-tab={tab.key}
          aria-selected={tab.key === open}
          tabIndex={tab.key === reached ? 0 : -1}
          onClick={() => onOpen(tab.key)}
          onKeyDown={onKeyDown}
        >
          {tab.icon === undefined ? null : <Icon of={tab.icon} size="sm" />}
          {tab.label}
          {tab.count === undefined || tab.count === 0 ? null : (
            <span className="count">{tab.count.toLocaleString('en-US')}</span>
          )}
        </button>
      ))}
    </div>
  );
}
