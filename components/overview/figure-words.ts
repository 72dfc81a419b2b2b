import { spanWords } from '@/lib/domain/timeline/time-words';

/** "1,204" */
export function countText(count: number): string {
  return count.toLocaleString('en-US');
}

/** "1 answer", "1,204 answers" */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${countText(count)} ${count === 1 ? one : many}`;
}

const fineMs = 600_000;

/** A time that was told from bins, about as fine as it is known; a dash for none. */
export function tookText(ms: number | null): string {
  if (ms === null) return '–';
  if (ms < 950) return `${Math.max(0.1, Math.round(ms / 100) / 10)} s`;
  const unitMs = ms < fineMs ? 1_000 : 60_000;
  return spanWords(Math.round(ms / unitMs) * unitMs);
}

/** A sum of times: "12 h 4 min". */
export function sumText(ms: number): string {
  return ms < 1_000 ? '0 s' : spanWords(ms);
}
