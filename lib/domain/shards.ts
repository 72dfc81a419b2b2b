const shardCount = 128;

/**
 * A map that is never changed, only replaced: a new one shares all but the shards that differ, so that keeping
 * 10,000 entries costs an update no more than keeping a hundred.
 */
export class Shards<K extends string, V> {
  private constructor(
    private readonly shards: readonly (ReadonlyMap<K, V> | undefined)[],
    readonly size: number,
  ) {}

  static empty<K extends string, V>(): Shards<K, V> {
    return new Shards<K, V>([], 0);
  }

  get(key: K): V | undefined {
    return this.shards[shardOf(key)]?.get(key);
  }

  has(key: K): boolean {
    return this.get(key) !== undefined;
  }

  *entries(): Generator<readonly [K, V]> {
    for (const shard of this.shards) if (shard !== undefined) yield* shard;
  }

  /** With these set, or dropped where the value is null. */
  with(changes: ReadonlyMap<K, V | null>): Shards<K, V> {
    const shards = this.shards.slice();
    const own = new Map<number, Map<K, V>>();
    let { size } = this;
    for (const [key, value] of changes) {
      const index = shardOf(key);
      const shard = own.get(index) ?? new Map<K, V>(shards[index]);
      own.set(index, shard);
      size -= shard.size;
      if (value === null) shard.delete(key);
      else shard.set(key, value);
      size += shard.size;
    }
    for (const [index, shard] of own) shards[index] = shard;
    return new Shards<K, V>(shards, size);
  }
}

/** Ids end in random characters. */
function shardOf(key: string): number {
  let hash = 0;
  for (let at = Math.max(0, key.length - 4); at < key.length; at += 1) hash = (hash * 31 + key.charCodeAt(at)) | 0;
  return (hash >>> 0) % shardCount;
}
