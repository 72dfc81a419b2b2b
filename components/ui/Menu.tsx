'use client';

import type { LucideIcon } from 'lucide-react';
import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { lazily } from './lazily';

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

/** Where an open menu is, for what is drawn in it. */
export interface MenuPlace {
  readonly button: HTMLElement;
  readonly popover: HTMLElement;
  readonly align: 'start' | 'end';
}

interface MenuFrame {
  readonly label: string;
  readonly children: ReactNode;
  /** Classes of the button that opens it. */
  readonly look?: string;
  readonly align?: 'start' | 'end';
}

export type MenuProps = MenuFrame &
  (
    | { readonly entries: readonly MenuEntry[] }
    /** Draws a `MenuList` with entries of its own, loaded with them. */
    | { readonly list: (at: MenuPlace) => ReactNode }
  );

/** Soon after the page: a menu has to open without a line too. */
const aheadMs = 2_000;
const loadList = () => import('./MenuList').then((file) => file.MenuList);
const MenuList = lazily(loadList);

/** A button and its menu, in the top layer so that no pane cuts it off. What is in it comes when it is first opened. */
export function Menu(props: MenuProps): ReactNode {
  const { label, children, look = 'btn ghost icon sm', align = 'start' } = props;
  const [at, setAt] = useState<MenuPlace | null>(null);
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const id = useId();
  useEffect(() => {
    // Who opens it without a line is told then.
    const timer = setTimeout(() => void loadList().catch(() => undefined), aheadMs);
    return () => clearTimeout(timer);
  }, []);
  const toggled = (state: string): void => {
    const { current: opener } = button;
    const { current: popover } = list;
    setAt(state === 'open' && opener !== null && popover !== null ? { button: opener, popover, align } : null);
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
        aria-expanded={at !== null}
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
        onToggle={(event) => toggled(event.newState)}
      >
        {at === null ? null : 'list' in props ? props.list(at) : <MenuList at={at} entries={props.entries} />}
      </div>
    </>
  );
}
