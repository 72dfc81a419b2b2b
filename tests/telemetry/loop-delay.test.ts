import { describe, expect, it } from 'vitest';
import { LoopDelay } from '@/server/telemetry/loop-delay';

/** As Node's histogram: nanoseconds since it was last reset, no number before anything was measured. */
function delays() {
  let worst = Number.NaN;
  return {
    measure: (seconds: number): void => void (worst = Math.max(Number.isNaN(worst) ? 0 : worst, seconds * 1e9)),
    percentile: () => worst,
    reset: () => void (worst = Number.NaN),
  };
}

describe('how late the event loop is', () => {
  it('is nothing before anything was measured', () => {
    expect(new LoopDelay(delays()).seconds).toBe(0);
  });

  it('is told of a bad moment at least a minute long, and not for ever', () => {
    const measured = delays();
    const delay = new LoopDelay(measured);
    measured.measure(0.5);
    expect(delay.seconds).toBe(0.5);
    delay.roll();
    measured.measure(0.02);
    expect(delay.seconds).toBe(0.5);
    delay.roll();
    expect(delay.seconds).toBe(0.02);
    delay.roll();
    expect(delay.seconds).toBe(0);
  });
});
