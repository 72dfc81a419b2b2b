export interface Sequenced {
  readonly seq: number;
}

const chunkMost = 256;

/**
 * Things in the order of their `seq`, each once. Never changed, only replaced: a new list shares every chunk it did
 * not touch, so that adding to 20,000 costs what adding to some hundreds does. What is derived of a chunk may be kept
 * by its identity.
 */
export class SeqList<T extends Sequenced> implements Iterable<T> {
  private readonly starts: readonly number[];
  readonly size: number;

  private constructor(readonly chunks: readonly (readonly T[])[]) {
    let size = 0;
    this.starts = chunks.map((chunk) => {
      const start = size;
      size += chunk.length;
      return start;
    });
    this.size = size;
  }

  static empty<T extends Sequenced>(): SeqList<T> {
    return new SeqList<T>([]);
  }

  get first(): T | undefined {
    return this.chunks[0]?.[0];
  }

  get last(): T | undefined {
    return this.chunks.at(-1)?.at(-1);
  }

  /** By its place, from 0. */
  at(index: number): T | undefined {
    const chunk = lastNotAbove(this.starts, index);
    return this.chunks[chunk]?.[index - (this.starts[chunk] ?? 0)];
  }

  find(seq: number): T | undefined {
    const found = this.at(this.placeOf(seq));
    return found?.seq === seq ? found : undefined;
  }

  /** The place of the first that is not before `seq`. */
  placeOf(seq: number): number {
    const at = this.chunkOf(seq);
    const chunk = this.chunks[at];
    if (chunk === undefined) return 0;
    let low = 0;
    let high = chunk.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((chunk[middle]?.seq ?? 0) < seq) low = middle + 1;
      else high = middle;
    }
    return (this.starts[at] ?? 0) + low;
  }

  /** With these, in the order of their `seq`; one of a `seq` it has takes that one's place. */
  with(items: readonly T[]): SeqList<T> {
    if (items.length === 0) return this;
    const chunks: (readonly T[])[] = [];
    let from = 0;
    for (let at = 0; at < Math.max(1, this.chunks.length); at += 1) {
      const next = this.chunks[at + 1]?.[0]?.seq ?? Number.POSITIVE_INFINITY;
      let to = from;
      while (to < items.length && (items[to]?.seq ?? 0) < next) to += 1;
      const chunk = this.chunks[at] ?? [];
      if (to === from) chunks.push(chunk);
      else chunks.push(...cut(merged(chunk, items.slice(from, to))));
      from = to;
    }
    return new SeqList(chunks);
  }

  /** The last chunk that does not begin after `seq`, else the first. */
  private chunkOf(seq: number): number {
    let low = 0;
    let high = this.chunks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.chunks[middle]?.[0]?.seq ?? 0) <= seq) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  *[Symbol.iterator](): Generator<T> {
    for (const chunk of this.chunks) yield* chunk;
  }
}

/** The last index whose value is not above; the values rise. */
function lastNotAbove(values: readonly number[], value: number): number {
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((values[middle] ?? 0) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

function merged<T extends Sequenced>(chunk: readonly T[], items: readonly T[]): readonly T[] {
  const last = chunk.at(-1);
  const head = items[0];
  if (last === undefined || head === undefined || head.seq > last.seq) return [...chunk, ...items];
  const all: T[] = [];
  let at = 0;
  for (const item of items) {
    for (let own = chunk[at]; own !== undefined && own.seq <= item.seq; own = chunk[at]) {
      if (own.seq < item.seq) all.push(own);
      at += 1;
    }
    all.push(item);
  }
  for (; at < chunk.length; at += 1) {
    const own = chunk[at];
    if (own !== undefined) all.push(own);
  }
  return all;
}

/** What grows at its end keeps full chunks before the last. */
function cut<T>(chunk: readonly T[]): readonly (readonly T[])[] {
  if (chunk.length <= chunkMost) return [chunk];
  const pieces: (readonly T[])[] = [];
  for (let from = 0; from < chunk.length; from += chunkMost) pieces.push(chunk.slice(from, from + chunkMost));
  return pieces;
}
