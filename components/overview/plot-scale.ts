/** A value axis: round steps from zero to the largest value, at most five. */
export interface ValueScale {
  readonly top: number;
  readonly ticks: readonly number[];
}

const countSteps = [1, 2, 5];
const minuteMs = 60_000;
const hourMs = 3_600_000;
const timeSteps = [
  ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * 1_000),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * minuteMs),
  ...[1, 2, 4, 6, 12, 24].map((hours) => hours * hourMs),
];
const mostTicks = 4;

export function countScale(largest: number): ValueScale {
  let power = 1;
  for (;;) {
    for (const step of countSteps) {
      if (largest <= step * power * mostTicks) return scaleBy(step * power, largest);
    }
    power *= 10;
  }
}

export function timeScale(largestMs: number): ValueScale {
  const step = timeSteps.find((each) => largestMs <= each * mostTicks);
  if (step !== undefined) return scaleBy(step, largestMs);
  const days = countScale(largestMs / (24 * hourMs));
  return { top: days.top * 24 * hourMs, ticks: days.ticks.map((tick) => tick * 24 * hourMs) };
}

function scaleBy(step: number, largest: number): ValueScale {
  const steps = Math.max(1, Math.ceil(largest / step));
  return { top: steps * step, ticks: Array.from({ length: steps + 1 }, (_, at) => at * step) };
}
