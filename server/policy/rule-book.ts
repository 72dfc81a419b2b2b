import { createHash } from 'node:crypto';
import { holdpoint } from '@/lib/domain/actor';
import type { AuditDraft } from '@/lib/domain/audit';
import { canonicalJson, type Json } from '@/lib/domain/json';
import { decide, type PolicyVerdict } from '@/lib/domain/policy/decide';
import type { PolicyQuestion } from '@/lib/domain/policy/question';
import type { PolicyRule, PolicyVersion } from '@/lib/domain/policy/rule';
import type { AuditDue } from '@/server/engine/ports/audit';
import type { Clock } from '@/server/engine/ports/clock';
import type { Log } from '@/server/engine/ports/log';
import type { Policy } from '@/server/engine/ports/policy';
import { foundAfter } from '@/server/engine/ports/lost-word';
import { compileRules } from './cel';
import type { PolicySet } from './policy-set';
import type { PolicyDb } from './tables';

export type VersionRow = Omit<PolicyVersion, 'rules'> & { readonly rules: number };

interface Parts {
  readonly db: PolicyDb;
  readonly clock: Clock;
  readonly log: Log;
  /** Keeps who saved which version; without it that is in the version alone. */
  readonly audit?: AuditDue;
}

const versionsListed = 100;

/** The rules in force, and every version before. The engine asks it; people change it through `RulesDesk`. */
export class RuleBook implements Policy {
  #current: PolicyVersion;
  #version: string;
  #set: PolicySet;
  /** A save failed, and it has not been looked whether it is there. */
  #isInDoubt = false;
  readonly #parts: Parts;

  private constructor(parts: Parts, current: PolicyVersion) {
    this.#parts = parts;
    this.#current = current;
    this.#version = versionOf(current.rules);
    this.#set = { rules: current.rules, compiled: compileRules(current.rules) };
  }

  /** `first` are the rules of the configuration: the first version of a database that has none, and nothing after that. */
  static async open(parts: Parts, first: readonly PolicyRule[]): Promise<RuleBook> {
    const latest = await readVersion(parts.db, null);
    if (latest === null) {
      const version: PolicyVersion = {
        version: 1,
        rules: first,
        savedAt: parts.clock.now(),
        savedBy: null,
        note: first.length === 0 ? null : 'From the configuration file.',
      };
      await insert(parts, version, savedAct(version, { actor: holdpoint, from: null }));
      return new RuleBook(parts, version);
    }
    const seeded = latest.version === 1 ? latest : await readVersion(parts.db, 1);
    if (first.length > 0 && seeded !== null && versionOf(seeded.rules) !== versionOf(first))
      parts.log.warn(
        { version: latest.version },
        'the rules of the configuration file are not those that were taken over from it: rules are changed in the browser, or imported there',
      );
    return new RuleBook(parts, latest);
  }

  get current(): PolicyVersion {
    return this.#current;
  }

  get version(): string {
    return this.#version;
  }

  get set(): PolicySet {
    return this.#set;
  }

  decide(question: PolicyQuestion): PolicyVerdict {
    const { rules, compiled } = this.#set;
    return decide(rules, question, (rule, asked) => compiled.match(rule, asked));
  }

