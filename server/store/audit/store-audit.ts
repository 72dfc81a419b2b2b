import { type AuditPlace, auditStart } from '@/lib/domain/audit';
import type { AuditTrail } from '@/server/engine/ports/audit';
import { planDrop, planWrites } from '../write-plan';
import type { Writer } from '../writer';
import { AuditChain, type ChainParts, spanOf } from './audit-chain';
import { auditLines, auditPage, auditSpan } from './audit-pages';
import { checkStep, readHead } from './audit-steps';

const dropMost = 5_000;

/** What reads the audit log needs no writer: a command verifies beside a server that runs. */
export type AuditReading = Pick<AuditTrail, 'page' | 'last' | 'check' | 'span' | 'lines'>;

export function readAudit(parts: Pick<ChainParts, 'db' | 'seal'>): AuditReading {
  const { db } = parts;
  return {
    page: (look, how) => auditPage(db, look, how),
    last: async (): Promise<AuditPlace> => {
      const head = await readHead(db);
      return head === null ? auditStart : spanOf(head).last;
    },
    check: (after, limit) => checkStep(parts, { after, limit }),
    span: (time) => auditSpan(db, time),
    lines: (after, upTo, limit) => auditLines(db, after, upTo, limit),
  };
}

/** The audit log, written by the same chain as the acts that come with events. */
export async function openAudit(
  parts: ChainParts & { readonly writer: Writer },
): Promise<{ readonly chain: AuditChain; readonly audit: AuditTrail }> {
  const { writer } = parts;
  const chain = new AuditChain(parts);
  await chain.open((rows) => writer.write(planWrites([], rows)));
  const audit: AuditTrail = {
    ...readAudit(parts),
    record: (draft) => chain.append([draft], (links) => writer.write(planWrites([], links))),
    dropBefore: (at, limit) =>
      chain.drop({ thanAt: at, limit: Math.min(limit, dropMost) }, (rows, upTo) => writer.write(planDrop(rows, upTo))),
  };
  return { chain, audit };
}
