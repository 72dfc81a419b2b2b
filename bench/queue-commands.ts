import { setTimeout as pause } from 'node:timers/promises';
import type { QueueItem } from '@/lib/domain/request-detail';
import type { Command } from '@/lib/protocol/commands';
import { pageAfter, watchOpen } from '@/tests/support/looks';
import { percentile } from './statistics';
import { OpenWindow, type Seat } from './window';

export const timedCommands = ['queue.watch', 'queue.page', 'queue.counts', 'request.read'] as const;
export type TimedCommand = (typeof timedCommands)[number];

export interface CommandTimes {
  readonly p50Ms: number;
  readonly p98Ms: number;
}

/** A window may say 50 commands a second. */
const betweenMs = 25;

/** How many are open by the queue's own count, and how long each command takes over a socket, there and back. */
export async function timeCommands(
  seat: Seat,
  times: number,
): Promise<{ readonly open: number; readonly commands: Readonly<Record<TimedCommand, CommandTimes>> }> {
  const window = await OpenWindow.open(seat);
  const depth = await readDepth(window);
  const somewhere = (turn: number): QueueItem => {
    const item = depth[(turn * 37) % depth.length];
    if (item === undefined) throw new Error('Nothing is open');
    return item;
  };
  const measure = async (commandOf: (turn: number) => Command): Promise<CommandTimes> => {
    const taken: number[] = [];
    for (let turn = 0; turn < times; turn += 1) {
      const command = commandOf(turn);
      const beganAt = performance.now();
      await window.say(command);
      taken.push(performance.now() - beganAt);
      await pause(betweenMs);
    }
    return { p50Ms: percentile(taken, 0.5), p98Ms: percentile(taken, 0.98) };
  };
  try {
    const { open } = await window.say({ type: 'queue.counts' });
    const commands = {
      'queue.watch': await measure(() => watchOpen),
      'queue.page': await measure((turn) => pageAfter(somewhere(turn))),
      'queue.counts': await measure(() => ({ type: 'queue.counts' })),
      'request.read': await measure((turn) => ({
        type: 'request.read',
        requestId: somewhere(turn).request.requestId,
      })),
    };
    return { open, commands };
  } finally {
    window.close();
  }
}

/** What is open, as far down as some pages go: where a page begins is not always the top. */
async function readDepth(window: OpenWindow): Promise<readonly QueueItem[]> {
  const pagesMost = 20;
  const items = [...(await window.say(watchOpen)).items];
  for (let page = 0; page < pagesMost; page += 1) {
    const last = items.at(-1);
    if (last === undefined) break;
    const next = await window.say(pageAfter(last));
    items.push(...next.items);
    if (!next.more) break;
    await pause(betweenMs);
  }
  return items;
}
