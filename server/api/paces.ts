import type { PersonId } from '@/lib/domain/ids';

interface Bucket {
  tokens: number;
  filledAt: number;
}

const rememberedMost = 10_000;

/** Bounds how fast each person's programs may ask: a bucket each, filled by the second. */
export class Paces {
  private readonly buckets = new Map<PersonId, Bucket>();

  constructor(private readonly settings: { readonly perSecond: number; readonly now: () => number }) {}

  /** Whether one more is allowed now. */
  take(person: PersonId): boolean {
    const { perSecond, now } = this.settings;
    const most = perSecond * 2;
    const at = now();
    const bucket = this.buckets.get(person) ?? { tokens: most, filledAt: at };
    if (this.buckets.size >= rememberedMost) this.buckets.clear();
    this.buckets.set(person, bucket);
    bucket.tokens = Math.min(most, bucket.tokens + ((at - bucket.filledAt) / 1000) * perSecond);
    bucket.filledAt = at;
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }
}
