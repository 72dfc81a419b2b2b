import type { Kysely } from 'kysely';
import type { AuditEntry } from '@/lib/domain/audit';
import type { Database } from '@/server/store/schema';

/** What the audit log holds, as it is on disk. */
export async function auditEntries(db: Kysely<Database>): Promise<readonly AuditEntry[]> {
  const rows = await db.selectFrom('hp_audit').select(['body', 'hash']).orderBy('seq').execute();
  return rows.map(({ body, hash }) => ({ ...(JSON.parse(body) as Omit<AuditEntry, 'hash'>), hash }));
}

/** The entries of an export. */
export function auditEntriesIn(lines: readonly string[]): readonly AuditEntry[] {
  return lines.map((line) => JSON.parse(line) as AuditEntry);
}
