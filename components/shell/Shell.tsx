'use client';

import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { type ReactNode, useState } from 'react';
import Keyboard from 'lucide-react/icons/keyboard';
import { viewHref } from '@/components/queue/queue-href';
import { Icon } from '@/components/ui/Icon';
import { IconButton } from '@/components/ui/IconButton';
import type { MenuEntry } from '@/components/ui/Menu';
import { useKeys } from '@/components/ui/use-keys';
import { queueViews, viewNames } from '@/lib/domain/queue';
import { Banners } from './Banners';
import { KeysDialog } from './KeysDialog';
import { Mark } from './Mark';
import { isAt, type Place, placesFor, queuePlace, sessionsPlace, viewAt } from './places';
import type { ShellProps } from './shell-props';
import { UserMenu } from './UserMenu';

/** The frame of every screen: navigation, what is wrong with the page, and the screen itself. */
export function Shell(props: ShellProps): ReactNode {
  const { person, path, onSignOut, children } = props;
  const router = useRouter();
  const [keysOpen, setKeysOpen] = useState(false);
  useKeys(
    [
      { keys: 'g q', words: 'Go to the queue', guard: 'free', run: () => router.push(queuePlace.href) },
      { keys: 'g s', words: 'Go to the sessions', guard: 'free', run: () => router.push(sessionsPlace.href) },
      { keys: '?', words: 'All keys', guard: 'free', run: () => setKeysOpen(true) },
    ],
    'shell',
  );
  const admin = placesFor(person.role);
  return (
    <div className="app" data-view={/^\/queue\/./.test(path) ? 'request' : 'screen'}>
      <a className="skip" href="#main">
        Skip to the content
      </a>
      <nav className="nav" aria-label="Main">
        <Link className="nav-head" href={queuePlace.href}>
          <Mark />
          <span className="cut">Holdpoint</span>
        </Link>
        <div className="nav-scroll">
          <QueueLinks {...props} />
          <div className="nav-group">
            <PlaceLink place={sessionsPlace} path={path} count={props.counts.liveSessions} />
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
          <UserMenu look="nav" person={person} onSignOut={onSignOut} onKeys={() => setKeysOpen(true)} />
          <IconButton of={Keyboard} label="Keys" place="nav-keys" onClick={() => setKeysOpen(true)} />
        </div>
      </nav>
      <div className="main">
        <Banners {...props} />
        <main className="screen" id="main" tabIndex={-1}>
          {children}
        </main>
      </div>
      <TabBar {...props} onKeys={() => setKeysOpen(true)} />
      {keysOpen ? <KeysDialog onClose={() => setKeysOpen(false)} /> : null}
    </div>
  );
}

function QueueLinks({ path, counts }: ShellProps): ReactNode {
  const view = viewAt(path);
  return (
    <div className="nav-group">
      <Link className="nav-top" href={queuePlace.href} data-here={view === null ? 'no' : 'yes'} title="Queue">
        <Icon of={queuePlace.icon} />
        <span className="cut">Queue</span>
        {counts.expiring === 0 ? null : <span className="rail-dot" aria-hidden="true" />}
      </Link>
      {queueViews.map((name) => (
        <Link key={name} className="sub" href={viewHref(name)} aria-current={name === view ? 'page' : undefined}>
          <span className="cut">{viewNames[name]}</span>
          {counts[name] === 0 ? null : (
            <span className={`count ${name === 'expiring' ? 'hot' : ''}`}>{counts[name]}</span>
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

function TabBar({ person, path, counts, onSignOut, onKeys }: ShellProps & { readonly onKeys: () => void }): ReactNode {
  const router = useRouter();
  const admin = placesFor(person.role).map(
    (place): MenuEntry => ({
      kind: 'action',
      label: place.name,
      icon: place.icon,
      onPick: () => router.push(place.href),
    }),
  );
  return (
    <nav className="tabbar" aria-label="Main, phone">
      <Link className="tab" href={queuePlace.href} aria-current={isAt(path, queuePlace.href) ? 'page' : undefined}>
        <Icon of={queuePlace.icon} />
        Queue
        {counts.expiring === 0 ? null : (
          <span className="badge">
            {counts.expiring}
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
      <UserMenu
        look="tab"
        person={person}
        onSignOut={onSignOut}
        onKeys={onKeys}
        before={admin.length === 0 ? [] : [...admin, { kind: 'line' }]}
      />
    </nav>
  );
}
