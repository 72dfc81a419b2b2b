import type { RawMessage } from '../raw';
import { partsOf } from './raw-part';

/** A request and its response. */
export interface Pair {
  /** The message at the other end. */
  readonly seq: number;
  /** From the request to the response. */
  readonly tookMs: number;
  readonly method: string | null;
}

/** What every message is paired with, by its `seq`. */
export interface Pairing {
  readonly pairs: ReadonlyMap<number, Pair>;
  /** Requests without a response so far, and responses to what is not here. */
  readonly unpaired: ReadonlySet<number>;
}

interface Asked {
  readonly seq: number;
  readonly at: number;
  readonly method: string | null;
}

/**
 * Pairs requests with responses: the same id on the same connection, the other way. Messages are added in their order,
 * each once; an answer that was sent twice is paired both times.
 */
export class Pairer implements Pairing {
  readonly pairs = new Map<number, Pair>();
  readonly unpaired = new Set<number>();
  private readonly open = new Map<string, Asked>();
  private readonly closed = new Map<string, Asked>();

  add(messages: readonly RawMessage[]): void {
    for (const message of messages) this.addOne(message);
  }

  private addOne(message: RawMessage): void {
    const { seq, at, direction } = message;
    for (const { kind, id, method } of partsOf(message)) {
      if (id === null || kind === 'notification' || kind === 'other') continue;
      if (kind === 'request') {
        const key = keyOf(message, direction, id);
        this.open.set(key, { seq, at, method });
        this.closed.delete(key);
        this.unpaired.add(seq);
        continue;
      }
      const key = keyOf(message, direction === 'in' ? 'out' : 'in', id);
      const asked = this.open.get(key) ?? this.closed.get(key);
      if (asked === undefined) {
        this.unpaired.add(seq);
        continue;
      }
      const tookMs = Math.max(0, at - asked.at);
      this.pairs.set(seq, { seq: asked.seq, tookMs, method: asked.method });
      // Of several answers the first is the partner.
      if (this.open.delete(key)) {
        this.closed.set(key, asked);
        this.pairs.set(asked.seq, { seq, tookMs, method: asked.method });
        this.unpaired.delete(asked.seq);
      }
    }
  }
}

/** 1 and "1" are two ids. */
function keyOf(message: RawMessage, direction: RawMessage['direction'], id: string | number): string {
  return `${message.side} ${message.connectionId ?? ''} ${direction} ${JSON.stringify(id)}`;
}
