import type { Segment, SegmentKind } from './lane-model';

export interface Span {
  readonly from: number;
  readonly to: number;
}

/** What spans cover, in order: those that overlap or touch are one. */
export function union(spans: readonly Span[]): readonly Span[] {
  const joined: { from: number; to: number }[] = [];
  for (const { from, to } of spans.toSorted((a, b) => a.from - b.from)) {
    const last = joined.at(-1);
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to);
    else joined.push({ from, to });
  }
  return joined;
}

export function totalMs(joined: readonly Span[]): number {
  return joined.reduce((sum, { from, to }) => sum + Math.max(0, to - from), 0);
}

/** How much of a call's time went to this until `now`. Several questions at a time are one wait. */
export function spentMs(
  segments: readonly Pick<Segment, 'kind' | 'from' | 'to'>[],
  kind: SegmentKind,
  now: number,
): number {
  const spans = segments.flatMap((part) => (part.kind === kind ? [{ from: part.from, to: part.to ?? now }] : []));
  return totalMs(union(spans));
}
