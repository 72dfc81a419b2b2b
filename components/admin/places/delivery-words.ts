import type { Channel, DeliveryRow } from '@/lib/domain/notice';
import { whenWords } from '@/lib/domain/timeline/time-words';

export const channelNames: { readonly [C in Channel]: string } = {
  desktop: 'Desktop',
  email: 'E-mail',
  slack: 'Slack',
  webhook: 'Webhook',
};

export interface DeliveryWords {
  readonly is: 'sent' | 'waiting' | 'again' | 'failed' | 'dropped';
  readonly state: string;
  /** When, how often, and what it said; null when there is nothing more to say. */
  readonly detail: string | null;
}

/** Where a delivery is, in words. */
export function deliveryWords(row: DeliveryRow, now: number): DeliveryWords {
  const { state, attempts, nextAt, sentAt } = row;
  const why = whyWords(row);
  const tries = `${attempts} ${attempts === 1 ? 'try' : 'tries'}`;
  switch (state) {
    case 'sent':
      return {
        is: 'sent',
        state: sentAt === null ? 'sent' : `sent ${whenWords(sentAt, now)}`,
        detail: attempts > 1 ? `after ${tries}` : null,
      };
    case 'pending': {
      const next = nextAt === null || nextAt <= now ? 'next: now' : `next ${whenWords(nextAt, now)}`;
      if (attempts === 0) return { is: 'waiting', state: 'waiting', detail: next };
      return { is: 'again', state: 'trying again', detail: joined([tries, next, why]) };
    }
    case 'failed':
      return { is: 'failed', state: 'given up', detail: joined([tries, why]) };
    case 'dropped':
      return { is: 'dropped', state: 'not sent', detail: why };
  }
}

/** "503: The server said that it is busy." */
function whyWords({ lastError, lastStatus }: DeliveryRow): string | null {
  if (lastError === null) return lastStatus === null ? null : `status ${lastStatus}`;
  return lastStatus === null || lastError.includes(String(lastStatus)) ? lastError : `${lastStatus}: ${lastError}`;
}

function joined(parts: readonly (string | null)[]): string {
  return parts.filter((part) => part !== null).join(' · ');
}
