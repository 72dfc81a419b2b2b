import { z } from 'zod';
import type { AuditBreak } from '@/lib/domain/audit-look';
import type { PauseList } from '@/lib/domain/pause';
import type { Person } from '@/lib/domain/permission';

/** The first word of a page: says which protocol it speaks. Refused with `old_page` when it is another. */
export const helloCommand = z.strictObject({ type: z.literal('hello'), version: z.int() });

export interface HelloReply {
  readonly version: number;
  readonly person: Person;
  /** The server's clock, epoch milliseconds: deadlines are counted by it, not by the browser's. */
  readonly now: number;
  readonly storageOk: boolean;
  readonly pauses: PauseList;
  /** What is wrong with the audit log; null for nothing, and to who may not read it. */
  readonly auditBroken: AuditBreak | null;
}
