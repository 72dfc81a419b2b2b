import { createHash } from 'node:crypto';
import type { Clock } from '@/server/engine/ports/clock';
import type { Log } from '@/server/engine/ports/log';
import { SchemaCompiler, type SchemaFault, type SchemaVerdict } from './schema-compiler';

/** A client compiles each schema it is given, so this is also what we make agents do. */
export const schemaCharactersMost = 100_000;
const knownMost = 20_000;
/** What one server may make us compile; beyond that what is new of it goes without. */
const spentMostMs = 6_000;
const perMs = 600_000;

const tooLarge: SchemaFault = { why: 'too_large', detail: '' };
/** Not a word about the schema itself: it is looked at again the next time. */
export const notReached: SchemaFault = { why: 'too_slow', detail: '' };

interface Spent {
  readonly sinceAt: number;
  ms: number;
}

/** Whether clients can compile a schema, remembered by its digest. */
export class SchemaVerdicts {
  readonly #clock: Clock;
  readonly #compiler: SchemaCompiler;
  readonly #known = new Map<string, SchemaVerdict>();
  readonly #underWay = new Map<string, Promise<SchemaVerdict>>();
  readonly #spent = new Map<string, Spent>();

  constructor(parts: { readonly clock: Clock; readonly log: Log; readonly compiler?: SchemaCompiler }) {
    this.#clock = parts.clock;
    this.#compiler = parts.compiler ?? new SchemaCompiler(parts);
  }

  /** Of each text, in order. */
  async of(server: string, texts: readonly string[]): Promise<readonly SchemaVerdict[]> {
    const digests = texts.map((text) => createHash('sha256').update(text).digest('hex'));
    const fresh = new Map<string, string>();
    for (const [index, digest] of digests.entries()) {
      const text = texts[index] ?? '';
      if (text.length > schemaCharactersMost) this.#keep(digest, tooLarge);
      else if (!this.#known.has(digest) && !this.#underWay.has(digest)) fresh.set(text, digest);
    }
    if (fresh.size > 0) this.#begin(server, fresh);
    return Promise.all(
      digests.map(async (digest) => {
        const verdict = this.#known.get(digest);
        return verdict === undefined ? (this.#underWay.get(digest) ?? notReached) : verdict;
      }),
    );
  }

  /** The smallest first, so that a large one costs the others nothing. */
  #begin(server: string, fresh: ReadonlyMap<string, string>): void {
    const spent = this.#spentOf(server);
    if (spent.ms >= spentMostMs) return;
    const texts = [...fresh.keys()].sort((a, b) => a.length - b.length);
    const compiling = this.#compiler.compile(texts).then(({ verdicts, tookMs }) => {
      spent.ms += tookMs;
      for (const [text, digest] of fresh) {
        const verdict = verdicts.get(text);
        if (verdict !== undefined) this.#keep(digest, verdict);
        this.#underWay.delete(digest);
      }
      return verdicts;
    });
    for (const [text, digest] of fresh)
      this.#underWay.set(
        digest,
        compiling.then((verdicts) => {
          const verdict = verdicts.get(text);
          return verdict === undefined ? notReached : verdict;
        }),
      );
  }

  #spentOf(server: string): Spent {
    const now = this.#clock.now();
    const known = this.#spent.get(server);
    if (known !== undefined && now - known.sinceAt < perMs) return known;
    const spent: Spent = { sinceAt: now, ms: 0 };
    this.#spent.set(server, spent);
    return spent;
  }

  #keep(digest: string, verdict: SchemaVerdict): void {
    this.#known.delete(digest);
    this.#known.set(digest, verdict);
    if (this.#known.size <= knownMost) return;
    for (const oldest of this.#known.keys()) {
      this.#known.delete(oldest);
      return;
    }
  }
}
