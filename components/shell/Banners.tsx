'use client';

import type { ReactNode } from 'react';
import Database from 'lucide-react/icons/database';
import RefreshCw from 'lucide-react/icons/refresh-cw';
import WifiOff from 'lucide-react/icons/wifi-off';
import { Banner } from '@/components/ui/Banner';
import { Button } from '@/components/ui/Button';
import { spanWords } from '@/components/ui/time-words';
import { useNow } from '@/components/ui/use-now';
import type { Connection, ShellProps } from './shell-props';

/** What is wrong with the whole page, the gravest first; nothing when all is well. */
export function Banners({
  connection,
  storage,
  onRetry,
}: Pick<ShellProps, 'connection' | 'storage' | 'onRetry'>): ReactNode {
  if (connection.state === 'old_page') {
    return (
      <Banner
        icon={RefreshCw}
        tone="accent"
        action={
          <Button size="sm" onClick={() => window.location.reload()}>
            Reload
          </Button>
        }
      >
        <b className="medium">Holdpoint was updated.</b> This page is older than the server. Your text is kept when you
        reload.
      </Banner>
    );
  }
  if (connection.state === 'offline') return <Offline connection={connection} onRetry={onRetry} />;
  if (storage === 'ok') return null;
  return (
    <Banner icon={Database} tone="danger">
      <b className="medium">Answers cannot be saved right now.</b> Everything stays readable and what you type stays
      here. Trying again by itself.
    </Banner>
  );
}

interface OfflineProps {
  readonly connection: Extract<Connection, { readonly state: 'offline' }>;
  readonly onRetry: () => void;
}

/** Counted by this browser's clock: it is the one that saw the line go. */
function Offline({ connection, onRetry }: OfflineProps): ReactNode {
  const now = useNow(0);
  return (
    <Banner
      icon={WifiOff}
      tone="person"
      action={
        <Button size="sm" onClick={onRetry}>
          Retry now
        </Button>
      }
    >
      <b className="medium">Connection lost</b>{' '}
      <span className="num" aria-hidden="true">
        for {spanWords(now - connection.sinceAt)}.
      </span>{' '}
      What you see may be out of date. Your text is kept.
    </Banner>
  );
}
