import { clockTimeFrom } from '@/components/ui/time-words';
import type { Standstill } from '@/lib/domain/away';
import { pauseWords } from '@/lib/domain/pause-words';
import { isPageFirst } from '@/lib/domain/permit';
import type { HoldRequest } from '@/lib/domain/request';

export interface AwayWords {
  readonly title: string;
  /** What it means for the answer. */
  readonly means: string;
  /** In the words of a server or of the network; null where a person said why. */
  readonly why: string | null;
}

/** What keeps an answer from doing its work, since when, and what that means for it. */
export function awayWords(request: HoldRequest, standstill: Standstill, now: number): AwayWords {
  if (standstill.is === 'paused')
    return {
      title: pauseWords(standstill.pause, now),
      means: 'It waits while paused, and its deadline goes on. It can be declined; to let it run, lift the pause.',
      why: null,
    };
  const { server, state, sinceAt, why } = standstill.away;
  const since = clockTimeFrom(sinceAt, now);
  const asks = request.upstream !== null;
  if (state === 'reattaching')
    return {
      title: `${server} cannot be reached since ${since}`,
      means: asks
        ? 'Your answer is kept and delivered when it is back.'
        : isPageFirst(request)
          ? 'Once its pages are done the call is sent when it is back.'
          : 'What is approved now is sent now, and may not arrive before it is back.',
      why,
    };
  return {
    title: `The connection to ${server} was lost at ${since}`,
    means: asks
      ? 'It was the one that asked: no answer can reach it any more.'
      : 'A new one is made when the call is sent.',
    why,
  };
}
