import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '@/lib/domain/json';
import { masked, maskJson } from '@/lib/domain/mask';
import { cutJson } from '@/lib/domain/masking/cut';

const most = 20_000;

function cut(value: Json): Json {
  return maskJson(cutJson(value, most));
}

describe('what is cut', () => {
  it('is itself when it is within', () => {
    const value = { a: ['b', 1, null, { c: 'd'.repeat(most / 2) }] };
    expect(cutJson(value, most)).toBe(value);
  });

  it('keeps each member of a message, and says how much is missing', () => {
    const text = 'word '.repeat(100_000);
    const rows = Array.from({ length: 50_000 }, (_, id) => ({ id, name: `row ${id}` }));
    const message = { jsonrpc: '2.0', id: 'call-1', result: { content: [{ type: 'text', text }], rows }, last: true };
    const kept = cut(message) as typeof message;
    expect({ ...kept, result: null }).toEqual({ ...message, result: null });
    expect(kept.result.content[0]?.text).toMatch(/^word word .*… 49\d,\d{3} more characters$/);
    expect(kept.result.rows[0]).toEqual(rows[0]);
    expect(kept.result.rows.at(-1)).toMatch(/^… 49,\d{3} more$/);
  });

  it('says how many members of a map are missing', () => {
    const map = Object.fromEntries(Array.from({ length: 90_000 }, (_, at) => [`customer-${at}`, at]));
    const kept = cut({ map }) as { map: Record<string, unknown> };
    expect(Object.keys(kept.map).at(-1)).toBe('…');
    expect(Object.keys(kept.map).length - 1 + Number(String(kept.map['…']).replace(/\D/g, ''))).toBe(90_000);
  });

  it('keeps the small members of what nothing else helps with', () => {
    const wide = (depth: number): Json =>
      depth === 0 ? 'x'.repeat(500) : Array.from({ length: 5 }, () => wide(depth - 1));
    expect(cut({ jsonrpc: '2.0', id: 7, result: wide(6) })).toEqual({
      jsonrpc: '2.0',
      id: 7,
      result: '… too large to be kept',
    });
    expect(cut({ ['k'.repeat(most * 2)]: 1, id: 7 })).toEqual({ id: 7 });
  });

  it('is read no further than what is kept: the work does not grow with the whole', () => {
    let reads = 0;
    const list = new Proxy(
      Array.from({ length: 1_000_000 }, () => 'row'),
      {
        get: (target, key, receiver) => {
          if (typeof key === 'string' && /^\d+$/.test(key)) reads += 1;
          return Reflect.get(target, key, receiver) as unknown;
        },
      },
    );
    cutJson({ list }, most);
    expect(reads).toBeLessThan(most);
  });

  it('shows no part of a secret that the cut goes through (I14)', () => {
    const secrets = [
      'ghp_0123456789abcdefghijABCDEFGHIJ012345',
      'AKIAIOSFODNN7EXAMPLE',
      'postgres://app:correct-horse-battery-staple@db.example.com/app'.padEnd(80, 'x'),
      `-----BEGIN PRIVATE KEY-----\n${'MIIEvQIBADANBgkq'.repeat(80)}\n-----END PRIVATE KEY-----`,
    ];
    const parts = [/ghp_\d/, /AKIA\w/, /correct/, /MIIE/];
    fc.assert(
      fc.property(
        fc.nat({ max: secrets.length - 1 }),
        fc.constantFrom(600, 1_000, 2_500, 10_000),
        fc.nat(1_500),
        (which, at, back) => {
          const before = '. '.repeat(Math.max(0, at - back) / 2);
          const text = `${before}${secrets[which] ?? ''}${' .'.repeat(most * 2)}`;
          const rest = Array.from({ length: 30 }, () => text);
          for (const value of [text, rest, { a: rest, b: text }]) {
            const kept = JSON.stringify(cut(value));
            expect(parts[which]?.test(kept)).toBe(false);
          }
        },
      ),
      { numRuns: 200, seed: 4 },
    );
  });

  it('is masked where a value looks drawn at random, or is not short enough to be taken for one', () => {
    const key = 'aZ3kQ9xV7mB2nL5pR8tY'.repeat(25);
    const rest = Array.from({ length: 5_000 }, (_, at) => `line ${at}`);
    expect(cut({ signature: key, rest })).toMatchObject({ signature: masked });
  });
});
