/**
 * How often spans of each length were seen: counts in buckets whose width grows with the length, so that a few dozen
 * numbers hold milliseconds and days alike, and two can be added.
 */
export interface Histogram {
  /** By bucket; only those that were met. */
  readonly counts: Readonly<Record<number, number>>;
}

/** Four to a doubling: a span is known to within a fifth. */
const perDoubling = 4;
const lastBucket = 31 * perDoubling;
/** Counts are halved beyond this: what is usual follows a tool that changes, and no history grows. */
const mostWeight = 400;
/** What is left of an old observation below this is forgotten. */
const leastCount = 0.05;

export const emptyHistogram: Histogram = { counts: {} };

function bucketOf(ms: number): number {
  if (!(ms > 1)) return 0;
  return Math.min(lastBucket, Math.floor(Math.log2(ms) * perDoubling));
}

/** The middle of a bucket, milliseconds. */
function middleOf(bucket: number): number {
  return 2 ** ((bucket + 0.5) / perDoubling);
}

export function weightOf({ counts }: Histogram): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

export function withSpan({ counts }: Histogram, ms: number): Histogram {
  const bucket = bucketOf(ms);
  return settled({ ...counts, [bucket]: (counts[bucket] ?? 0) + 1 });
}

/** Adds what another saw, counted as at most `most` observations: no single source rules. */
export function merged(into: Histogram, from: Histogram, most: number): Histogram {
  const weight = weightOf(from);
  if (weight === 0) return into;
  const share = Math.min(1, most / weight);
  const counts: Record<number, number> = { ...into.counts };
  for (const [bucket, count] of Object.entries(from.counts))
    counts[Number(bucket)] = (counts[Number(bucket)] ?? 0) + count * share;
  return settled(counts);
}

function settled(counts: Readonly<Record<number, number>>): Histogram {
  if (weightOf({ counts }) <= mostWeight) return { counts };
  const halved = Object.entries(counts)
    .map(([bucket, count]): [string, number] => [bucket, Math.round(count * 50) / 100])
    .filter(([, count]) => count >= leastCount);
  return { counts: Object.fromEntries(halved) };
}

/** The span that this share of all seen did not exceed, to within a bucket; null of an empty one. */
export function quantile(histogram: Histogram, share: number): number | null {
  const weight = weightOf(histogram);
  if (weight === 0) return null;
  const buckets = Object.keys(histogram.counts)
    .map(Number)
    .sort((a, b) => a - b);
  let seen = 0;
  for (const bucket of buckets) {
    seen += histogram.counts[bucket] ?? 0;
    if (seen >= weight * share) return middleOf(bucket);
  }
  return middleOf(buckets.at(-1) ?? 0);
}

/** What `JSON.stringify` made of one; null of anything else. */
export function readHistogram(value: unknown): Histogram | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const counts: Record<number, number> = {};
  for (const [key, count] of Object.entries(value)) {
    const bucket = Number(key);
    if (!Number.isInteger(bucket) || bucket < 0 || bucket > lastBucket) return null;
    if (typeof count !== 'number' || !Number.isFinite(count) || count <= 0) return null;
    counts[bucket] = count;
  }
  return settled(counts);
}
