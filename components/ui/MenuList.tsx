'use client';

import { type ReactNode, useEffect } from 'react';
import Check from 'lucide-react/icons/check';
import { Icon } from './Icon';
import type { MenuEntry, MenuPlace } from './Menu';
import { nextFocus } from './menu-focus';

const gap = 4;
const edge = 8;

export interface MenuListProps {
  readonly at: MenuPlace;
  readonly entries: readonly MenuEntry[];
}

/** What is in an open menu: put in its place, and walked by arrow keys. */
export function MenuList({ at, entries }: MenuListProps): ReactNode {
  const { popover } = at;
  useEffect(() => {
    place(at);
    const items = itemsOf(popover);
    (items.find((item) => item.getAttribute('aria-checked') === 'true') ?? items[0])?.focus();
    popover.addEventListener('keydown', onKeyDown);
    return () => popover.removeEventListener('keydown', onKeyDown);
  }, [at, popover]);
  return entries.map((entry, index) => <MenuRow key={index} entry={entry} onDone={() => popover.hidePopover()} />);
}

function onKeyDown(event: KeyboardEvent): void {
  const popover = event.currentTarget;
  if (!(popover instanceof HTMLElement)) return;
  if (event.key === 'Tab') return popover.hidePopover();
  const items = itemsOf(popover);
  const target = nextFocus(
    event.key,
    items.findIndex((item) => item === document.activeElement),
    items.length,
  );
  if (target === null) return;
  event.preventDefault();
  items[target]?.focus();
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
function place({ popover, button, align }: MenuPlace): void {
  const from = button.getBoundingClientRect();
  const size = popover.getBoundingClientRect();
  const left = align === 'start' ? from.left : from.right - size.width;
  const below = from.bottom + gap;
  const top = below + size.height > window.innerHeight - edge ? from.top - size.height - gap : below;
  popover.style.left = `${Math.max(edge, Math.min(left, window.innerWidth - size.width - edge))}px`;
  popover.style.top = `${Math.max(edge, top)}px`;
}
