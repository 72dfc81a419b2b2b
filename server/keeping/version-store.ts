import type { AuditDraft } from '@/lib/domain/audit';
import type { AuditDue } from '@/server/engine/ports/audit';
import { foundAfter } from '@/server/engine/ports/lost-word';
import type { KeepingDb, KeepingTables } from './tables';

/** One saved state of a setting; every one before stays. */
export interface Version<T> {
  /** Counts from 1; 0 before anything was saved. */
  readonly version: number;
  readonly body: T;
  readonly savedAt: number | null;
  readonly savedBy: string | null;
}

export interface NextVersion<T> {
  readonly base: number;
  readonly body: T;
  readonly by: string | null;
  readonly at: number;
  /** What the audit log keeps of it. */
  readonly act: AuditDraft;
}

interface Parts {
  readonly db: KeepingDb;
  readonly audit: AuditDue;
}

/** A setting with versions, each with what the audit log keeps of it: of two who change the same one, the later is refused. */
export class VersionStore<T> {
  private doubt: 'none' | 'whether saved' = 'none';

  constructor(
    private readonly parts: Parts,
    private readonly kind: KeepingTables['hp_keeping']['kind'],
  ) {}

  /** A save failed, and it was not looked since whether it is there. */
  get isInDoubt(): boolean {
    return this.doubt !== 'none';
  }

  async latest(): Promise<Version<T> | null> {
    const row = await this.parts.db
      .selectFrom('hp_keeping')
      .selectAll()
      .where('kind', '=', this.kind)
      .orderBy('version', 'desc')
      .limit(1)
      .executeTakeFirst();
    this.doubt = 'none';
    if (row === undefined) return null;
    const { version, saved_at: savedAt, saved_by: savedBy, body } = row;
    // What is in this column was checked when it was saved.
    return { version, body: JSON.parse(body) as T, savedAt: Number(savedAt), savedBy };
  }

  /** With its act when it resolves, both or neither; null when another was saved since `base`. */
  async save(next: NextVersion<T>): Promise<Version<T> | null> {
    const { base, body, by, at } = next;
    const saved: Version<T> = { version: base + 1, body, savedAt: at, savedBy: by };
    if (!(await this.written(saved, next.act))) return null;
    await this.parts.audit.settle();
    return saved;
  }

  private written(saved: Version<T>, act: AuditDraft): Promise<boolean> {
    return foundAfter(
      () => this.write(saved, act),
      async () => {
        this.doubt = 'whether saved';
        return JSON.stringify(await this.latest()) === JSON.stringify(saved) ? true : null;
      },
    );
  }

  private write({ version, body, savedAt, savedBy }: Version<T>, act: AuditDraft): Promise<boolean> {
    const { db, audit } = this.parts;
    const row = { kind: this.kind, version, saved_at: savedAt ?? 0, saved_by: savedBy, body: JSON.stringify(body) };
    return db.transaction().execute(async (trx) => {
      const written = await trx
        .insertInto('hp_keeping')
        .values(row)
        .onConflict((conflict) => conflict.columns(['kind', 'version']).doNothing())
        .executeTakeFirst();
      if (Number(written.numInsertedOrUpdatedRows ?? 0) === 0) return false;
      await trx.insertInto('hp_audit_due').values(audit.row(act)).execute();
      return true;
    });
  }
}
