import type { ReactNode } from 'react';
import PauseIcon from 'lucide-react/icons/pause';
import { Icon } from '@/components/ui/Icon';
import type { Pause } from '@/lib/domain/pause';
import { pausedWords } from '@/lib/domain/pause-words';
import { spanWords, whenWords } from '@/lib/domain/timeline/time-words';

export interface SessionPausesProps {
  /** Of its agent and its servers; what pauses everything is over every page. */
  readonly pauses: readonly Pause[];
  readonly now: number;
}

/** Over a session whose agent or one of whose servers is paused: by whom, since when, until when and why. */
export function SessionPauses({ pauses, now }: SessionPausesProps): ReactNode {
  if (pauses.length === 0) return null;
  return (
    <ul className="s-pauses" aria-label="Paused">
      {pauses.map((pause) => (
        <li key={pause.pauseId}>
          <span className="st person">
            <Icon of={PauseIcon} size="sm" />
          </span>
          <span>
            <b className="medium">{named(pausedWords(pause.target))} is paused</b> by {pause.by.name} since{' '}
            {whenWords(pause.at, now)}, {untilWords(pause, now)}: “{pause.reason}”.{' '}
            <span className="t2">
              New calls {pause.target.kind === 'server' ? 'to it ' : ''}are refused, running ones go on.
            </span>
          </span>
        </li>
      ))}
    </ul>
  );
}

function named(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

function untilWords({ untilAt }: Pause, now: number): string {
  return untilAt === null ? 'until it is lifted' : `for ${spanWords(Math.max(0, untilAt - now))} more`;
}
