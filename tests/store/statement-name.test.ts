import { describe, expect, it } from 'vitest';
import { shortName } from '@/server/store/postgres-writer';
import { writeOrder } from '@/server/store/write-tables';

describe('the name of a statement on PostgreSQL', () => {
  // One that is longer is cut without a word, and then two statements are one.
  it('is never cut, however many tables a batch writes, and differs with them', () => {
    const widest = writeOrder.map((_table, index) => `${index}s`).join('_');
    const names = [widest, `${widest}_c`, `${widest}_c_x`, `${widest}_c_x_a`, `${widest}_c_x_a_d`].map(shortName);
    for (const name of names) expect(Buffer.byteLength(name)).toBeLessThanOrEqual(63);
    expect(new Set(names.map((name) => name.slice(0, 63))).size).toBe(names.length);
  });
});
