import type { Kysely } from 'kysely';
import { holdpoint } from '@/lib/domain/actor';
import { type AuditDraft, type AuditPlace, auditStart } from '@/lib/domain/audit';
import type { Log } from '@/server/engine/ports/log';
import type { AuditHeadRow, AuditRow, Database } from '../schema';
import type { AuditSeal, ChainSpan } from './audit-hash';
import { chained } from './audit-rows';

/** How often the end of the chain goes to the process's log: a copy that who writes to the database cannot reach. */
const logEvery = 1_000;

/** What a transaction adds to the chain. */
export interface ChainRows {
  readonly entries: readonly AuditRow[];
  readonly head: AuditHeadRow;
}

export interface ChainParts {
  readonly db: Kysely<Database>;
  /** Null only where there is no secret: then a cut end is not seen. */
  readonly seal: AuditSeal | null;
  readonly log: Log;
  readonly now: () => number;
}

/**
 * The one writer of the chain. Its end is kept in memory, so that an entry costs no read; after a transaction that
 * failed, or may have, it is read again.
 */
export class AuditChain {
  private span: ChainSpan | null = null;
  private turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly parts: ChainParts) {}

  /** Runs one transaction that adds these acts. Others wait their turn, so that no two know the same end. */
  append(drafts: readonly AuditDraft[], write: (rows: ChainRows | null) => Promise<void>): Promise<void> {
    return this.inTurn(() => (drafts.length === 0 ? write(null) : this.link(drafts, write)));
  }

  private inTurn<T>(run: () => Promise<T>): Promise<T> {
    const running = this.turn.then(run, run);
    this.turn = running.catch(() => undefined);
    return running;
  }

  private async link(drafts: readonly AuditDraft[], write: (rows: ChainRows) => Promise<void>): Promise<void> {
    try {
      await this.linkOnce(drafts, write);
    } catch (error) {
      if (!isTaken(error)) throw error;
      // Another writer was first, or a commit called lost had arrived: after it, then.
      await this.linkOnce(drafts, write);
    }
  }

  private async linkOnce(drafts: readonly AuditDraft[], write: (rows: ChainRows) => Promise<void>): Promise<void> {
    const { span, isSealed } = this.span === null ? await this.load() : { span: this.span, isSealed: true };
    const anew = isSealed ? [] : [this.sealedAnew(span)];
    const entries = chained([...anew, ...drafts], span.last);
    const end = entries.at(-1);
    if (end === undefined) return;
    const next: ChainSpan = { base: span.base, last: { seq: end.seq, hash: end.hash } };
    // Until it is known to be on disk the end is not known.
    this.span = null;
    await write({ entries, head: this.headRow(next) });
    this.span = next;
    if (Math.floor(span.last.seq / logEvery) !== Math.floor(end.seq / logEvery)) this.tell(next);
  }

  /** The chain's ends as they are on disk, and whether we sealed them. */
  private async load(): Promise<{ readonly span: ChainSpan; readonly isSealed: boolean }> {
    const { db, seal } = this.parts;
    const head = await db.selectFrom('hp_audit_head').selectAll().where('id', '=', 1).executeTakeFirst();
    const lastRow = await db
      .selectFrom('hp_audit')
      .select(['seq', 'hash'])
      .orderBy('seq', 'desc')
      .limit(1)
      .executeTakeFirst();
    const last: AuditPlace = lastRow ?? auditStart;
    if (head === undefined) return { span: { base: auditStart, last }, isSealed: seal === null || last.seq === 0 };
    const span = spanOf(head);
    if (seal !== null && !seal.opens(head.seal, span)) return { span: { base: span.base, last }, isSealed: false };
    // After the sealed end, whatever stands there: entries cut off leave a gap, entries added do not fit, for ever.
    const end = { seq: Math.max(span.last.seq, last.seq), hash: span.last.hash };
    return { span: { base: span.base, last: end }, isSealed: true };
  }

  private headRow(span: ChainSpan): AuditHeadRow {
    return {
      id: 1,
      base_seq: span.base.seq,
      base_hash: span.base.hash,
      seq: span.last.seq,
      hash: span.last.hash,
      at: this.parts.now(),
      seal: this.parts.seal?.seal(span) ?? '',
    };
  }

  /** Says the end of the chain in the process's log. */
  private tell({ last }: ChainSpan): void {
    this.parts.log.info({ entries: last.seq, head: last.hash }, 'the audit log so far');
  }

  private sealedAnew(span: ChainSpan): AuditDraft {
    this.parts.log.error(
      { lastEntry: span.last.seq },
      'the seal of the audit log was made with another secret, or changed; it is sealed anew from here',
    );
    return {
      act: 'audit.sealed_anew',
      at: this.parts.now(),
      actor: holdpoint,
      from: null,
      about: { kind: 'everything', id: 'audit', name: null },
      why: 'The seal of the last entry could not be checked: another secret made it, or it was changed.',
      facts: { last: span.last.seq },
    };
  }
}

export function spanOf(head: AuditHeadRow): ChainSpan {
  return {
    base: { seq: head.base_seq, hash: head.base_hash },
    last: { seq: head.seq, hash: head.hash },
  };
}

/** The next place in the chain is taken. */
function isTaken(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const table = 'table' in error && typeof error.table === 'string' ? error.table : '';
  return (
    (code === 'SQLITE_CONSTRAINT_PRIMARYKEY' && error.message.includes('hp_audit.')) ||
    (code === '23505' && table === 'hp_audit')
  );
}
