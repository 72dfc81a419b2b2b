import { keptForEver, type Retention, type RetentionVersion } from '@/lib/domain/retention';
import type { Clock } from '@/server/engine/ports/clock';
import type { KeepingDb } from './tables';
import { type Version, VersionStore } from './version-store';

/** How long things are kept. */
export class RetentionBook {
  private constructor(
    private readonly clock: Clock,
    private readonly store: VersionStore<Retention>,
    private latest: Version<Retention>,
  ) {}

  /** `first` is that of the configuration; null when it says none. */
  static async open(
    parts: { readonly db: KeepingDb; readonly clock: Clock },
    first: Retention | null,
  ): Promise<RetentionBook> {
    const store = new VersionStore<Retention>(parts.db, 'retention');
    const empty: Version<Retention> = { version: 0, body: keptForEver, savedAt: null, savedBy: null };
    const seeded =
      (await store.latest()) ??
      (first === null ? null : await store.save({ base: 0, body: first, by: null, at: parts.clock.now() }));
    return new RetentionBook(parts.clock, store, seeded ?? (await store.latest()) ?? empty);
  }

  get current(): RetentionVersion {
    const { version, body, savedAt, savedBy } = this.latest;
    return { version, retention: { ...keptForEver, ...body }, savedAt, savedBy };
  }

  /** Null when another was saved since `base`. */
  async save(next: {
    readonly base: number;
    readonly retention: Retention;
    readonly by: string;
  }): Promise<RetentionVersion | null> {
    const { base, retention, by } = next;
    const saved = await this.store.save({ base, body: retention, by, at: this.clock.now() });
    this.latest = saved ?? (await this.store.latest()) ?? this.latest;
    return saved === null ? null : this.current;
  }
}
