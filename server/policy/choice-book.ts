import type { AuditDraft } from '@/lib/domain/audit';
import type { AgentId, ChoiceId, PersonId, SessionId } from '@/lib/domain/ids';
import type { RememberedChoice } from '@/lib/domain/policy/choice';
import type { AuditDue } from '@/server/engine/ports/audit';
import type { Clock } from '@/server/engine/ports/clock';
import type { Log } from '@/server/engine/ports/log';
import type { Choices } from '@/server/engine/ports/policy';
import { foundAfter } from '@/server/engine/ports/lost-word';
import type { PolicyDb } from './tables';

interface Parts {
  readonly db: PolicyDb;
  readonly clock: Clock;
  readonly log: Log;
  /** Whether a session lives: a choice for a session ends with it. */
  readonly isLive: (id: SessionId) => boolean;
  /** Keeps who had what remembered and who revoked it; without it nothing is kept. */
  readonly audit?: AuditDue;
}

/** Choices that are remembered: in memory for the engine, which must know at once, and on disk. */
export class ChoiceBook implements Choices {
  readonly #parts: Parts;
  readonly #open = new Map<ChoiceId, RememberedChoice>();
  /** Whether their revoking reached the disk is not known. */
  readonly #inDoubt = new Set<ChoiceId>();
  /** One after the other: a count of uses that is still on its way must not land after the end of its choice. */
  #writes: Promise<void> = Promise.resolve();

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  static async open(parts: Parts): Promise<ChoiceBook> {
    const book = new ChoiceBook(parts);
    const rows = await parts.db
      .selectFrom('hp_choice')
      .select('body')
      .where('open', '=', 1)
      .orderBy('made_at')
      .execute();
    for (const row of rows) {
      // What is in this column was written by `put`.
      const choice = JSON.parse(row.body) as RememberedChoice;
      book.#open.set(choice.choiceId, choice);
    }
    return book;
  }

  matching(call: {
    readonly agentId: AgentId;
    readonly sessionId: SessionId;
    readonly server: string;
    readonly tool: string;
  }): readonly RememberedChoice[] {
    const now = this.#parts.clock.now();
    return [...this.#open.values()].filter(
      (choice) =>
        choice.agent.id === call.agentId &&
        choice.server === call.server &&
        choice.tool === call.tool &&
        (choice.untilAt === null || choice.untilAt > now) &&
        (choice.sessionId === null || choice.sessionId === call.sessionId),
    );
  }

  async add(choice: RememberedChoice, act: AuditDraft): Promise<void> {
    await foundAfter(
      () => this.#put(choice, act),
      async () => ((await this.#isOpen(choice.choiceId)) ? undefined : null),
    );
    this.#open.set(choice.choiceId, choice);
    await this.#parts.audit?.settle();
  }

  used(choiceId: ChoiceId): void {
    const choice = this.#open.get(choiceId);
    if (choice === undefined) return;
    const counted = { ...choice, used: choice.used + 1 };
    this.#open.set(choiceId, counted);
    this.#inTurn(() => this.#count(counted)).catch((error: unknown) =>
      this.#parts.log.warn({ err: error, choiceId }, 'the use of a remembered choice could not be counted'),
    );
  }

  /** In force now, the newest first; of one person, or of everyone for null. */
  list(by: PersonId | null): readonly RememberedChoice[] {
    const now = this.#parts.clock.now();
    return [...this.#open.values()]
      .filter((choice) => by === null || choice.by.id === by)
      .filter(
        ({ untilAt, sessionId }) =>
          (untilAt === null || untilAt > now) && (sessionId === null || this.#parts.isLive(sessionId)),
      )
      .toReversed();
  }

  find(choiceId: ChoiceId): RememberedChoice | null {
    return this.#open.get(choiceId) ?? null;
  }

  /** It decides nothing more from the moment this is called; on disk with its act when it resolves. */
  async revoke(choiceId: ChoiceId, actOf: (revoked: RememberedChoice) => AuditDraft): Promise<RememberedChoice | null> {
    const choice = this.#open.get(choiceId);
    if (choice === undefined) return null;
    const revoked = { ...choice, revokedAt: this.#parts.clock.now() };
    this.#open.delete(choiceId);
    try {
      await this.#put(revoked, actOf(revoked));
    } catch (error) {
      const isOpen = await this.#isOpen(choiceId).catch(() => null);
      if (isOpen !== false) {
        // Nothing is said to be revoked that would come back at the next start.
        this.#open.set(choiceId, choice);
        if (isOpen === null) this.#inDoubt.add(choiceId);
        throw error;
      }
    }
    await this.#parts.audit?.settle();
    return revoked;
  }

  /** What ended by time or with its session needs no place any more. */
  async sweep(): Promise<void> {
    await this.#settleDoubts();
    const now = this.#parts.clock.now();
    for (const choice of [...this.#open.values()]) {
      const isOver =
        (choice.untilAt !== null && choice.untilAt <= now) ||
        (choice.sessionId !== null && !this.#parts.isLive(choice.sessionId));
      if (!isOver) continue;
      // It decides nothing any more; until that is on disk it is looked at again.
      await this.#inTurn(() => this.#end(choice));
      this.#open.delete(choice.choiceId);
    }
  }

  /** What was revoked while the word of it was lost, and could not be looked for then, ends here. */
  async #settleDoubts(): Promise<void> {
    for (const choiceId of [...this.#inDoubt]) {
      if (!(await this.#isOpen(choiceId))) this.#open.delete(choiceId);
      this.#inDoubt.delete(choiceId);
    }
  }

  /** The choice and what the audit log keeps of it, both or neither. */
  #put(choice: RememberedChoice, act: AuditDraft): Promise<void> {
    const { db, audit } = this.#parts;
    const open = choice.revokedAt === null ? 1 : 0;
    const body = JSON.stringify(choice);
    return this.#inTurn(() =>
      db.transaction().execute(async (trx) => {
        await trx
          .insertInto('hp_choice')
          .values({ id: choice.choiceId, made_at: choice.madeAt, open, body })
          .onConflict((conflict) => conflict.column('id').doUpdateSet({ open, body }))
          .execute();
        if (audit !== undefined) await trx.insertInto('hp_audit_due').values(audit.row(act)).execute();
      }),
    );
  }

  /** Opens nothing that was ended. */
  async #count(choice: RememberedChoice): Promise<void> {
    const body = JSON.stringify(choice);
    await this.#parts.db
      .updateTable('hp_choice')
      .set({ body })
      .where('id', '=', choice.choiceId)
      .where('open', '=', 1)
      .execute();
  }

  async #end({ choiceId }: RememberedChoice): Promise<void> {
    await this.#parts.db.updateTable('hp_choice').set({ open: 0 }).where('id', '=', choiceId).execute();
  }

  async #isOpen(choiceId: ChoiceId): Promise<boolean> {
    const row = await this.#parts.db
      .selectFrom('hp_choice')
      .select('open')
      .where('id', '=', choiceId)
      .executeTakeFirst();
    return row?.open === 1;
  }

  #inTurn<T>(write: () => Promise<T>): Promise<T> {
    const written = this.#writes.then(write);
    this.#writes = written.then(
      () => undefined,
      () => undefined,
    );
    return written;
  }
}
