'use client';

import type { LucideIcon } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import Check from 'lucide-react/icons/check';
import { Icon } from './Icon';
import { nextFocus } from './menu-focus';

export type MenuEntry =
  | {
      readonly kind: 'action';
      readonly label: string;
      readonly detail?: string;
      readonly icon?: LucideIcon;
      readonly tone?: 'plain' | 'danger';
      /** Present for an entry that is one of a set; true for the chosen one. */
      readonly checked?: boolean;
      readonly onPick: () => void;
    }
  | { readonly kind: 'label'; readonly label: string }
  | { readonly kind: 'line' };

export interface MenuProps {
  readonly label: string;
  readonly entries: readonly MenuEntry[];
  readonly children: ReactNode;
  /** Classes of the button that opens it. */
  readonly look?: string;
  readonly align?: 'start' | 'end';
}

const gap = 4;
const edge = 8;

/** A button and its menu, in the top layer so that no pane cuts it off. */
export function Menu({ label, entries, children, look = 'btn ghost icon sm', align = 'start' }: MenuProps): ReactNode {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const id = useId();
  useEffect(() => {
    const popover = list.current;
    if (!open || popover === null || button.current === null) return;
    place(popover, button.current, align);
    (itemsOf(popover).find((item) => item.getAttribute('aria-checked') === 'true') ?? itemsOf(popover)[0])?.focus();
  }, [open, align]);
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    if (event.key === 'Tab') return list.current?.hidePopover();
    const items = itemsOf(event.currentTarget);
    const target = nextFocus(
      event.key,
      items.findIndex((item) => item === document.activeElement),
      items.length,
    );
    if (target === null) return;
    event.preventDefault();
    items[target]?.focus();
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        className={look}
        aria-label={label}
        title={label}
        aria-haspopup="menu"
        aria-expanded={open}
        popoverTarget={id}
      >
        {children}
      </button>
      <div
        ref={list}
        id={id}
        role="menu"
        tabIndex={-1}
        aria-label={label}
        popover="auto"
        className="menu float"
        onToggle={(event) => setOpen(event.newState === 'open')}
        onKeyDown={onKeyDown}
      >
        {entries.map((entry, index) => (
          <MenuRow key={index} entry={entry} onDone={() => list.current?.hidePopover()} />
        ))}
      </div>
    </>
  );
}

function MenuRow({ entry, onDone }: { readonly entry: MenuEntry; readonly onDone: () => void }): ReactNode {
  if (entry.kind === 'line') return <hr className="menu-line" />;
  if (entry.kind === 'label') return <div className="menu-label">{entry.label}</div>;
  const one = entry.checked !== undefined;
  return (
    <button
      type="button"
      className={`menu-row ${entry.tone === 'danger' ? 'danger' : ''}`}
      role={one ? 'menuitemradio' : 'menuitem'}
      aria-checked={entry.checked}
      tabIndex={-1}
      onClick={() => {
        onDone();
        entry.onPick();
      }}
    >
      {entry.icon === undefined ? null : <Icon of={entry.icon} size="sm" />}
      <span className="grow">
        {entry.label}
        {entry.detail === undefined ? null : <small>{entry.detail}</small>}
      </span>
      {entry.checked === true ? <Icon of={Check} size="sm" /> : null}
    </button>
  );
}

function itemsOf(menu: HTMLElement): readonly HTMLElement[] {
  return [...menu.querySelectorAll<HTMLElement>('[role^="menuitem"]')];
}

/** Under the button, or over it when there is no room; always inside the window. */
function place(menu: HTMLElement, button: HTMLElement, align: 'start' | 'end'): void {
  const at = button.getBoundingClientRect();
  const size = menu.getBoundingClientRect();
  const left = align === 'start' ? at.left : at.right - size.width;
  const below = at.bottom + gap;
  const top = below + size.height > window.innerHeight - edge ? at.top - size.height - gap : below;
  menu.style.left = `${Math.max(edge, Math.min(left, window.innerWidth - size.width - edge))}px`;
  menu.style.top = `${Math.max(edge, top)}px`;
}
