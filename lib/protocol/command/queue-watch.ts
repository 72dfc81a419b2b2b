import { z } from 'zod';
import { type QueueCounts, type QueueLook, queueOrders, queueViews } from '@/lib/domain/queue-query';
import type { RequestId } from '@/lib/domain/ids';
import type { QueueItem } from '@/lib/domain/request-detail';
import { idSchema, teamIdSchema } from './ids';

const longestSearch = 200;
const mostTeams = 50;

export const lookSchema = z.strictObject({
  view: z.enum(queueViews),
  text: z.string().max(longestSearch),
  kinds: z.array(z.enum(['form', 'url', 'approval', 'sampling', 'recovery'])).max(5),
  risks: z.array(z.enum(['read_only', 'writes', 'destructive'])).max(3),
  teams: z.array(teamIdSchema).max(mostTeams),
  order: z.enum(queueOrders),
}) satisfies z.ZodType<QueueLook>;

/** Subscribes to the queue and reads the first page of a look at it. Asked again, it looks elsewhere. */
export const queueWatchCommand = z.strictObject({ type: z.literal('queue.watch'), look: lookSchema });

export interface QueueWatchReply extends QueuePageReply {
  readonly counts: QueueCounts;
  readonly presence: readonly PresenceEntry[];
}

/** The next page of a look, after the place where the one before ended. */
export const queuePageCommand = z.strictObject({
  type: z.literal('queue.page'),
  look: lookSchema,
  after: z.strictObject({ at: z.number(), requestId: idSchema('request') }),
});

export interface QueuePageReply {
  readonly items: readonly QueueItem[];
  /** Whether there are more after these. */
  readonly more: boolean;
}

/** Asked again after pushes, at the page's own pace. */
export const queueCountsCommand = z.strictObject({ type: z.literal('queue.counts') });
export type QueueCountsReply = QueueCounts;

/** Who looks at a request and who types. */
export interface PresenceEntry {
  readonly requestId: RequestId;
  readonly people: readonly { readonly id: string; readonly name: string; readonly typing: boolean }[];
}
