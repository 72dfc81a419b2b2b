import { z } from 'zod';
import { type AuditEntry, auditActs } from '@/lib/domain/audit';
import type { AuditEnds, AuditHealth, AuditLook, AuditSide } from '@/lib/domain/audit-look';

const longestId = 200;
const longestText = 200;
const instant = z.int().min(0).nullable();

export const auditLookSchema = z.strictObject({
  act: z.enum(auditActs).nullable(),
  who: z.string().max(longestId).nullable(),
  about: z.string().max(longestId).nullable(),
  fromAt: instant,
  toAt: instant,
  text: z.string().max(longestText).nullable(),
}) satisfies z.ZodType<AuditLook>;

/** The most that one reply brings. */
export const auditPageMost = 100;

const sideSchema = z.union([
  z.strictObject({ before: z.int().min(1).nullable() }),
  z.strictObject({ after: z.int().min(0) }),
]) satisfies z.ZodType<AuditSide>;

/** A page of the audit log, newest first: the entries next to a number, older or newer than it. */
export const auditReadCommand = z.strictObject({
  type: z.literal('audit.read'),
  look: auditLookSchema,
  side: sideSchema,
  limit: z.int().min(1).max(auditPageMost),
});
export interface AuditReadReply {
  readonly entries: readonly AuditEntry[];
  /** Where to read on, on the same side; null when nothing is left there. */
  readonly next: number | null;
  /** The first and the last entry of the whole log; null while there is none. */
  readonly ends: AuditEnds | null;
  readonly health: AuditHealth;
}
