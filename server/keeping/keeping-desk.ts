import type { MaskingPreview, MaskingProblem, MaskingRule, MaskingVersion } from '@/lib/domain/masking/rule';
import type { Person } from '@/lib/domain/permission';
import { whyNot } from '@/lib/domain/why-not';
import { done, type Result, refuse } from '@/lib/domain/refusal';
import { type PurgeCount, type Retention, retentionProblem, type RetentionVersion } from '@/lib/domain/retention';
import type { Clock } from '@/server/engine/ports/clock';
import type { Log } from '@/server/engine/ports/log';
import type { Store } from '@/server/engine/ports/store';
import { maskingAct, retentionAct } from './keeping-acts';
import type { MaskingBook } from './masking-book';
import { previewMasking } from './masking-preview';
import { maskingProblems } from './masking-rules';
import { type Purger, previewPurge } from './purger';
import type { RetentionBook } from './retention-book';
import type { KeepingDb } from './tables';

export interface LastPurge {
  readonly at: number;
  readonly counts: readonly PurgeCount[];
}

interface Ports {
  readonly db: KeepingDb;
  readonly masking: MaskingBook;
  readonly retention: RetentionBook;
  readonly purger: Purger;
  readonly lastPurge: () => LastPurge | null;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
}

export interface KeepingRead {
  readonly masking: MaskingVersion;
  readonly retention: RetentionVersion;
  /** What was purged last since the start; null when nothing was. */
  readonly lastPurge: LastPurge | null;
}

/** What admins may do about masking and retention; each method checks who asks (I11). */
export class KeepingDesk {
  /** Saves go one after the other: what one says of the state before it is then so. */
  private turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly ports: Ports) {}

  read(person: Person): Promise<Result<KeepingRead>> {
    const { masking, retention, lastPurge } = this.ports;
    return this.allowed(person, async () => {
      await masking.lookAgain();
      await retention.lookAgain();
      return done({ masking: masking.current, retention: retention.current, lastPurge: lastPurge() });
    });
  }

  previewMasking(
    person: Person,
    rules: readonly MaskingRule[],
  ): Promise<Result<{ readonly preview: MaskingPreview | null; readonly problems: readonly MaskingProblem[] }>> {
    return this.allowed(person, async () => {
      const problems = maskingProblems(rules);
      const preview = problems.length > 0 ? null : await previewMasking(this.ports.store, rules);
      return done({ preview, problems });
    });
  }

  /** Refused with every problem when one rule has one: half of what is to be masked is not masked. */
  saveMasking(
    person: Person,
    order: { readonly base: number; readonly rules: readonly MaskingRule[] },
  ): Promise<Result<MaskingVersion>> {
    return this.inTurn(person, async () => {
      const { masking, clock } = this.ports;
      const problems = maskingProblems(order.rules);
      const [first] = problems;
      if (first !== undefined)
        return refuse('bad_input', `Masking rule ${first.index + 1} cannot be saved: ${first.message}`, { problems });
      const before = masking.current;
      if (order.base !== before.version) return stale(before);
      const { base, rules } = order;
      const act = maskingAct(person, clock.now(), { base, rules, before: before.rules });
      const saved = await masking.save({ base, rules, by: person.name, act });
      return saved === null ? stale(masking.current) : done(saved);
    });
  }

  previewPurge(
    person: Person,
    retention: Retention,
  ): Promise<Result<{ readonly counts: readonly PurgeCount[]; readonly problem: string | null }>> {
    return this.allowed(person, async () => {
      const problem = retentionProblem(retention);
      return done({ problem, counts: problem === null ? await previewPurge(this.ports, retention) : [] });
    });
  }

  saveRetention(
    person: Person,
    order: { readonly base: number; readonly retention: Retention },
  ): Promise<Result<RetentionVersion>> {
    return this.inTurn(person, async () => {
      const { retention, purger, clock } = this.ports;
      const problem = retentionProblem(order.retention);
      if (problem !== null) return refuse('bad_input', problem);
      const before = retention.current;
      if (order.base !== before.version) return stale(before);
      const act = retentionAct(person, clock.now(), { before: before.retention, after: order.retention });
      const saved = await retention.save({ ...order, by: person.name, act });
      if (saved === null) return stale(retention.current);
      purger.soon();
      return done(saved);
    });
  }

  private inTurn<T>(person: Person, run: () => Promise<Result<T>>): Promise<Result<T>> {
    const mine = this.turn.then(() => this.allowed(person, run));
    this.turn = mine;
    return mine;
  }

  private async allowed<T>(person: Person, run: () => Promise<Result<T>>): Promise<Result<T>> {
    const why = whyNot(person.role, 'keeping.manage');
    if (why !== null) return refuse('forbidden', why);
    try {
      return await run();
    } catch (error) {
      this.ports.log.error({ err: error }, 'what is kept could not be read or changed');
      return refuse('cannot_save');
    }
  }
}

function stale({
  version,
  savedBy,
}: {
  readonly version: number;
  readonly savedBy: string | null;
}): ReturnType<typeof refuse> {
  return refuse(
    'stale_revision',
    `Version ${version} was saved by ${savedBy ?? 'the configuration'} meanwhile. Look again.`,
    {
      version,
    },
  );
}
