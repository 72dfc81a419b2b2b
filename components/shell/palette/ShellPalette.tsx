'use client';

import { useRouter } from 'next/navigation';
import { type ReactNode, useCallback, useMemo, useState } from 'react';
import Bookmark from 'lucide-react/icons/bookmark';
import History from 'lucide-react/icons/history';
import Keyboard from 'lucide-react/icons/keyboard';
import LogOut from 'lucide-react/icons/log-out';
import Moon from 'lucide-react/icons/moon';
import OctagonX from 'lucide-react/icons/octagon-x';
import Settings from 'lucide-react/icons/settings';
import { endingsHref } from '@/components/ending/ending-words';
import { lookHref, requestHref, viewHref } from '@/components/queue/queue-href';
import { tabHref, tabNames, tabsFor } from '@/components/settings/tabs';
import { boundKeys } from '@/components/ui/use-keys';
import { may, type Role } from '@/lib/domain/permission';
import { viewNames } from '@/lib/domain/queue';
import { openLook, queueViews } from '@/lib/domain/queue-query';
import { choicesPlace, lookAt, overviewPlace, placesFor, queuePlace, sessionsPlace } from '../places';
import type { ShellProps } from '../shell-props';
import { type ThemeChoice, themeChoices, useTheme } from '../theme';
import { themeNames } from '../UserMenuList';
import { Palette } from './Palette';
import type { PaletteEntry, PaletteGroup } from './palette-entries';

export interface ShellPaletteProps extends ShellProps {
  readonly onKeys: () => void;
  readonly onClose: () => void;
}

/** Goes anywhere and does anything that has a key, by words. */
export function ShellPalette(props: ShellPaletteProps): ReactNode {
  const { path, onFind, onClose } = props;
  const router = useRouter();
  const [, setTheme] = useTheme();
  const go = useCallback((href: string) => router.push(href), [router]);
  // What keys did when it was opened: under the palette they are off.
  const [bound] = useState(boundKeys);
  const groups = useMemo(() => groupsOf(props, go, setTheme), [props, go, setTheme]);
  const actions = useMemo(
    (): PaletteGroup => ({
      name: 'Do',
      entries: bound
        .filter(({ keys }) => !keys.startsWith('g ') && keys !== '?')
        .map(({ keys, words, run }): PaletteEntry => ({ id: `key ${keys}`, label: words, keys, run })),
    }),
    [bound],
  );
  const find = useCallback(
    async (text: string): Promise<PaletteGroup | null> => {
      const found = await onFind(text);
      if (found === null) return null;
      const beside = lookAt(path) ?? openLook;
      return {
        name: 'Requests',
        entries: found.map(
          ({ id, title, from }): PaletteEntry => ({
            id,
            label: title,
            detail: from,
            run: () => go(requestHref(id, beside)),
          }),
        ),
      };
    },
    [onFind, path, go],
  );
  return <Palette groups={[actions, ...groups]} onFind={find} onClose={onClose} />;
}

function endingsEntry(go: (href: string) => void): PaletteEntry {
  const detail = 'sessions ended together';
  return { id: endingsHref, label: 'Endings', detail, icon: History, run: () => go(endingsHref) };
}

/** Guarded by its own dialog. */
function stopEntry(run: (() => void) | null): readonly PaletteEntry[] {
  if (run === null) return [];
  const detail = 'pause all, end sessions';
  return [{ id: 'stop everything', label: 'Stop everything…', detail, icon: OctagonX, run }];
}

function settingsEntries(role: Role, go: (href: string) => void): readonly PaletteEntry[] {
  return tabsFor(role).map((tab) => ({
    id: `settings ${tab}`,
    label: tabNames[tab],
    ...(tab === 'away' ? { detail: 'away, who stands in' } : {}),
    icon: Settings,
    run: () => go(tabHref(tab)),
  }));
}

function groupsOf(
  { person, views, onKeys, onSignOut, onStopEverything }: ShellPaletteProps,
  go: (href: string) => void,
  setTheme: (choice: ThemeChoice) => void,
): readonly PaletteGroup[] {
  const places = [
    queuePlace,
    sessionsPlace,
    overviewPlace,
    ...(may(person.role, choicesPlace.needs) ? [choicesPlace] : []),
    ...placesFor(person.role),
  ];
  return [
    {
      name: 'Go to',
      entries: [
        ...places.map(({ name, href, icon }): PaletteEntry => ({ id: href, label: name, icon, run: () => go(href) })),
        ...(may(person.role, 'session.end') ? [endingsEntry(go)] : []),
      ],
    },
    {
      name: 'Views',
      entries: [
        ...queueViews.map(
          (view): PaletteEntry => ({ id: `view ${view}`, label: viewNames[view], run: () => go(viewHref(view)) }),
        ),
        ...views.map(
          ({ name, look }): PaletteEntry => ({
            id: `saved ${name}`,
            label: name,
            detail: 'saved view',
            icon: Bookmark,
            run: () => go(lookHref(look)),
          }),
        ),
      ],
    },
    { name: 'Settings', entries: settingsEntries(person.role, go) },
    {
      name: 'More',
      entries: [
        ...themeChoices.map(
          (choice): PaletteEntry => ({
            id: `theme ${choice}`,
            label: `Theme: ${themeNames[choice].toLowerCase()}`,
            icon: Moon,
            run: () => setTheme(choice),
          }),
        ),
        ...stopEntry(onStopEverything),
        { id: 'keys', label: 'All keys', icon: Keyboard, keys: '?', run: onKeys },
        { id: 'sign out', label: 'Sign out', icon: LogOut, run: onSignOut },
      ],
    },
  ];
}
