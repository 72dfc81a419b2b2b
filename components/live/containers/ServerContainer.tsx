'use client';

import dynamic from 'next/dynamic';
import { usePathname } from 'next/navigation';
import { type ReactNode, useCallback, useEffect, useState } from 'react';
import type { AdminData } from '@/components/admin/AdminPage';
import { useNow } from '@/components/ui/use-now';
import type { ServerPage } from '@/lib/domain/server';
import { useClockOffset, useLive, useLivePart } from '../hooks';
import { PauseControl } from './PauseControl';
import { useServersDesk } from './servers-desk';

const ServerScreen = dynamic(
  () => import('@/components/admin/servers/ServerScreen').then((file) => file.ServerScreen),
  { ssr: false },
);

const lookAgainMs = 10_000;

/** One server; which one is read from the address. */
export function ServerContainer(): ReactNode {
  const name = decoded(usePathname().split('/')[2] ?? '');
  return <Server key={name} name={name} />;
}

function Server({ name }: { readonly name: string }): ReactNode {
  const { data, again } = useServer(name);
  const desk = useServersDesk(again);
  const now = useNow(useClockOffset());
  return (
    <ServerScreen
      name={name}
      data={data}
      now={now}
      desk={desk}
      pause={<PauseControl target={{ kind: 'server', server: name }} />}
      onChanged={again}
    />
  );
}

/** Read when the page opens, when the line is back, when told, and from time to time: calls come and go unsaid. */
function useServer(name: string): { readonly data: AdminData<ServerPage>; readonly again: () => void } {
  const live = useLivePart();
  const isOnline = useLive((state) => state.line.state === 'online');
  const [round, setRound] = useState(0);
  const [data, setData] = useState<AdminData<ServerPage>>({ is: 'loading' });
  const again = useCallback(() => setRound((before) => before + 1), []);
  useEffect(() => live.hearing.on('servers.changed', again), [live, again]);
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') again();
    }, lookAgainMs);
    return () => clearInterval(timer);
  }, [again]);
  useEffect(() => {
    if (!isOnline) return undefined;
    let state: 'wanted' | 'left' = 'wanted';
    void live.read({ type: 'servers.read', name }).then((reply) => {
      if (state === 'left' || reply === null) return;
      const is = !reply.ok && reply.code === 'forbidden' ? 'forbidden' : 'failed';
      const next: AdminData<ServerPage> = reply.ok
        ? { is: 'ready', value: reply.value }
        : { is, message: reply.message };
      setData((before) => (JSON.stringify(before) === JSON.stringify(next) ? before : next));
    });
    return () => {
      state = 'left';
    };
  }, [live, name, isOnline, round]);
  return { data, again };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
