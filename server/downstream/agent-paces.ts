import type { AgentId } from '@/lib/domain/ids';
import type { Clock } from '@/server/engine/ports/clock';
import { BoundedMap } from './bounded-map';

interface Bucket {
  tokens: number;
  filledAt: number;
}

const rememberedMost = 10_000;

/** Bounds how fast each agent may ask, whatever its sessions: a bucket each, so that one's flood is nobody else's. */
export class AgentPaces {
  private readonly buckets = new BoundedMap<AgentId, Bucket>(rememberedMost);

  constructor(
    private readonly clock: Pick<Clock, 'now'>,
    /** So many seconds' worth may come at once. */
    private readonly pace: { readonly perSecond: number; readonly burstSeconds: number },
  ) {}

  /** Whether one more is taken now. */
  take(agent: AgentId): boolean {
    const { perSecond, burstSeconds } = this.pace;
    const most = perSecond * burstSeconds;
    const now = this.clock.now();
    const bucket = this.buckets.get(agent) ?? { tokens: most, filledAt: now };
    this.buckets.set(agent, bucket);
    // A clock that is set back fills nothing, and takes nothing away.
    const passedMs = Math.max(0, now - bucket.filledAt);
    bucket.tokens = Math.min(most, bucket.tokens + (passedMs / 1_000) * perSecond);
    bucket.filledAt = now;
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }
}
