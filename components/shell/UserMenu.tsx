'use client';

import { useRouter } from 'next/navigation';
import type { ReactNode } from 'react';
import Ellipsis from 'lucide-react/icons/ellipsis';
import Keyboard from 'lucide-react/icons/keyboard';
import Settings from 'lucide-react/icons/settings';
import LogOut from 'lucide-react/icons/log-out';
import Monitor from 'lucide-react/icons/monitor';
import Moon from 'lucide-react/icons/moon';
import Sun from 'lucide-react/icons/sun';
import { Avatar } from '@/components/ui/Avatar';
import { Icon } from '@/components/ui/Icon';
import { Menu, type MenuEntry } from '@/components/ui/Menu';
import type { Person } from '@/lib/domain/permission';
import { settingsHref } from './places';
import { type ThemeChoice, themeChoices, useTheme } from './theme';

export const themeNames: { readonly [T in ThemeChoice]: string } = {
  system: 'As the system',
  light: 'Light',
  dark: 'Dark',
};
const themeIcons = { system: Monitor, light: Sun, dark: Moon } as const;

export interface UserMenuProps {
  readonly person: Person;
  readonly onSignOut: () => void;
  readonly onKeys: () => void;
  /** Beside the name in the navigation, or behind "More" on a phone. */
  readonly look: 'nav' | 'tab';
  /** Entries above the person's own. */
  readonly before?: readonly MenuEntry[];
}

export function UserMenu({ person, onSignOut, onKeys, look, before = [] }: UserMenuProps): ReactNode {
  const router = useRouter();
  const [theme, setTheme] = useTheme();
  const entries: readonly MenuEntry[] = [
    ...before,
    { kind: 'label', label: `${person.email}, ${person.role}` },
    { kind: 'action', label: 'Settings', icon: Settings, onPick: () => router.push(settingsHref) },
    { kind: 'action', label: 'Keys', icon: Keyboard, onPick: onKeys },
    { kind: 'line' },
    { kind: 'label', label: 'Theme' },
    ...themeChoices.map(
      (choice): MenuEntry => ({
        kind: 'action',
        label: themeNames[choice],
        icon: themeIcons[choice],
        checked: choice === theme,
        onPick: () => setTheme(choice),
      }),
    ),
    { kind: 'line' },
    { kind: 'action', label: 'Sign out', icon: LogOut, onPick: onSignOut },
  ];
  if (look === 'tab') {
    return (
      <Menu label="More" entries={entries} look="tab" align="end">
        <Icon of={Ellipsis} />
        More
      </Menu>
    );
  }
  return (
    <Menu label={`${person.name}, your menu`} entries={entries} look="nav-me">
      <Avatar name={person.name} named="beside" />
      <span className="cut grow">{person.name}</span>
      <Icon of={Ellipsis} size="sm" />
    </Menu>
  );
}
