import { z } from 'zod';
import type { QueueItem } from '@/lib/domain/request-detail';

/** Subscribes to the queue; the reply is the whole of what is open and the latest of what is over. */
export const queueWatchCommand = z.strictObject({ type: z.literal('queue.watch') });

export interface QueueWatchReply {
  readonly open: readonly QueueItem[];
  readonly recent: readonly QueueItem[];
  readonly presence: readonly PresenceEntry[];
}

/** Who looks at a request and who types. */
export interface PresenceEntry {
  readonly requestId: string;
  readonly people: readonly { readonly id: string; readonly name: string; readonly typing: boolean }[];
}
