import type { Kysely } from 'kysely';
import { type AuditPlace, auditStart } from '@/lib/domain/audit';
import type { AuditBreak } from '@/lib/domain/audit-look';
import type { AuditStep } from '@/server/engine/ports/audit';
import type { AuditHeadRow, Database } from '../schema';
import { spanOf } from './audit-chain';
import { checkRow } from './audit-check';
import type { AuditSeal } from './audit-hash';

export interface CheckParts {
  readonly db: Kysely<Database>;
  /** Null when the secret is not known: the seal is then not looked at. */
  readonly seal: AuditSeal | null;
}

/**
 * One step of verifying. The end is read before the entries: those it names must be there, whatever is written
 * meanwhile; what was written meanwhile must be named when it is read again.
 */
export async function checkStep(
  parts: CheckParts,
  how: { readonly after: AuditPlace | null; readonly limit: number },
): Promise<AuditStep> {
  const head = await readHead(parts.db);
  const base = head === null ? auditStart : spanOf(head).base;
  const after = how.after === null || how.after.seq < base.seq ? base : how.after;
  const walked = await walk(parts.db, { after, limit: how.limit, head });
  const step = { base, upTo: walked.upTo, sealedAnew: walked.sealedAnew };
  if (walked.broken === null && !walked.isLast) return { ...step, broken: null, isEnd: false };
  const broken = walked.broken ?? (await endBreak(parts, walked.upTo, head));
  if (broken === null) return { ...step, broken: null, isEnd: true };
  // The oldest may have been dropped while they were read: then it goes on from where the log begins now.
  const now = await readHead(parts.db);
  const moved = now === null ? auditStart : spanOf(now).base;
  if (moved.seq > base.seq && broken.seq <= moved.seq)
    return { base: moved, upTo: moved, broken: null, isEnd: false, sealedAnew: [] };
  return { ...step, broken, isEnd: false };
}

interface Walked {
  readonly upTo: AuditPlace;
  readonly broken: AuditBreak | null;
  readonly isLast: boolean;
  readonly sealedAnew: readonly number[];
}

async function walk(
  db: Kysely<Database>,
  how: { readonly after: AuditPlace; readonly limit: number; readonly head: AuditHeadRow | null },
): Promise<Walked> {
  const { after, limit, head } = how;
  const rows = await db
    .selectFrom('hp_audit')
    .selectAll()
    .where('seq', '>', after.seq)
    .orderBy('seq')
    .limit(limit)
    .execute();
  const sealedAnew: number[] = [];
  let upTo = after;
  for (const row of rows) {
    const checked = checkRow(row, upTo);
    if (!checked.ok) return { upTo, broken: checked.broken, isLast: false, sealedAnew };
    upTo = { seq: row.seq, hash: row.hash };
    if (head !== null && row.seq === head.seq && row.hash !== head.hash)
      return { upTo, broken: { seq: row.seq, why: rewritten }, isLast: false, sealedAnew };
    if (row.act === 'audit.sealed_anew') sealedAnew.push(row.seq);
  }
  return { upTo, broken: null, isLast: rows.length < limit, sealedAnew };
}

const rewritten = 'it is not the entry that was sealed as the end: it, or all of the log, was written anew';

/** What is wrong with the end, when every entry up to it is right. */
async function endBreak(
  { db, seal }: CheckParts,
  last: AuditPlace,
  before: AuditHeadRow | null,
): Promise<AuditBreak | null> {
  const head = await readHead(db);
  if (head === null)
    return last.seq === 0
      ? null
      : { seq: last.seq, why: 'the seal of the end is gone, so what came after it is not known' };
  if (seal !== null && !seal.opens(head.seal, spanOf(head)))
    return { seq: head.seq, why: 'the seal of the end does not fit: it was changed, or made with another secret' };
  if (before !== null && before.seq > last.seq) {
    const first = last.seq + 1;
    const more = before.seq > first ? `, as are all up to entry ${before.seq}` : '';
    return { seq: first, why: `it was cut off from the end${more}` };
  }
  if (head.seq < last.seq)
    return { seq: head.seq + 1, why: 'it comes after the sealed end: it was added from outside' };
  if (head.seq === last.seq && head.hash !== last.hash) return { seq: last.seq, why: rewritten };
  return null;
}

export async function readHead(db: Kysely<Database>): Promise<AuditHeadRow | null> {
  return (await db.selectFrom('hp_audit_head').selectAll().where('id', '=', 1).executeTakeFirst()) ?? null;
}
