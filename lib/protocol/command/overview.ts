import { z } from 'zod';
import type { Overview } from '@/lib/domain/overview/overview';
import type { Period } from '@/lib/domain/overview/period';

const longestDate = 10;
const longestZone = 64;

const periodSchema = z.discriminatedUnion('is', [
  z.strictObject({ is: z.literal('last'), days: z.union([z.literal(1), z.literal(7), z.literal(30)]) }),
  z.strictObject({ is: z.literal('dates'), from: z.string().max(longestDate), until: z.string().max(longestDate) }),
]) satisfies z.ZodType<Period>;

/** The figures of a period, with the days of the time zone of who looks. */
export const overviewReadCommand = z.strictObject({
  type: z.literal('overview.read'),
  period: periodSchema,
  timeZone: z.string().max(longestZone),
});
export type OverviewReadReply = Overview;
