'use client';

import dynamic from 'next/dynamic';
import { usePathname } from 'next/navigation';
import { type ReactNode, useCallback, useMemo, useState } from 'react';
import { endingLookHref, readEndingLook } from '@/components/ending/ending-look';
import type { EndingScreenProps } from '@/components/ending/EndingScreen';
import { goWithin, useAddress } from '@/components/queue/address';
import { useNow } from '@/components/ui/use-now';
import type { EndItemsLook } from '@/lib/domain/end-operation';
import { type EndingId, readId } from '@/lib/domain/ids';
import { whyNot } from '@/lib/domain/why-not';
import { useClockOffset, useLive } from '../hooks';
import { useEnding } from './use-ending';
import { useAct } from './use-read';

const EndingScreen = dynamic(() => import('@/components/ending/EndingScreen').then((file) => file.EndingScreen), {
  ssr: false,
});

/** One order to end many sessions; which one, and what of it is shown, is read from the address. */
export function EndingContainer(): ReactNode {
  const endingId = readId('ending', usePathname().split('/')[3] ?? '');
  const person = useLive((state) => state.person);
  const frame = useFrame();
  if (person === null) return null;
  const forbidden = whyNot(person.role, 'session.end');
  if (forbidden !== null) return <EndingScreen {...frame} data={{ is: 'forbidden', message: forbidden }} />;
  if (endingId === null) return <EndingScreen {...frame} data={{ is: 'not_found' }} />;
  return <Ending key={endingId} endingId={endingId} frame={frame} />;
}

type Frame = Omit<EndingScreenProps, 'data'>;

/** What the screen is given where there is no order to show. */
function useFrame(): Frame {
  const line = useLive((state) => (state.line.state === 'online' ? 'online' : 'offline'));
  const now = useNow(useClockOffset());
  const nothing = (): void => undefined;
  return { look: firstLook, now, line, refusal: null, onLook: nothing, onStop: nothing, onRetry: nothing };
}

const firstLook: EndItemsLook = { show: 'all', from: 0 };

function Ending({ endingId, frame }: { readonly endingId: EndingId; readonly frame: Frame }): ReactNode {
  const query = useAddress().split('?')[1] ?? '';
  const look = useMemo(() => readEndingLook(new URLSearchParams(query)), [query]);
  const { data, again } = useEnding(endingId, look, null);
  const act = useAct();
  const [refusal, setRefusal] = useState<string | null>(null);
  const onStop = useCallback(() => {
    void act({ type: 'sessions.stop_ending', endingId }, () => setRefusal(null)).then(
      (reply) => {
        if (!reply.ok) setRefusal(reply.message);
        again();
      },
      () => setRefusal('There was no answer. It may have been stopped; look again in a moment.'),
    );
  }, [act, endingId, again]);
  return (
    <EndingScreen
      {...frame}
      data={data}
      look={look}
      refusal={refusal}
      onLook={(next) => goWithin(endingLookHref(endingId, next))}
      onStop={onStop}
      onRetry={again}
    />
  );
}
