import type { RandomBytes } from '@/lib/domain/ids';
import type { Channel } from '@/lib/domain/notice';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/** The Standard Webhooks specification's own: ten tries in a little over three days. */
const webhookWaitsMs = [5 * second, 5 * minute, 30 * minute, 2, 5, 10, 14, 20, 24].map((wait) =>
  wait < second ? wait * hour : wait,
);
const messageWaitsMs = [10 * second, minute, 5 * minute, 15 * minute, hour, 3 * hour, 6 * hour, 12 * hour];

const waitsMs: { readonly [C in Channel]: readonly number[] } = {
  webhook: webhookWaitsMs,
  slack: messageWaitsMs,
  email: messageWaitsMs,
  desktop: [],
};

/** Up to a fifth more, so that what failed together does not come back together. */
const jitter = 0.2;

/** How long to wait after this many tries; null when it is given up. */
export function waitAfter(channel: Channel, attempts: number, random: RandomBytes): number | null {
  const waitMs = waitsMs[channel][attempts - 1];
  if (waitMs === undefined) return null;
  const [byte = 0] = random(1);
  return Math.round(waitMs * (1 + (jitter * byte) / 256));
}
