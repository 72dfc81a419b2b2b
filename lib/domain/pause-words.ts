import type { Pause, PauseTarget } from './pause';
import { spanWords } from './timeline/time-words';

/** "server billing", "agent night-shift", "everything". */
export function pausedWords(target: PauseTarget): string {
  switch (target.kind) {
    case 'everything':
      return 'everything';
    case 'server':
      return `server ${target.server}`;
    case 'agent':
      return `agent ${target.agent}`;
  }
}

/** Who paused what and why, and how long still; a whole sentence for agents and people. */
export function pauseWords(pause: Pause, now: number): string {
  const { target, by, reason, untilAt } = pause;
  const until = untilAt === null ? 'until it is lifted' : `for ${spanWords(Math.max(0, untilAt - now))} more`;
  return `${by.name} paused ${pausedWords(target)} ${until}: “${reason}”.`;
}
