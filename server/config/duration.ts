const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Node's timers overflow past 2^31 - 1 milliseconds and then fire at once. */
export const longestMs = 24 * 86_400_000;

/** Reads "15m", "1h30m", "500ms" or a number of milliseconds; null when it is none of these. */
export function readDuration(value: unknown): number | null {
  if (typeof value === 'number') return Number.isInteger(value) && value >= 0 ? value : null;
  if (typeof value !== 'string' || !/^(?:\d{1,9}(?:ms|s|m|h|d))+$/.test(value)) return null;
  let totalMs = 0;
  for (const part of value.matchAll(/(\d+)(ms|s|m|h|d)/g)) totalMs += Number(part[1]) * (unitMs[part[2] ?? ''] ?? 0);
  return totalMs;
}

/** The shortest exact way to write a duration. */
export function writeDuration(durationMs: number): string {
  for (const unit of ['d', 'h', 'm', 's']) {
    const size = unitMs[unit] ?? 1;
    if (durationMs >= size && durationMs % size === 0) return `${durationMs / size}${unit}`;
  }
  return `${durationMs}ms`;
}