  /** The next version, in force when this resolves; null when another was saved since `base`. Throws when the database is away. */
  async save(next: {
    readonly base: number;
    readonly rules: readonly PolicyRule[];
    readonly by: string;
    readonly note: string | null;
    /** Who, and from where. */
    readonly who: Pick<AuditDraft, 'actor' | 'from'>;
  }): Promise<PolicyVersion | null> {
    if (next.base !== this.#current.version) return null;
    const version: PolicyVersion = {
      version: next.base + 1,
      rules: next.rules,
      savedAt: this.#parts.clock.now(),
      savedBy: next.by,
      note: next.note,
    };
    // Nothing is awaited between the check and this: of two at once the later is refused by the key.
    const isSaved = await foundAfter(
      () => insert(this.#parts, version, savedAct(version, next.who)),
      async () => {
        this.#isInDoubt = true;
        return isSameSave(await this.#readAnew(), version) ? true : null;
      },
    );
    if (isSaved) {
      this.#put(version);
      return version;
    }
    await this.#readAnew();
    return null;
  }

  /** What is in the database is in force: a version that was saved while its saying so was lost is found here. */
  async #readAnew(): Promise<PolicyVersion> {
    const latest = await readVersion(this.#parts.db, null);
    this.#isInDoubt = false;
    if (latest !== null && latest.version > this.#current.version) this.#put(latest);
    return this.#current;
  }

  #put(version: PolicyVersion): void {
    this.#current = version;
    this.#version = versionOf(version.rules);
    this.#set = { rules: version.rules, compiled: compileRules(version.rules) };
  }

  async versions(): Promise<readonly VersionRow[]> {
    if (this.#isInDoubt) await this.#readAnew();
    const rows = await this.#parts.db
      .selectFrom('hp_policy')
      .selectAll()
      .orderBy('version', 'desc')
      .limit(versionsListed)
      .execute();
    return rows.map((row) => {
      const { rules, ...rest } = versionFrom(row);
      return { ...rest, rules: rules.length };
    });
  }

  read(version: number): Promise<PolicyVersion | null> {
    return readVersion(this.#parts.db, version);
  }
}

/** The version and what the audit log keeps of it, both or neither; false when there is such a version already. */
async function insert({ db, audit }: Parts, version: PolicyVersion, act: AuditDraft): Promise<boolean> {
  const isNew = await db.transaction().execute(async (trx) => {
    const written = await trx
      .insertInto('hp_policy')
      .values(rowOf(version))
      .onConflict((conflict) => conflict.column('version').doNothing())
      .executeTakeFirst();
    if (Number(written.numInsertedOrUpdatedRows ?? 0) === 0) return false;
    if (audit !== undefined) await trx.insertInto('hp_audit_due').values(audit.row(act)).execute();
    return true;
  });
  if (isNew) await audit?.settle();
  return isNew;
}

function savedAct(version: PolicyVersion, who: Pick<AuditDraft, 'actor' | 'from'>): AuditDraft {
  return {
    ...who,
    act: 'rules.saved',
    at: version.savedAt,
    about: { kind: 'rules', id: `rules-${version.version}`, name: `Version ${version.version}` },
    why: version.note,
    facts: { version: version.version, rules: version.rules.length, digest: versionOf(version.rules) },
  };
}

function isSameSave(a: PolicyVersion, b: PolicyVersion): boolean {
  const isSameMoment = a.version === b.version && a.savedAt === b.savedAt && a.savedBy === b.savedBy;
  return isSameMoment && versionOf(a.rules) === versionOf(b.rules);
}

/** The same rules in the same order have the same version (I6). */
export function versionOf(rules: readonly PolicyRule[]): string {
  return createHash('sha256')
    .update(canonicalJson(rules as unknown as Json))
    .digest('hex')
    .slice(0, 32);
}

function rowOf(version: PolicyVersion): {
  readonly version: number;
  readonly saved_at: number;
  readonly saved_by: string | null;
  readonly note: string | null;
  readonly rules: string;
} {
  const { savedAt, savedBy, note, rules } = version;
  return { version: version.version, saved_at: savedAt, saved_by: savedBy, note, rules: JSON.stringify(rules) };
}

type Row = {
  readonly version: number;
  readonly saved_at: number | string;
  readonly saved_by: string | null;
  readonly note: string | null;
  readonly rules: string;
};

function versionFrom(row: Row): PolicyVersion {
  return {
    version: row.version,
    // What is in this column was checked when it was saved.
    rules: JSON.parse(row.rules) as readonly PolicyRule[],
    savedAt: Number(row.saved_at),
    savedBy: row.saved_by,
    note: row.note,
  };
}

/** One version; the latest for null. */
async function readVersion(db: PolicyDb, version: number | null): Promise<PolicyVersion | null> {
  const row = await db
    .selectFrom('hp_policy')
    .selectAll()
    .$if(version !== null, (select) => select.where('version', '=', version ?? 0))
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? null : versionFrom(row);
}
