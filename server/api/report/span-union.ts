import { type Span, totalMs, union } from '@/lib/domain/timeline/spans';

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
    return totalMs(union([...this.joined, ...open]));
  }

  private settle(): void {
    this.joined = union([...this.joined, ...this.pending]);
    this.pending = [];
  }
}
