'use client';

import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import Keyboard from 'lucide-react/icons/keyboard';
import Search from 'lucide-react/icons/search';
import { writeAddress } from '@/components/queue/address';
import { lookHref, viewHref } from '@/components/queue/queue-href';
import { Icon } from '@/components/ui/Icon';
import { IconButton } from '@/components/ui/IconButton';
import type { MenuEntry } from '@/components/ui/Menu';
import { useKeys } from '@/components/ui/use-keys';
import { KeysHeld } from '@/components/ui/KeysHeld';
import { lazily } from '@/components/ui/lazily';
import { onFieldKey } from '@/components/ui/page-keys';
import { isNarrowed, sameLook, viewNames } from '@/lib/domain/queue';
import { queueViews } from '@/lib/domain/queue-query';
import { may } from '@/lib/domain/permission';
import { Banners } from './Banners';
import { Mark } from './Mark';
import { choicesPlace, isAt, lookAt, overviewPlace, type Place, placesFor, queuePlace, sessionsPlace } from './places';
import type { ShellProps } from './shell-props';
import { usePaletteKey } from './use-palette-key';
import { UserMenu } from './UserMenu';
import { shellKeys } from './shell-keys';

const aheadMs = 3_000;
const loadPalette = () => import('./palette/ShellPalette').then((file) => file.ShellPalette);
const KeysDialog = lazily(() => import('./KeysDialog').then((file) => file.KeysDialog), <KeysHeld />);
const Palette = lazily(loadPalette, <KeysHeld />);
const SavedViewLinks = lazily(() => import('./SavedViewLinks').then((file) => file.SavedViewLinks));

/** The frame of every screen: navigation, what is wrong with the page, and the screen itself. */
export function Shell(props: ShellProps): ReactNode {
  const { path, notice, children } = props;
  const router = useRouter();
  const [keysOpen, setKeysOpen] = useState(false);
  const [paletteOpen, setPaletteOpen] = useState(false);
  const go = (href: string): void => {
    writeAddress();
    router.push(href);
  };
  usePaletteKey(() => setPaletteOpen(true));
  useAhead(loadPalette);
  useFocusInPlace(path);
  useEffect(() => {
    window.addEventListener('keydown', onFieldKey);
    return () => window.removeEventListener('keydown', onFieldKey);
  }, []);
  useKeys(
    [
      { ...shellKeys.queue, guard: 'free', run: () => go(queuePlace.href) },
      { ...shellKeys.sessions, guard: 'free', run: () => go(sessionsPlace.href) },
      { ...shellKeys.all, guard: 'free', run: () => setKeysOpen(true) },
    ],
    'shell',
  );
  return (
    <div className="app" data-view={/^\/queue\/./.test(path) ? 'request' : 'screen'}>
      <a className="skip" href="#main">
        Skip to the content
      </a>
      <Nav {...props} onKeys={() => setKeysOpen(true)} onPalette={() => setPaletteOpen(true)} />
      <div className="main">
        <Banners {...props} />
        {notice}
        <main className="screen" id="main" tabIndex={-1}>
          {children}
        </main>
      </div>
      <TabBar {...props} onKeys={() => setKeysOpen(true)} onPalette={() => setPaletteOpen(true)} />
      {keysOpen ? <KeysDialog role={props.person.role} path={path} onClose={() => setKeysOpen(false)} /> : null}
      {paletteOpen ? (
        <Palette {...props} onKeys={() => setKeysOpen(true)} onClose={() => setPaletteOpen(false)} />
      ) : null}
    </div>
  );
}

/** In another place Tab begins with what is there, unless something has the focus. */
function useFocusInPlace(path: string): void {
  const place = path.split(/[/?]/)[1] ?? '';
  const before = useRef(place);
  useEffect(() => {
    if (before.current === place) return;
    before.current = place;
    if (document.activeElement === document.body) document.getElementById('main')?.focus({ preventScroll: true });
  }, [place]);
}

/** Who opens it finds it there; without a line it is told then. */
function useAhead(load: () => Promise<unknown>): void {
  useEffect(() => {
    const timer = setTimeout(() => void load().catch(() => undefined), aheadMs);
    return () => clearTimeout(timer);
  }, [load]);
}

