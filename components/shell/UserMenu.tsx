'use client';

import { type ReactNode, useEffect } from 'react';
import Ellipsis from 'lucide-react/icons/ellipsis';
import { Avatar } from '@/components/ui/Avatar';
import { Icon } from '@/components/ui/Icon';
import { Menu, type MenuEntry, type MenuPlace } from '@/components/ui/Menu';
import { lazily } from '@/components/ui/lazily';
import type { Person } from '@/lib/domain/permission';
import { useTheme } from './theme';

const aheadMs = 2_000;
const loadList = () => import('./UserMenuList').then((file) => file.UserMenuList);
const UserMenuList = lazily(loadList);

export interface UserMenuProps {
  readonly person: Person;
  readonly onSignOut: () => void;
  readonly onKeys: () => void;
  /** Beside the name in the navigation, or behind "More" on a phone. */
  readonly look: 'nav' | 'tab';
  /** Entries above the person's own. */
  readonly before?: readonly MenuEntry[];
}

export function UserMenu({ person, onSignOut, onKeys, look, before }: UserMenuProps): ReactNode {
  useEffect(() => {
    const timer = setTimeout(() => void loadList().catch(() => undefined), aheadMs);
    return () => clearTimeout(timer);
  }, []);
  // Applied as it changes, also by the system.
  useTheme();
  const list = (at: MenuPlace): ReactNode => (
    <UserMenuList at={at} person={person} onSignOut={onSignOut} onKeys={onKeys} before={before ?? []} />
  );
  if (look === 'tab') {
    return (
      <Menu label="More" list={list} look="tab" align="end">
        <Icon of={Ellipsis} />
        More
      </Menu>
    );
  }
  return (
    <Menu label={`${person.name}, your menu`} list={list} look="nav-me">
      <Avatar name={person.name} named="beside" />
      <span className="cut grow">{person.name}</span>
      <Icon of={Ellipsis} size="sm" />
    </Menu>
  );
}
