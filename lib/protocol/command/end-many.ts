import { z } from 'zod';
import { endManyMost, type EndManyPreview, type EndSelection } from '@/lib/domain/end-many';
import { endItemShows, type EndingsPage, type EndItemsPage, type EndOperation } from '@/lib/domain/end-operation';
import { idSchema } from './ids';
import { narrowingSchema } from './sessions-watch';

const reason = z.string().trim().min(1).max(500);

const selectionSchema = z.strictObject({
  sessionIds: z.array(idSchema('session')).max(endManyMost).readonly().nullable(),
  live: z.boolean().nullable(),
  search: z.string().max(200).nullable(),
  narrow: narrowingSchema.nullable(),
}) satisfies z.ZodType<EndSelection>;

/** What ending many sessions would do, added up. */
export const sessionsPreviewEndCommand = z.strictObject({
  type: z.literal('sessions.preview_end'),
  selection: selectionSchema,
});
export type SessionsPreviewEndReply = EndManyPreview;

/** Ends the sessions a preview showed, and nobody else (I10). */
export const sessionsEndCommand = z.strictObject({
  type: z.literal('sessions.end'),
  selection: selectionSchema,
  sessions: z
    .array(z.strictObject({ sessionId: idSchema('session'), print: z.string().min(1).max(100) }))
    .min(1)
    .max(endManyMost)
    .readonly(),
  reason,
  whenChanged: z.enum(['leave', 'end']),
});
export type SessionsEndReply = EndOperation;

/** A page of the orders to end many, the latest first; the first page (no `before`) also subscribes to how far they are. */
export const sessionsEndingsCommand = z.strictObject({
  type: z.literal('sessions.endings'),
  before: z.strictObject({ at: z.number(), endingId: idSchema('ending') }).nullable(),
});
export type SessionsEndingsReply = EndingsPage;

/** One order with a page of its sessions. */
export const sessionsEndingCommand = z.strictObject({
  type: z.literal('sessions.ending'),
  endingId: idSchema('ending'),
  look: z.strictObject({ show: z.enum(endItemShows), from: z.int().min(0).max(endManyMost) }),
});
export type SessionsEndingReply = EndItemsPage;

/** No further session of an order is begun. */
export const sessionsStopEndingCommand = z.strictObject({
  type: z.literal('sessions.stop_ending'),
  endingId: idSchema('ending'),
});
export type SessionsStopEndingReply = EndOperation;

/** What is left of the time a session's servers have to stop is not waited for. */
export const sessionForceEndCommand = z.strictObject({
  type: z.literal('session.force_end'),
  sessionId: idSchema('session'),
});
export type SessionForceEndReply = null;

/** Ends one call; its session goes on. */
export const callCancelCommand = z.strictObject({
  type: z.literal('call.cancel'),
  sessionId: idSchema('session'),
  callId: idSchema('call'),
  reason,
});
export type CallCancelReply = null;