function Nav(props: FrameProps): ReactNode {
  const { person, path, onSignOut, onKeys, onPalette } = props;
  const admin = placesFor(person.role);
  return (
    <nav className="nav" aria-label="Main">
      <Link className="nav-head" href={queuePlace.href}>
        <Mark />
        <span className="cut">Holdpoint</span>
      </Link>
      <div className="nav-scroll">
        <button type="button" className="nav-find" onClick={onPalette} title="Search and go to">
          <Icon of={Search} size="sm" />
          <span className="cut grow">Search and go to</span>
          <kbd className="kbd" aria-hidden="true">
            Ctrl K
          </kbd>
        </button>
        <QueueLinks {...props} />
        {props.views.length === 0 ? null : <SavedViewLinks {...props} />}
        <div className="nav-group">
          <PlaceLink place={sessionsPlace} path={path} count={props.counts.liveSessions} />
          <PlaceLink place={overviewPlace} path={path} count={0} />
          {may(person.role, choicesPlace.needs) ? <PlaceLink place={choicesPlace} path={path} count={0} /> : null}
        </div>
        {admin.length === 0 ? null : (
          <div className="nav-group">
            <div className="nav-label">Admin</div>
            {admin.map((place) => (
              <PlaceLink key={place.href} place={place} path={path} count={0} />
            ))}
          </div>
        )}
      </div>
      <div className="nav-foot">
        <UserMenu look="nav" person={person} onSignOut={onSignOut} onKeys={onKeys} />
        <IconButton of={Keyboard} label="Keys" place="nav-keys" onClick={onKeys} />
      </div>
    </nav>
  );
}

function QueueLinks({ path, counts, views }: ShellProps): ReactNode {
  const look = lookAt(path);
  // A saved view that is this very look is where one is.
  const isSaved = look !== null && isNarrowed(look) && views.some((saved) => sameLook(saved.look, look));
  const view = isSaved ? null : (look?.view ?? null);
  return (
    <div className="nav-group">
      <Link className="nav-top" href={queuePlace.href} data-here={look === null ? 'no' : 'yes'} title="Queue">
        <Icon of={queuePlace.icon} />
        <span className="cut">Queue</span>
        {counts.expiring === 0 ? null : <span className="rail-dot" aria-hidden="true" />}
      </Link>
      {queueViews.map((name) => (
        <Link key={name} className="sub" href={viewHref(name)} aria-current={name === view ? 'page' : undefined}>
          <span className="cut">{viewNames[name]}</span>
          {counts[name] === 0 ? null : (
            <span className={`count ${name === 'expiring' ? 'hot' : ''}`}>{counts[name].toLocaleString('en-US')}</span>
          )}
        </Link>
      ))}
    </div>
  );
}

function PlaceLink({
  place,
  path,
  count,
}: {
  readonly place: Place;
  readonly path: string;
  readonly count: number;
}): ReactNode {
  return (
    <Link href={place.href} aria-current={isAt(path, place.href) ? 'page' : undefined} title={place.name}>
      <Icon of={place.icon} />
      <span className="cut">{place.name}</span>
      {count === 0 ? null : (
        <span className="count">
          {count}
          <span className="sr"> live</span>
        </span>
      )}
    </Link>
  );
}

interface FrameProps extends ShellProps {
  readonly onKeys: () => void;
  readonly onPalette: () => void;
}

function TabBar({ person, path, counts, views, onSignOut, onKeys, onPalette }: FrameProps): ReactNode {
  const router = useRouter();
  const places = [
    overviewPlace,
    ...(may(person.role, choicesPlace.needs) ? [choicesPlace] : []),
    ...placesFor(person.role),
  ];
  const before: readonly MenuEntry[] = [
    { kind: 'action', label: 'Search and go to', icon: Search, onPick: onPalette },
    ...views.map(
      ({ name, look }): MenuEntry => ({ kind: 'action', label: name, onPick: () => router.push(lookHref(look)) }),
    ),
    ...places.map(
      (place): MenuEntry => ({
        kind: 'action',
        label: place.name,
        icon: place.icon,
        onPick: () => router.push(place.href),
      }),
    ),
    { kind: 'line' },
  ];
  return (
    <nav className="tabbar" aria-label="Main, phone">
      <Link className="tab" href={queuePlace.href} aria-current={isAt(path, queuePlace.href) ? 'page' : undefined}>
        <Icon of={queuePlace.icon} />
        Queue
        {counts.expiring === 0 ? null : (
          <span className="badge">
            {counts.expiring > 99 ? '99+' : counts.expiring}
            <span className="sr"> expiring</span>
          </span>
        )}
      </Link>
      <Link
        className="tab"
        href={sessionsPlace.href}
        aria-current={isAt(path, sessionsPlace.href) ? 'page' : undefined}
      >
        <Icon of={sessionsPlace.icon} />
        Sessions
      </Link>
      <UserMenu look="tab" person={person} onSignOut={onSignOut} onKeys={onKeys} before={before} />
    </nav>
  );
}
