import type { AuditPlace } from '@/lib/domain/audit';
import { auditOf } from '@/lib/domain/audit-of';
import { wholeAudit } from '@/lib/domain/audit-look';
import type { Json } from '@/lib/domain/json';
import type { AuditTrail } from '@/server/engine/ports/audit';
import type { PolicyDb } from '@/server/policy/tables';
import type { Store } from '@/server/engine/ports/store';

/** I15: no decision is on the disk without its entry, none twice, and the chain is whole. */
export async function auditFindings(
  audit: Pick<AuditTrail, 'check' | 'page'>,
  store: Store,
): Promise<readonly string[]> {
  const findings: string[] = [];
  let after: AuditPlace | null = null;
  for (;;) {
    const step: Awaited<ReturnType<AuditTrail['check']>> = await audit.check(after, 200);
    if (step.broken !== null) findings.push(`I15: audit entry ${step.broken.seq}: ${step.broken.why}`);
    if (step.broken !== null || step.isEnd) break;
    after = step.upTo;
  }
  const page = await audit.page(wholeAudit, { before: null, limit: 1_000 });
  const kept = page.entries.map(({ facts }) => placeOf(facts['session'], facts['event']));
  const summaries = await store.sessions({ live: null, search: null, before: null, limit: 100 });
  for (const { session } of summaries) {
    const events = await store.events(session.sessionId, { afterSeq: 0, limit: 10_000 });
    const decisions = events.filter((event) => auditOf(event, { request: null, call: null, from: null }) !== null);
    for (const { seq, type } of decisions) {
      const times = kept.filter((name) => name === `${session.sessionId}/${seq}`).length;
      if (times !== 1) findings.push(`I15: ${type} is ${times} times in the audit log`);
    }
    const known = new Set(decisions.map(({ seq }) => `${session.sessionId}/${seq}`));
    const alone = kept.filter((name) => name.startsWith(`${session.sessionId}/`) && !known.has(name));
    // What a choice has to do with its session is no event.
    for (const name of alone) if (!name.endsWith('/none')) findings.push(`I15: ${name} is only in the audit log`);
  }
  return findings;
}

/** I15: no choice is on the disk without its entry, nor an entry without its choice. */
export async function choiceActFindings(audit: Pick<AuditTrail, 'page'>, db: PolicyDb): Promise<readonly string[]> {
  const look = { ...wholeAudit, act: 'choice.remembered' } as const;
  const { entries } = await audit.page(look, { before: null, limit: 1_000 });
  const said = entries.map(({ about }) => about.id).sort();
  const kept = (await db.selectFrom('hp_choice').select('id').orderBy('id').execute()).map(({ id }) => id);
  return said.join() === kept.join()
    ? []
    : [`I15: choices ${kept.join()} are on the disk, and ${said.join()} on record`];
}

function placeOf(session: Json | undefined, event: Json | undefined): string {
  return `${typeof session === 'string' ? session : 'none'}/${typeof event === 'number' ? event : 'none'}`;
}
