import { setTimeout as pause } from 'node:timers/promises';
import type { PastQuestions } from './past-questions';
import type { QuestionTimes, Times } from './past-figures';
import type { OpenedStore } from './saved';
import { percentile } from './statistics';
import { OpenWindow, type Seat } from './window';

/** A window may say 50 commands a second. */
const betweenMs = 25;

/** How long the store takes for each. */
export async function timeStore(opened: OpenedStore, questions: PastQuestions, times: number): Promise<Times> {
  const taken = new Map<string, QuestionTimes>();
  for (const [name, { read }] of questions) taken.set(name, await timesOf(() => read(opened), { times, betweenMs: 0 }));
  return taken;
}

/** How long each takes from a page and back, over the real gateway. */
export async function timeSocket(seat: Seat, questions: PastQuestions, times: number): Promise<Times> {
  const window = await OpenWindow.open(seat);
  const taken = new Map<string, QuestionTimes>();
  for (const [name, { command }] of questions)
    taken.set(name, await timesOf(() => window.say(command), { times, betweenMs }));
  window.close();
  return taken;
}

async function timesOf(
  ask: () => Promise<unknown>,
  { times, betweenMs: gapMs }: { readonly times: number; readonly betweenMs: number },
): Promise<QuestionTimes> {
  // The first time the database reads its pages from the disk.
  await ask();
  const taken: number[] = [];
  for (let turn = 0; turn < times; turn += 1) {
    await pause(Math.max(0, gapMs - (taken.at(-1) ?? 0)));
    const beganAt = performance.now();
    await ask();
    taken.push(performance.now() - beganAt);
  }
  return { p50Ms: percentile(taken, 0.5), p98Ms: percentile(taken, 0.98) };
}
