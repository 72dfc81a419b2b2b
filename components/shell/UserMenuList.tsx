'use client';

import { useRouter } from 'next/navigation';
import type { ReactNode } from 'react';
import Keyboard from 'lucide-react/icons/keyboard';
import LogOut from 'lucide-react/icons/log-out';
import Monitor from 'lucide-react/icons/monitor';
import Moon from 'lucide-react/icons/moon';
import Settings from 'lucide-react/icons/settings';
import Sun from 'lucide-react/icons/sun';
import type { MenuEntry, MenuPlace } from '@/components/ui/Menu';
import { MenuList } from '@/components/ui/MenuList';
import { settingsHref } from './places';
import { type ThemeChoice, themeChoices, useTheme } from './theme';
import type { UserMenuProps } from './UserMenu';

export const themeNames: { readonly [T in ThemeChoice]: string } = {
  system: 'As the system',
  light: 'Light',
  dark: 'Dark',
};
const themeIcons = { system: Monitor, light: Sun, dark: Moon } as const;

export interface UserMenuListProps extends Omit<UserMenuProps, 'look'> {
  readonly at: MenuPlace;
}

/** What is in a person's menu. */
export function UserMenuList({ at, person, onSignOut, onKeys, before = [] }: UserMenuListProps): ReactNode {
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
  return <MenuList at={at} entries={entries} />;
}
