import { z } from 'zod';
import {
  type DeliveryRow,
  type EndpointRow,
  noticeKinds,
  type PersonPreferences,
  type TeamPreferences,
} from '@/lib/domain/notice';
import type { Weekday } from '@/lib/domain/notice/local-time';
import { teamIdSchema } from './ids';

const kindsSchema = z.array(z.enum(noticeKinds)).max(noticeKinds.length);
const minuteOfDay = z.int().min(0).max(1_439);
const weekday = z.union([0, 1, 2, 3, 4, 5, 6].map((day) => z.literal(day as Weekday)));

const timesSchema = {
  timeZone: z.string().min(1).max(100),
  quiet: z.strictObject({ fromMinute: minuteOfDay, toMinute: minuteOfDay, days: z.array(weekday).max(7) }).nullable(),
  digestMinutes: z.int().min(1).max(1_440).nullable(),
};

const personSchema = z.strictObject({
  kinds: z.strictObject({ desktop: kindsSchema, email: kindsSchema }),
  ...timesSchema,
}) satisfies z.ZodType<PersonPreferences>;

const teamSchema = z.strictObject({
  kinds: z.strictObject({ slack: kindsSchema, webhook: kindsSchema }),
  ...timesSchema,
}) satisfies z.ZodType<TeamPreferences>;

/** What one is told of, where and when. */
export const noticesReadCommand = z.strictObject({ type: z.literal('notices.read') });
export interface NoticesReadReply {
  readonly preferences: PersonPreferences;
  /** Where mail would go; null when no mail server is configured. */
  readonly email: string | null;
}

export const noticesSaveCommand = z.strictObject({ type: z.literal('notices.save'), preferences: personSchema });
export type NoticesSaveReply = NoticesReadReply;

export const noticesReadTeamCommand = z.strictObject({ type: z.literal('notices.read_team'), teamId: teamIdSchema });
export type NoticesReadTeamReply = TeamPreferences;

export const noticesSaveTeamCommand = z.strictObject({
  type: z.literal('notices.save_team'),
  teamId: teamIdSchema,
  preferences: teamSchema,
});
export type NoticesSaveTeamReply = TeamPreferences;

/** Slack channels and webhooks, of teams or of all. */
export const noticesEndpointsCommand = z.strictObject({ type: z.literal('notices.endpoints') });
export interface NoticesEndpointsReply {
  readonly endpoints: readonly EndpointRow[];
}

export const noticesAddEndpointCommand = z.strictObject({
  type: z.literal('notices.add_endpoint'),
  kind: z.enum(['slack', 'webhook']),
  team: teamIdSchema.nullable(),
  url: z.string().trim().min(1).max(2_000),
  kinds: kindsSchema,
});
export interface NoticesAddEndpointReply {
  readonly endpoint: EndpointRow;
  /** Of a webhook, to verify what it is sent; shown once. */
  readonly secret: string | null;
}

export const noticesRemoveEndpointCommand = z.strictObject({
  type: z.literal('notices.remove_endpoint'),
  id: z.string().max(64),
});
export type NoticesRemoveEndpointReply = true;

export const noticesEnableEndpointCommand = z.strictObject({
  type: z.literal('notices.enable_endpoint'),
  id: z.string().max(64),
});
export type NoticesEnableEndpointReply = EndpointRow;

/** A test to oneself by `desktop` or `email`, or to an endpoint by its id. */
export const noticesTestCommand = z.strictObject({ type: z.literal('notices.test'), to: z.string().max(64) });
export interface NoticesTestReply {
  /** What became of it. */
  readonly words: string;
}

export const noticesLogCommand = z.strictObject({
  type: z.literal('notices.log'),
  before: z.strictObject({ createdAt: z.number(), id: z.string().max(64) }).nullable(),
});
export interface NoticesLogReply {
  readonly deliveries: readonly DeliveryRow[];
  readonly more: boolean;
}
