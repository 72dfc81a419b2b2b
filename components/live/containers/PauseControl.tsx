'use client';

import { type ReactNode, useState } from 'react';
import PauseIcon from 'lucide-react/icons/pause';
import Play from 'lucide-react/icons/play';
import { PauseDialog } from '@/components/pause/PauseDialog';
import { PauseTag } from '@/components/pause/PauseTag';
import { Button } from '@/components/ui/Button';
import { isSameTarget, type PauseTarget } from '@/lib/domain/pause';
import { pausedWords } from '@/lib/domain/pause-words';
import { may } from '@/lib/domain/permission';
import { useLive } from '../hooks';
import { usePauses } from './use-pauses';
import { useAct } from './use-read';

/** On the row of a server or an agent: whether it is paused, and for who may, to pause it or lift that. */
export function PauseControl({ target }: { readonly target: PauseTarget }): ReactNode {
  const person = useLive((state) => state.person);
  const { pauses, now } = usePauses();
  const act = useAct();
  const [asking, setAsking] = useState<'open' | 'closed'>('closed');
  const [said, setSaid] = useState<string | null>(null);
  const own = pauses.find((pause) => isSameTarget(pause.target, target)) ?? null;
  if (person === null) return null;
  const what = pausedWords(target);
  const lift = async (): Promise<void> => {
    if (own === null) return;
    try {
      const lifted = await act({ type: 'pauses.lift', pauseId: own.pauseId }, () => setSaid(null));
      if (!lifted.ok) setSaid(lifted.message);
    } catch {
      setSaid('There was no answer. It may be lifted; look again in a moment.');
    }
  };
  return (
    <span className="pause-control">
      {own === null ? null : <PauseTag pause={own} />}
      {!may(person.role, 'pause.manage') ? null : own === null ? (
        <Button size="sm" icon={PauseIcon} aria-label={`Pause ${what}`} onClick={() => setAsking('open')}>
          Pause
        </Button>
      ) : (
        <Button size="sm" icon={Play} aria-label={`Lift the pause of ${what}`} onClick={() => void lift()}>
          Lift
        </Button>
      )}
      {said === null ? null : (
        <span className="danger-text" role="alert">
          {said}
        </span>
      )}
      {asking === 'closed' ? null : (
        <PauseDialog
          target={target}
          me={person}
          now={now}
          onPause={({ reason, untilAt }) =>
            act({ type: 'pauses.set', target: wireTarget(target), reason, untilAt }, () => setAsking('closed'))
          }
          onClose={() => setAsking('closed')}
        />
      )}
    </span>
  );
}

/** The server names the agent itself. */
export function wireTarget(
  target: PauseTarget,
): Extract<Parameters<ReturnType<typeof useAct>>[0], { readonly type: 'pauses.set' }>['target'] {
  return target.kind === 'agent' ? { kind: 'agent', agentId: target.agentId } : target;
}
