import type { Origin } from '@/lib/domain/audit';

/** What a request from outside shows of where it came from, as it stands in it. */
export interface Arrival {
  readonly socketAddress: string | null;
  /** Its `X-Forwarded-For`, believed only as far as our own proxies wrote it. */
  readonly forwardedFor: string | null;
  readonly userAgent: string | null;
}

export type OriginOf = (arrival: Arrival, by: Origin['by']) => Origin;
