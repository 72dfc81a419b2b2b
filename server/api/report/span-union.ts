export interface Span {
  readonly from: number;
  readonly to: number;
}

const pendingMost = 1_000;

/** Time that is covered by spans, none of it counted twice, however many there were. */
export class SpanUnion {
  private joined: readonly Span[] = [];
  private pending: Span[] = [];

  add(span: Span): void {
    this.pending.push(span);
    if (this.pending.length >= pendingMost) this.settle();
  }

  /** With spans that last until now. */
  totalMs(open: readonly Span[]): number {
    this.settle();
    return union([...this.joined, ...open]).reduce((sum, { from, to }) => sum + Math.max(0, to - from), 0);
  }

  private settle(): void {
    this.joined = union([...this.joined, ...this.pending]);
    this.pending = [];
  }
}

function union(spans: Span[]): readonly Span[] {
  const joined: { from: number; to: number }[] = [];
  for (const { from, to } of spans.sort((a, b) => a.from - b.from)) {
    const last = joined.at(-1);
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to);
    else joined.push({ from, to });
  }
  return joined;
}
