import type { Clock } from '@/server/engine/ports/clock';
import type { Log } from '@/server/engine/ports/log';

interface Parts<Id extends string> {
  readonly clock: Clock;
  readonly log: Log;
  readonly write: (id: Id, at: number) => Promise<unknown>;
}

/** A use is written at most this often for each key or token. */
const writeEveryMs = 60_000;

/** When keys and tokens were last used: known at once, written now and then. */
export class UseNotes<Id extends string> {
  readonly #parts: Parts<Id>;
  readonly #usedAt = new Map<Id, number>();
  readonly #writtenAt = new Map<Id, number>();
  readonly #writing = new Set<Promise<void>>();

  constructor(parts: Parts<Id>) {
    this.#parts = parts;
  }

  note(id: Id): void {
    const now = this.#parts.clock.now();
    this.#usedAt.set(id, now);
    if (now - (this.#writtenAt.get(id) ?? Number.NEGATIVE_INFINITY) >= writeEveryMs) this.#write(id, now);
  }

  /** The latest use, whether it is written yet or not. */
  lastUsedAt(id: Id, writtenAt: number | null): number | null {
    const usedAt = this.#usedAt.get(id);
    return usedAt === undefined ? writtenAt : Math.max(usedAt, writtenAt ?? 0);
  }

  /** Writes what is not written yet. */
  async drain(): Promise<void> {
    for (const [id, at] of this.#usedAt) if (at > (this.#writtenAt.get(id) ?? 0)) this.#write(id, at);
    await Promise.all(this.#writing);
  }

  #write(id: Id, at: number): void {
    this.#writtenAt.set(id, at);
    const written = this.#parts
      .write(id, at)
      .then(
        () => undefined,
        (error: unknown) => {
          this.#parts.log.warn(
            { id, error: error instanceof Error ? error.message : String(error) },
            'the use of a key was not noted',
          );
        },
      )
      .finally(() => this.#writing.delete(written));
    this.#writing.add(written);
  }
}
