/** A bucket that fills by the second: bounds how fast one socket may speak. */
export class Pace {
  private tokens: number;
  private filledAt: number;

  constructor(private readonly settings: { readonly perSecond: number; readonly now: () => number }) {
    this.tokens = settings.perSecond * 2;
    this.filledAt = settings.now();
  }

  /** Whether one more is allowed now. */
  take(): boolean {
    const { perSecond, now } = this.settings;
    const at = now();
    this.tokens = Math.min(perSecond * 2, this.tokens + ((at - this.filledAt) / 1000) * perSecond);
    this.filledAt = at;
    if (this.tokens < 1) return false;
    this.tokens -= 1;
    return true;
  }
}
