import type { AuditBreak, AuditLook, AuditSide } from '@/lib/domain/audit-look';
import type { Person } from '@/lib/domain/permission';
import type { Result } from '@/lib/domain/refusal';
import type { AuditReadReply } from '@/lib/protocol/command/audit';
import type { Handlers } from './commands';

/** The audit log as people reach it; whoever keeps it checks who asks (I11). */
export interface AuditPort {
  read(person: Person, look: AuditLook, how: AuditSide & { readonly limit: number }): Promise<Result<AuditReadReply>>;
  /** What is wrong with it, for who may know; null for nothing, and for everyone else. */
  broken(person: Person): AuditBreak | null;
}

export function auditHandlers(audit: AuditPort): Pick<Handlers, 'audit.read'> {
  return { 'audit.read': (guest, { look, side, limit }) => audit.read(guest.person, look, { ...side, limit }) };
}
