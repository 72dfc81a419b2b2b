'use client';

import type { ReactNode } from 'react';
import PauseIcon from 'lucide-react/icons/pause';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import { useAction } from '@/components/admin/use-action';
import { Button } from '@/components/ui/Button';
import { Dialog } from '@/components/ui/Dialog';
import { Icon } from '@/components/ui/Icon';
import { Note } from '@/components/ui/Note';
import type { PauseId } from '@/lib/domain/ids';
import type { Pause } from '@/lib/domain/pause';
import { pausedWords } from '@/lib/domain/pause-words';
import type { Result } from '@/lib/domain/refusal';
import { spanWords, whenWords } from '@/lib/domain/timeline/time-words';
import { PauseEffects } from './PauseDialog';

export interface PausesDialogProps {
  readonly pauses: readonly Pause[];
  readonly now: number;
  /** Null for who may lift none. */
  readonly onLift: ((id: PauseId) => Promise<Result<unknown>>) | null;
  readonly onClose: () => void;
}

/** Everything that is paused, by whom, since when and why; lifted here by who may. */
export function PausesDialog({ pauses, now, onLift, onClose }: PausesDialogProps): ReactNode {
  const { state, run } = useAction<unknown>(() => undefined);
  return (
    <Dialog title={pauses.length === 0 ? 'Nothing is paused' : 'Paused now'} onClose={onClose} scrolls="keys">
      {pauses.length === 0 ? <p className="t2">Calls go out again.</p> : <PauseEffects />}
      {pauses.length === 0 ? null : (
        <ul className="eff">
          {pauses.map((pause) => (
            <li key={pause.pauseId}>
              <span className="st person">
                <Icon of={PauseIcon} size="sm" />
              </span>
              <div>
                <p className="medium">{pausedWords(pause.target)}</p>
                <p className="t2 w">
                  {pause.by.name}, {whenWords(pause.at, now)}: “{pause.reason}”
                </p>
                <p className="meta">{endWords(pause, now)}</p>
              </div>
              {onLift === null ? (
                <span />
              ) : (
                <Button
                  size="sm"
                  aria-label={`Lift the pause of ${pausedWords(pause.target)}`}
                  disabled={state.is === 'busy'}
                  onClick={() => run(() => onLift(pause.pauseId))}
                >
                  Lift
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
      {state.is === 'refused' ? (
        <Note icon={TriangleAlert} tone="danger" live="alert">
          {state.message}
        </Note>
      ) : null}
    </Dialog>
  );
}

function endWords({ untilAt }: Pause, now: number): string {
  return untilAt === null ? 'Until it is lifted' : `For ${spanWords(Math.max(0, untilAt - now))} more`;
}
