import type { Kysely } from 'kysely';
import { holdpoint } from '@/lib/domain/actor';
import { type AuditDraft, type AuditPlace, auditStart } from '@/lib/domain/audit';
import type { Log } from '@/server/engine/ports/log';
import type { AuditDueRow, AuditHeadRow, AuditRow, Database } from '../schema';
import type { AuditSeal, ChainSpan } from './audit-hash';
import { chained } from './audit-rows';
import { readDue } from './due-rows';

/** How often the end of the chain goes to the process's log: a copy that who writes to the database cannot reach. */
const logEvery = 1_000;
const dueAtOnce = 500;
const unreadMost = 1_000;

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
  /** Said once each. */
  private readonly unread = new Set<string>();
  /** Rows that still grow: they are left where they are. */
  private readonly held = new Set<string>();

  constructor(private readonly parts: ChainParts) {}

  /** Runs one transaction that adds these acts. Others wait their turn, so that no two know the same end. */
  append(drafts: readonly AuditDraft[], write: (rows: ChainRows | null) => Promise<void>): Promise<void> {
    return this.inTurn(() => (drafts.length === 0 ? write(null) : this.link(drafts, write)));
  }

  /**
   * Drops from the beginning what is older, at most so many: the place they leave is sealed with the end, and an entry
   * in the same transaction says what went.
   */
  drop(
    older: { readonly thanAt: number; readonly limit: number },
    write: (rows: ChainRows, upTo: number) => Promise<void>,
  ): Promise<number> {
    return this.inTurn(async () => {
      const { span } = await this.known();
      const found = await this.parts.db
        .selectFrom('hp_audit')
        .select(['seq', 'hash', 'at'])
        .where('seq', '>', span.base.seq)
        .where('seq', '<=', span.last.seq)
        .orderBy('seq')
        .limit(older.limit)
        .execute();
      const fresh = found.findIndex((row) => row.at >= older.thanAt);
      const gone = fresh < 0 ? found : found.slice(0, fresh);
      const last = gone.at(-1);
      if (last === undefined) return 0;
      const base: AuditPlace = { seq: last.seq, hash: last.hash };
      const act = this.dropped({ from: gone[0]?.seq ?? 0, to: base, thanAt: older.thanAt });
      await this.linkOnce([act], (rows) => write(rows, base.seq), base);
      return gone.length;
    });
  }

  /** From now on until the returned function is called, a row of this id is not taken in. */
  hold(id: string): () => void {
    this.held.add(id);
    return () => void this.held.delete(id);
  }

  /** Takes in what waits; false when there is more. */
  settle(write: (rows: ChainRows, taken: readonly string[]) => Promise<void>): Promise<boolean> {
    return this.inTurn(async () => {
      // What cannot be read stays where it is, and keeps none of the others.
      for (let after = ''; ; ) {
        const waiting = await this.waiting(after);
        const read = waiting.filter(({ id }) => !this.held.has(id)).flatMap((row) => this.readDue(row));
        const drafts = read.map(({ draft }) => draft);
        const taken = read.map(({ id }) => id);
        if (read.length > 0) await this.linkOnce(drafts, (rows) => write(rows, taken));
        const last = waiting.at(-1);
        if (last === undefined || waiting.length < dueAtOnce) return true;
        if (read.length > 0) return false;
        after = last.id;
      }
    });
  }

  private waiting(after: string): Promise<readonly AuditDueRow[]> {
    const { db } = this.parts;
    return db.selectFrom('hp_audit_due').selectAll().where('id', '>', after).orderBy('id').limit(dueAtOnce).execute();
  }

  private readDue({ id, body }: AuditDueRow): readonly { readonly id: string; readonly draft: AuditDraft }[] {
    const draft = readDue(body, this.parts.seal);
    if (draft !== null) return [{ id, draft }];
    if (!this.unread.has(id)) this.parts.log.error({ id }, 'an act that waits for the audit log cannot be read');
    if (this.unread.size < unreadMost) this.unread.add(id);
    return [];
  }

  private inTurn<T>(run: () => Promise<T>): Promise<T> {
    const running = this.turn.then(run, run);
    this.turn = running.catch(() => undefined);
    return running;
  }

  /** To be called when the store is opened: a seal that does not fit is told before anything follows it. */
  open(write: (rows: ChainRows) => Promise<void>): Promise<void> {
    return this.inTurn(async () => {
      const { span, isSealed } = await this.load();
      if (isSealed) this.tell(span);
      else await this.linkOnce([], write);
    });
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

  private async linkOnce(
    drafts: readonly AuditDraft[],
    write: (rows: ChainRows) => Promise<void>,
    base: AuditPlace | null = null,
  ): Promise<void> {
    const { span, isSealed } = await this.known();
    const anew = isSealed ? [] : [this.sealedAnew(span)];
    const entries = chained([...anew, ...drafts], span.last);
    const end = entries.at(-1);
    if (end === undefined) return;
    const next: ChainSpan = { base: base ?? span.base, last: { seq: end.seq, hash: end.hash } };
    // Until it is known to be on disk the end is not known.
    this.span = null;
    await write({ entries, head: this.headRow(next) });
    this.span = next;
    if (Math.floor(span.last.seq / logEvery) !== Math.floor(end.seq / logEvery)) this.tell(next);
  }

  private async known(): Promise<{ readonly span: ChainSpan; readonly isSealed: boolean }> {
    return this.span === null ? this.load() : { span: this.span, isSealed: true };
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

  private dropped(what: { readonly from: number; readonly to: AuditPlace; readonly thanAt: number }): AuditDraft {
    const { from, to, thanAt } = what;
    return {
      act: 'audit.dropped',
      at: this.parts.now(),
      actor: holdpoint,
      from: null,
      about: { kind: 'everything', id: 'audit', name: null },
      why: 'They were older than the audit log is kept.',
      facts: { first: from, last: to.seq, hash: to.hash, olderThan: thanAt },
    };
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
