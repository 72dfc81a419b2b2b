import type { Json } from '@/lib/domain/json';
import type { Place } from '@/lib/domain/masking/cover';
import type { MaskingRule, MaskingVersion } from '@/lib/domain/masking/rule';
import type { AuditDraft } from '@/lib/domain/audit';
import type { AuditDue } from '@/server/engine/ports/audit';
import type { Clock } from '@/server/engine/ports/clock';
import type { Log } from '@/server/engine/ports/log';
import type { Masking, MaskScope } from '@/server/engine/ports/masking';
import { maskingAct } from './keeping-acts';
import { MaskingRules } from './masking-rules';
import type { KeepingDb } from './tables';
import { type Version, VersionStore } from './version-store';

interface Parts {
  readonly db: KeepingDb;
  readonly audit: AuditDue;
  readonly clock: Clock;
  readonly log: Log;
}

/** The same rule in trouble is said again after this. */
const saidAgainMs = 60_000;

/** The masking rules in force. */
export class MaskingBook implements Masking {
  private rules: MaskingRules;
  private readonly saidAt = new Map<string, number>();

  private constructor(
    private readonly parts: Parts,
    private readonly store: VersionStore<readonly MaskingRule[]>,
    private latest: Version<readonly MaskingRule[]>,
  ) {
    this.rules = this.compiled();
  }

  /** `first` are those of the configuration: the first version of a database that has none, and nothing after that. */
  static async open(parts: Parts, first: readonly MaskingRule[]): Promise<MaskingBook> {
    const store = new VersionStore<readonly MaskingRule[]>(parts, 'masking');
    const empty: Version<readonly MaskingRule[]> = { version: 0, body: [], savedAt: null, savedBy: null };
    const at = parts.clock.now();
    const act = maskingAct(null, at, { base: 0, before: [], rules: first });
    const seeded =
      (await store.latest()) ??
      (first.length === 0 ? null : await store.save({ base: 0, body: first, by: null, at, act }));
    return new MaskingBook(parts, store, seeded ?? (await store.latest()) ?? empty);
  }

  get current(): MaskingVersion {
    const { version, body, savedAt, savedBy } = this.latest;
    return { version, rules: body, savedAt, savedBy };
  }

  covered(value: Json, scope: MaskScope): readonly Place[] {
    return this.rules.covered(value, scope);
  }

  /** The next version, on disk with its act and in force when this resolves; null when another was saved since `base`. */
  async save(next: {
    readonly base: number;
    readonly rules: readonly MaskingRule[];
    readonly by: string;
    readonly act: AuditDraft;
  }): Promise<MaskingVersion | null> {
    const { base, rules, by, act } = next;
    const saved = await this.store.save({ base, body: rules, by, at: act.at, act });
    this.put(saved ?? (await this.store.latest()));
    return saved === null ? null : this.current;
  }

  /** What was saved while the word of it was lost, and could not be looked for then, is in force from here. */
  async lookAgain(): Promise<void> {
    if (this.store.isInDoubt) this.put(await this.store.latest());
  }

  private put(latest: Version<readonly MaskingRule[]> | null): void {
    this.latest = latest ?? this.latest;
    this.rules = this.compiled();
  }

  private compiled(): MaskingRules {
    return new MaskingRules(this.latest.body, (rule, why) => {
      const now = this.parts.clock.now();
      if (now - (this.saidAt.get(rule.path) ?? Number.NEGATIVE_INFINITY) < saidAgainMs) return;
      this.saidAt.set(rule.path, now);
      this.parts.log.warn(
        { rule: rule.name, path: rule.path, why },
        'a masking rule could not be followed: all was masked',
      );
    });
  }
}
