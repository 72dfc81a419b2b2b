import { expect, it } from 'vitest';
import * as codes from '@/server/engine/rpc-codes';

it('gives each of our JSON-RPC errors a code of its own, from the range left to implementations', () => {
  const all = Object.values(codes);
  expect(new Set(all).size).toBe(all.length);
  for (const code of all) {
    expect(code).toBeGreaterThanOrEqual(-32_099);
    expect(code).toBeLessThanOrEqual(-32_000);
  }
});
