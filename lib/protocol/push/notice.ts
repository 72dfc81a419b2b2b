import type { RequestId } from '@/lib/domain/ids';

/** Something this person asked to be told of, for a desktop notification. Never what is asked or answered (I14). */
export interface NoticePush {
  readonly type: 'notice';
  readonly id: string;
  readonly kind: 'opened' | 'expiring' | 'escalated' | 'assigned' | 'mentioned' | 'expired' | 'undelivered' | 'digest';
  readonly title: string;
  readonly body: string;
  /** Null for a digest of several. */
  readonly requestId: RequestId | null;
}
