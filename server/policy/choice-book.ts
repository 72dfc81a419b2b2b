import type { AgentId, ChoiceId, PersonId, SessionId } from '@/lib/domain/ids';
import type { RememberedChoice } from '@/lib/domain/policy/choice';
import type { Clock } from '@/server/engine/ports/clock';
import type { Log } from '@/server/engine/ports/log';
import type { Choices } from '@/server/engine/ports/policy';
import type { PolicyDb } from './tables';

interface Parts {
  readonly db: PolicyDb;
  readonly clock: Clock;
  readonly log: Log;
  /** Whether a session lives: a choice for a session ends with it. */
  readonly isLive: (id: SessionId) => boolean;
}

/** Choices that are remembered: in memory for the engine, which must know at once, and on disk. */
export class ChoiceBook implements Choices {
  readonly #parts: Parts;
  readonly #open = new Map<ChoiceId, RememberedChoice>();
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

  async add(choice: RememberedChoice): Promise<void> {
    await this.#put(choice);
    this.#open.set(choice.choiceId, choice);
  }

  used(choiceId: ChoiceId): void {
    const choice = this.#open.get(choiceId);
    if (choice === undefined) return;
    const counted = { ...choice, used: choice.used + 1 };
    this.#open.set(choiceId, counted);
    this.#put(counted).catch((error: unknown) =>
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

  /** It decides nothing more from the moment this is called; on disk when it resolves. */
  async revoke(choiceId: ChoiceId): Promise<RememberedChoice | null> {
    const choice = this.#open.get(choiceId);
    if (choice === undefined) return null;
    const revoked = { ...choice, revokedAt: this.#parts.clock.now() };
    this.#open.delete(choiceId);
    try {
      await this.#put(revoked);
    } catch (error) {
      // Nothing is said to be revoked that would come back at the next start.
      this.#open.set(choiceId, choice);
      throw error;
    }
    return revoked;
  }

  /** What ended by time or with its session needs no place any more. */
  async sweep(): Promise<void> {
    const now = this.#parts.clock.now();
    for (const choice of [...this.#open.values()]) {
      const isOver =
        (choice.untilAt !== null && choice.untilAt <= now) ||
        (choice.sessionId !== null && !this.#parts.isLive(choice.sessionId));
      if (!isOver) continue;
      // It decides nothing any more; until that is on disk it is looked at again.
      await this.#write(choice, 0);
      this.#open.delete(choice.choiceId);
    }
  }

  #put(choice: RememberedChoice): Promise<void> {
    return this.#write(choice, choice.revokedAt === null ? 1 : 0);
  }

  #write(choice: RememberedChoice, open: number): Promise<void> {
    const written = this.#writes.then(() => this.#writeNow(choice, open));
    this.#writes = written.catch(() => undefined);
    return written;
  }

  async #writeNow(choice: RememberedChoice, open: number): Promise<void> {
    const body = JSON.stringify(choice);
    await this.#parts.db
      .insertInto('hp_choice')
      .values({ id: choice.choiceId, made_at: choice.madeAt, open, body })
      .onConflict((conflict) => conflict.column('id').doUpdateSet({ open, body }))
      .execute();
  }
}
