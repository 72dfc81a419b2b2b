import { z } from 'zod';
import type { Pause, PauseList } from '@/lib/domain/pause';
import { idSchema } from './ids';

/** What is paused now. */
export const pausesListCommand = z.strictObject({ type: z.literal('pauses.list') });
export type PausesListReply = PauseList;

/** Pauses a server, an agent or everything; one that is paused already gets this reason and time instead. */
export const pausesSetCommand = z.strictObject({
  type: z.literal('pauses.set'),
  target: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('everything') }),
    z.strictObject({ kind: z.literal('server'), server: z.string().min(1).max(200) }),
    z.strictObject({ kind: z.literal('agent'), agentId: idSchema('agent') }),
  ]),
  reason: z.string().trim().min(1).max(500),
  /** Epoch milliseconds; null until it is lifted by hand. */
  untilAt: z.int().min(0).nullable(),
});
export type PausesSetReply = Pause;

export const pausesLiftCommand = z.strictObject({ type: z.literal('pauses.lift'), pauseId: idSchema('pause') });
export type PausesLiftReply = null;
