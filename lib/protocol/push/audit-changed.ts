import type { AuditBreak } from '@/lib/domain/audit-look';

/** The audit log was found broken, or whole again; said to admins alone. */
export interface AuditChangedPush {
  readonly type: 'audit.changed';
  readonly broken: AuditBreak | null;
}
