import type { RandomBytes } from '@/lib/domain/ids';
import type { Channel, NoticeAbout, NoticeKind } from '@/lib/domain/notice';
import type { NoticeContent } from './content/content';

/** A delivery that waits for its turn. */
export interface Delivery {
  readonly id: string;
  readonly about: NoticeAbout;
  readonly kind: NoticeKind;
  readonly channel: Channel;
  readonly recipient: string;
  readonly gather: boolean;
  readonly batch: string | null;
  readonly attempts: number;
  readonly createdAt: number;
  readonly content: NoticeContent;
}

/** A delivery to be written, if there is none alike. */
export interface NewDelivery {
  readonly about: NoticeAbout;
  readonly kind: NoticeKind;
  readonly channel: Channel;
  readonly recipient: string;
  readonly occurrence: string;
  readonly gather: boolean;
  readonly nextAt: number;
  readonly content: NoticeContent;
}

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Such as `dlv_7QF4M2K9XT0B9XT0`: 80 random bits. */
export function mintLocalId(prefix: 'dlv' | 'end', random: RandomBytes): string {
  let body = '';
  for (const byte of random(16)) body += alphabet[byte & 31];
  return `${prefix}_${body}`;
}
