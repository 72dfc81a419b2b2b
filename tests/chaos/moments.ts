/** Where most can go wrong: what was just said is not yet kept, or what was kept not yet said. */
export type Moment = 'call_sent' | 'request_shown' | 'answer_said' | 'answer_saved';

/** The moments of one round, for faults that strike right after one. */
export class Moments {
  private readonly counts = new Map<Moment, number>();
  private readonly waiting: { readonly moment: Moment; readonly count: number; readonly go: () => void }[] = [];

  happened(moment: Moment): void {
    const count = (this.counts.get(moment) ?? 0) + 1;
    this.counts.set(moment, count);
    for (const each of this.waiting) if (each.moment === moment && each.count === count) each.go();
  }

  /** Resolves at the `count`th of its kind; a round may never see it. */
  until(moment: Moment, count: number): Promise<void> {
    if ((this.counts.get(moment) ?? 0) >= count) return Promise.resolve();
    return new Promise((go) => this.waiting.push({ moment, count, go }));
  }
}
