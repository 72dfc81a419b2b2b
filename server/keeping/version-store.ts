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
}

/** A setting with versions: of two who change the same one, the later is refused. */
export class VersionStore<T> {
  constructor(
    private readonly db: KeepingDb,
    private readonly kind: KeepingTables['hp_keeping']['kind'],
  ) {}

  async latest(): Promise<Version<T> | null> {
    const row = await this.db
      .selectFrom('hp_keeping')
      .selectAll()
      .where('kind', '=', this.kind)
      .orderBy('version', 'desc')
      .limit(1)
      .executeTakeFirst();
    if (row === undefined) return null;
    const { version, saved_at: savedAt, saved_by: savedBy, body } = row;
    // What is in this column was checked when it was saved.
    return { version, body: JSON.parse(body) as T, savedAt: Number(savedAt), savedBy };
  }

  /** Null when another was saved since `base`. */
  async save({ base, body, by, at }: NextVersion<T>): Promise<Version<T> | null> {
    const version = base + 1;
    const written = await this.db
      .insertInto('hp_keeping')
      .values({ kind: this.kind, version, saved_at: at, saved_by: by, body: JSON.stringify(body) })
      .onConflict((conflict) => conflict.columns(['kind', 'version']).doNothing())
      .executeTakeFirst();
    if (Number(written.numInsertedOrUpdatedRows ?? 0) > 0) return { version, body, savedAt: at, savedBy: by };
    const now = await this.latest();
    // The database may have saved it before, and its word been lost.
    const isOurs = now !== null && now.version === version && now.savedAt === at && now.savedBy === by;
    return isOurs ? now : null;
  }
}
