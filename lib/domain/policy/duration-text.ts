const unitMs: { readonly [unit: string]: number } = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** What the server takes at most. */
export const longestDurationMs = 30 * 86_400_000;

/** Reads what a person types as a duration: "15m", "2 h", "1h30m", "90s"; null for anything else, zero included. */
export function readDurationText(text: string): number | null {
  const bare = text.toLowerCase().replaceAll(/\s+/g, '');
  if (!/^(?:\d{1,9}(?:ms|min|s|m|h|d))+$/.test(bare)) return null;
  let totalMs = 0;
  for (const [, count, unit] of bare.matchAll(/(\d+)(ms|min|s|m|h|d)/g)) {
    totalMs += Number(count) * (unitMs[unit ?? ''] ?? 0);
  }
  return totalMs > 0 && totalMs <= longestDurationMs ? totalMs : null;
}

/** The same duration as text that reads back exactly: "15m", "1h30m". */
export function writeDurationText(durationMs: number): string {
  let leftMs = durationMs;
  let text = '';
  for (const unit of ['d', 'h', 'm', 's', 'ms']) {
    const size = unitMs[unit] ?? 1;
    const count = Math.floor(leftMs / size);
    if (count > 0) text += `${count}${unit}`;
    leftMs -= count * size;
  }
  return text === '' ? '0s' : text;
}
