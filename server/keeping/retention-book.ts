import type { AuditDraft } from '@/lib/domain/audit';
import { keptForEver, type Retention, type RetentionVersion } from '@/lib/domain/retention';
import type { AuditDue } from '@/server/engine/ports/audit';
import type { Clock } from '@/server/engine/ports/clock';
import { retentionAct } from './keeping-acts';
import type { KeepingDb } from './tables';
import { type Version, VersionStore } from './version-store';

/** How long things are kept. */
export class RetentionBook {
  private constructor(
    private readonly store: VersionStore<Retention>,
    private latest: Version<Retention>,
  ) {}

  /** `first` is that of the configuration; null when it says none. */
  static async open(
    parts: { readonly db: KeepingDb; readonly audit: AuditDue; readonly clock: Clock },
    first: Retention | null,
  ): Promise<RetentionBook> {
    const store = new VersionStore<Retention>(parts, 'retention');
    const empty: Version<Retention> = { version: 0, body: keptForEver, savedAt: null, savedBy: null };
    const at = parts.clock.now();
    const act = retentionAct(null, at, { before: keptForEver, after: first ?? keptForEver });
    const seeded =
      (await store.latest()) ?? (first === null ? null : await store.save({ base: 0, body: first, by: null, at, act }));
    return new RetentionBook(store, seeded ?? (await store.latest()) ?? empty);
  }

  get current(): RetentionVersion {
    const { version, body, savedAt, savedBy } = this.latest;
    return { version, retention: { ...keptForEver, ...body }, savedAt, savedBy };
  }

  /** On disk with its act when this resolves; null when another was saved since `base`. */
  async save(next: {
    readonly base: number;
    readonly retention: Retention;
    readonly by: string;
    readonly act: AuditDraft;
  }): Promise<RetentionVersion | null> {
    const { base, retention, by, act } = next;
    const saved = await this.store.save({ base, body: retention, by, at: act.at, act });
    this.latest = saved ?? (await this.store.latest()) ?? this.latest;
    return saved === null ? null : this.current;
  }

  /** What was saved while the word of it was lost, and could not be looked for then, is in force from here. */
  async lookAgain(): Promise<void> {
    if (this.store.isInDoubt) this.latest = (await this.store.latest()) ?? this.latest;
  }
}
