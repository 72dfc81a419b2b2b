import { createHash, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import type { AuditPlace } from '@/lib/domain/audit';
import { canonicalJson } from '@/lib/domain/json';

/** SHA-256, hex, of an entry's text in UTF-8. */
export function entryHash(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/** From where to where the chain goes; `base` is the last entry that was dropped, or the start. */
export interface ChainSpan {
  readonly base: AuditPlace;
  readonly last: AuditPlace;
}

/**
 * A chain does not show that its end was cut off, or that all of it was written anew: what was its last entry is
 * sealed under a key that is not in the database.
 */
export class AuditSeal {
  readonly #key: Buffer;
  readonly #dueKey: Buffer;

  constructor(secret: string) {
    this.#key = Buffer.from(hkdfSync('sha256', secret, 'holdpoint', 'audit seal', 32));
    this.#dueKey = Buffer.from(hkdfSync('sha256', secret, 'holdpoint', 'audit due', 32));
  }

  seal({ base, last }: ChainSpan): string {
    const text = canonicalJson({
      base: { seq: base.seq, hash: base.hash },
      last: { seq: last.seq, hash: last.hash },
    });
    return createHmac('sha256', this.#key).update(text, 'utf8').digest('hex');
  }

  /** What says that an act that waits was written by us. */
  dueMark(text: string): string {
    return createHmac('sha256', this.#dueKey).update(text, 'utf8').digest('hex');
  }

  /** False when it was made with another secret, or for another span. */
  opens(seal: string, span: ChainSpan): boolean {
    return isSame(seal, this.seal(span));
  }

  opensDue(mark: string, text: string): boolean {
    return isSame(mark, this.dueMark(text));
  }
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
