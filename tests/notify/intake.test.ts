import { describe, expect, it } from 'vitest';
import { Intake } from '@/server/notify/intake';
import { recordingLog } from '@/tests/store/silent-log';
import { MovableClock } from './desk';

describe('what is heard', () => {
  it('is taken in order, each until it is done', async () => {
    const clock = new MovableClock(0);
    const { log, lines } = recordingLog();
    const taken: number[] = [];
    let failures = 2;
    const intake = new Intake<number>({
      clock,
      log,
      overflowed: () => undefined,
      take: async (item) => {
        if (item === 2 && failures > 0) {
          failures -= 1;
          throw new Error('away');
        }
        taken.push(item);
      },
    });
    for (const item of [1, 2, 3]) intake.add(item);
    expect(taken).toEqual([]);
    intake.run();
    await expect.poll(() => lines.length).toBe(1);
    expect(taken).toEqual([1]);
    clock.move(500);
    await expect.poll(() => lines.length).toBe(2);
    clock.move(1_000);
    await intake.settled();
    expect(taken).toEqual([1, 2, 3]);
    await intake.stop();
    intake.add(4);
    expect(taken).toEqual([1, 2, 3]);
  });

  it('is found again when more came than can be kept', async () => {
    const taken: (number | 'again')[] = [];
    const intake: Intake<number | 'again'> = new Intake<number | 'again'>({
      clock: new MovableClock(0),
      log: recordingLog().log,
      overflowed: () => intake.add('again'),
      take: async (item) => void taken.push(item),
    });
    for (let item = 0; item <= 20_000; item += 1) intake.add(item);
    intake.run();
    await intake.settled();
    expect(taken).toEqual(['again', 20_000]);
    await intake.stop();
  });

  it('ends at once, also while it waits to try again', async () => {
    const { log, lines } = recordingLog();
    const intake = new Intake<number>({
      clock: new MovableClock(0),
      log,
      overflowed: () => undefined,
      take: () => Promise.reject(new Error('away')),
    });
    intake.add(1);
    intake.run();
    await expect.poll(() => lines.length).toBe(1);
    await intake.stop();
    expect(lines).toHaveLength(1);
  });
});
