import { z } from 'zod';
import {
  type SessionCounts,
  sessionEnds,
  type SessionNarrowing,
  type SessionPicks,
  waitingMoods,
} from '@/lib/domain/session-query';
import type { SessionSummary } from '@/lib/domain/summary';
import { idSchema } from './ids';

const longestSearch = 200;
const longestServer = 100;

export const narrowingSchema = z.strictObject({
  agentId: idSchema('agent').nullable(),
  server: z.string().max(longestServer).nullable(),
  moods: z.array(z.enum(waitingMoods)).max(waitingMoods.length).readonly(),
  ends: z.array(z.enum(sessionEnds)).max(sessionEnds.length).readonly(),
  startedFrom: z.number().nullable(),
  startedBefore: z.number().nullable(),
}) satisfies z.ZodType<SessionNarrowing>;

const search = z.string().max(longestSearch).nullable();

/** A page of sessions, newest first; the first page (no `before`) also subscribes to changes. */
export const sessionsWatchCommand = z.strictObject({
  type: z.literal('sessions.watch'),
  live: z.boolean().nullable(),
  search,
  narrow: narrowingSchema.optional(),
  before: z.strictObject({ startedAt: z.number(), sessionId: idSchema('session') }).nullable(),
});

export interface SessionsWatchReply {
  readonly sessions: readonly SessionSummary[];
  readonly more: boolean;
}

/** How many sessions stand beside each filter: `moods` and `ends` of the bounds are left aside. */
export const sessionsCountsCommand = z.strictObject({
  type: z.literal('sessions.counts'),
  search,
  narrow: narrowingSchema,
});
export type SessionsCountsReply = SessionCounts;

/** What the filters offer. */
export const sessionsPicksCommand = z.strictObject({ type: z.literal('sessions.picks') });
export type SessionsPicksReply = SessionPicks;
