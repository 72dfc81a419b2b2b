import { randomBytes } from 'node:crypto';
import { type AuditPlace, auditStart } from '@/lib/domain/audit';
import type { AuditTrail } from '@/server/engine/ports/audit';
import { planDrop, planDue, planWrites } from '../write-plan';
import type { Writer } from '../writer';
import { AuditChain, type ChainParts, spanOf } from './audit-chain';
import { auditEnds, auditLines, auditPage, auditSpan } from './audit-pages';
import { checkStep, readHead } from './audit-steps';
import { dueText } from './due-rows';

const dropMost = 5_000;

/** In the order they are made, also within a millisecond. */
class DueIds {
  private count = 0;

  next(now: number): string {
    this.count = (this.count + 1) % 1_000_000;
    const place = `${String(now).padStart(15, '0')}-${String(this.count).padStart(6, '0')}`;
    return `${place}-${randomBytes(6).toString('hex')}`;
  }
}

/** What reads the audit log needs no writer: a command verifies beside a server that runs. */
export type AuditReading = Pick<AuditTrail, 'page' | 'ends' | 'last' | 'check' | 'span' | 'lines'>;

export function readAudit(parts: Pick<ChainParts, 'db' | 'seal'>): AuditReading {
  const { db } = parts;
  return {
    page: (look, how) => auditPage(db, look, how),
    ends: () => auditEnds(db),
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
  const ids = new DueIds();
  await chain.open((rows) => writer.write(planWrites([], rows)));
  const settle = async (): Promise<void> => {
    try {
      for (;;) if (await chain.settle((rows, taken) => writer.write(planDue(rows, taken)))) return;
    } catch (error) {
      parts.log.warn({ err: error }, 'acts wait for the audit log until the database takes them');
    }
  };
  // What a life before changed and did not come to say.
  await settle();
  const audit: AuditTrail = {
    ...readAudit(parts),
    row: (draft) => ({ id: ids.next(parts.now()), body: dueText(draft, parts.seal) }),
    gather: () => {
      const id = ids.next(parts.now());
      const release = chain.hold(id);
      return { row: (draft) => ({ id, body: dueText(draft, parts.seal) }), release };
    },
    settle,
    record: (draft) => chain.append([draft], (links) => writer.write(planWrites([], links))),
    dropBefore: (at, limit) =>
      chain.drop({ thanAt: at, limit: Math.min(limit, dropMost) }, (rows, upTo) => writer.write(planDrop(rows, upTo))),
  };
  return { chain, audit };
}
