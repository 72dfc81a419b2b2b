import { createHash } from 'node:crypto';
import { canonicalJson, type JsonObject } from '@/lib/domain/json';
import { limits } from './limits';
import type { RpcId } from './message';

export interface Question {
  /** Null for one of an earlier life: its id alone tells it, until its first replay shows what it asks. */
  readonly digest: string | null;
  readonly eventId: string | null;
}

export type Asking = 'new' | 'replayed' | 'duplicate' | 'too_many';

/** The server's own requests: which wait for an answer, and which were answered, so that a replay asks nobody twice. */
export class Asked {
  readonly #waiting = new Map<RpcId, Question>();
  readonly #answered = new Map<RpcId, Question>();
  #hasEarlier = false;

  /** Whether some are known by their id alone. */
  get hasEarlier(): boolean {
    return this.#hasEarlier;
  }

  judge(rpcId: RpcId, question: Question): Asking {
    const waiting = this.#waiting.get(rpcId);
    if (waiting?.digest === null) {
      this.#waiting.set(rpcId, question);
      return 'replayed';
    }
    if (waiting !== undefined) return waiting.digest === question.digest ? 'replayed' : 'duplicate';
    const answered = this.#answered.get(rpcId);
    if (answered?.digest === null) {
      this.#answered.set(rpcId, question);
      return 'replayed';
    }
    // Sloppy servers use an id again after its answer; only the same event is a replay.
    if (answered !== undefined && answered.eventId !== null && answered.eventId === question.eventId) return 'replayed';
    return this.#waiting.size >= limits.serverRequests ? 'too_many' : 'new';
  }

  wait(rpcId: RpcId, question: Question): void {
    this.#waiting.set(rpcId, question);
  }

  /** It was asked in an earlier life and waits still. */
  restore(rpcId: RpcId): void {
    this.#hasEarlier = true;
    this.#waiting.set(rpcId, { digest: null, eventId: null });
  }

  /** It was asked in an earlier life and is answered: its replay asks nobody again. */
  restoreAnswered(rpcId: RpcId): void {
    this.#hasEarlier = true;
    this.#answered.set(rpcId, { digest: null, eventId: null });
  }

  /** The streams are live: what was answered and not replayed by now comes no more, and its id may be used again. */
  replaysAreOver(): void {
    this.#hasEarlier = false;
    for (const [rpcId, question] of this.#answered) if (question.digest === null) this.#answered.delete(rpcId);
  }

  isWaiting(rpcId: RpcId): boolean {
    return this.#waiting.has(rpcId);
  }

  /** It was not recorded: when it comes again it is new. */
  drop(rpcId: RpcId): void {
    this.#waiting.delete(rpcId);
  }

  /** Answered, or withdrawn by the server. */
  settle(rpcId: RpcId): void {
    const question = this.#waiting.get(rpcId);
    if (question === undefined) return;
    this.#waiting.delete(rpcId);
    this.#answered.set(rpcId, question);
    if (this.#answered.size <= limits.serverRequests) return;
    for (const oldest of this.#answered.keys()) {
      this.#answered.delete(oldest);
      break;
    }
  }
}

export function questionOf(method: string, params: JsonObject, eventId: string | null): Question {
  const text = canonicalJson({ method, params });
  return { digest: createHash('sha256').update(text).digest('base64'), eventId };
}
