import type { EndCounts, EndItem, EndItemShow, EndOperation } from '@/lib/domain/end-operation';
import { readId } from '@/lib/domain/ids';
import { countOf } from '@/lib/domain/timeline/end-step-words';
import { clockTime, spanWords } from '@/lib/domain/timeline/time-words';

export const endingsHref = '/sessions/endings';

export function endingHref(id: string): string {
  return `${endingsHref}/${id}`;
}

/** The screen of an order, where an id is one's. */
export function endingHrefOf(id: string): string | null {
  return readId('ending', id) === null ? null : endingHref(id);
}

export const itemStates: { readonly [S in EndItem['state']]: string } = {
  waiting: 'waiting',
  ending: 'ending',
  ended: 'ended',
  left: 'left running',
  over: 'over before',
  failed: 'failed',
  stopped: 'not begun',
};

/** What became of one session of an order; empty while there is nothing to say. */
export function itemWords(item: EndItem): string {
  switch (item.state) {
    case 'left':
      return `Changed since the preview: ${item.why}`;
    case 'failed':
      return item.why;
    case 'over':
      return 'It had ended before its turn.';
    case 'stopped':
      return 'The order was stopped first.';
    case 'ended': {
      const unknown = item.unknown === 0 ? '' : `${countOf(item.unknown, 'outcome')} unknown. `;
      return `${unknown}${item.changed === null ? '' : `Changed since the preview: ${item.changed}`}`.trim();
    }
    case 'waiting':
    case 'ending':
      return '';
  }
}

/** "Ending 200 sessions", "198 sessions ended, 2 failed, 3 outcomes unknown" */
export function endingTitle({ state, endedAt, counts }: EndOperation): string {
  if (endedAt === null) return state === 'stopped' ? 'Stopping' : `Ending ${countOf(counts.total, 'session')}`;
  const unknown = counts.unknown === 0 ? '' : `, ${countOf(counts.unknown, 'outcome')} unknown`;
  const failed = counts.failed === 0 ? '' : `, ${counts.failed} failed`;
  return `${countOf(counts.ended, 'session')} ended${failed}${unknown}`;
}

/** The figures that are not nothing. */
export function endingFigures({ counts, restarts }: EndOperation): readonly (readonly [string, number])[] {
  const all: readonly (readonly [string, number])[] = [
    ['Ended', counts.ended],
    ['Left running', counts.left],
    ['Over before', counts.over],
    ['Failed', counts.failed],
    ['Not begun', counts.stopped],
    ['Unknown outcomes', counts.unknown],
    ['Restarts', restarts],
  ];
  return all.filter(([name, count]) => count > 0 || name === 'Ended');
}

/** "Running", "Stopped by Mika Laine at 14:36:12", "Done in 2 s" */
export function endingState({ state, stopped, at, endedAt }: EndOperation): string {
  if (state === 'stopped') {
    const by = stopped === null ? '' : ` by ${stopped.by.name} at ${clockTime(stopped.at)}`;
    return `${endedAt === null ? 'Stopping' : 'Stopped'}${by}`;
  }
  return endedAt === null ? 'Running' : `Done in ${spanWords(endedAt - at)}`;
}

/** What the sessions of an order can be narrowed to, each with how many there are; without those of which there is none. */
export function itemShows(
  counts: EndCounts,
): readonly { readonly show: EndItemShow; readonly name: string; readonly count: number }[] {
  const all: readonly { readonly show: EndItemShow; readonly name: string; readonly count: number }[] = [
    { show: 'waiting', name: 'Waiting', count: counts.waiting },
    { show: 'ending', name: 'Ending', count: counts.ending },
    { show: 'ended', name: 'Ended', count: counts.ended },
    { show: 'unknown', name: 'With unknown outcomes', count: counts.unknown },
    { show: 'left', name: 'Left running', count: counts.left },
    { show: 'failed', name: 'Failed', count: counts.failed },
    { show: 'over', name: 'Over before', count: counts.over },
    { show: 'stopped', name: 'Not begun', count: counts.stopped },
  ];
  return [{ show: 'all', name: 'All', count: counts.total }, ...all.filter(({ count }) => count > 0)];
}
