import { z } from 'zod';
import { type AuditEntry, auditActs } from '@/lib/domain/audit';
import type { AuditHealth, AuditLook } from '@/lib/domain/audit-look';

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

/** A page of the audit log, newest first; `before` is where the last one ended. */
export const auditReadCommand = z.strictObject({
  type: z.literal('audit.read'),
  look: auditLookSchema,
  before: z.int().min(1).nullable(),
});
export interface AuditReadReply {
  readonly entries: readonly AuditEntry[];
  readonly next: number | null;
  readonly health: AuditHealth;
}
