import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, isJsonObject, type Json } from '@/lib/domain/json';

const anyJson = fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as Json);

/** The same value with the keys of every object the other way round. */
function turned(value: Json): Json {
  if (Array.isArray(value)) return value.map((item: Json) => turned(item));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, item]) => [key, turned(item)]),
  );
}

describe('the one text of a value', () => {
  const cases: readonly (readonly [Json, string])[] = [
    [null, 'null'],
    ['a"\u0000\ud800', '"a\\"\\u0000\\ud800"'],
    [-0, '0'],
    [1e21, '1e+21'],
    [[], '[]'],
    [{}, '{}'],
    [{ b: 1, a: [{ d: null, c: true }] }, '{"a":[{"c":true,"d":null}],"b":1}'],
    [{ '10': 1, '9': 2 }, '{"10":1,"9":2}'],
  ];
  it.each(cases)('of %j', (value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  it('is the same whatever the order of keys, and reads back as the value (I6)', () => {
    fc.assert(
      fc.property(anyJson, (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(turned(value))).toBe(text);
        expect(JSON.parse(text)).toEqual(value);
      }),
    );
  });

  it('differs whenever the values do (I6)', () => {
    const pairs: readonly (readonly [Json, Json])[] = [
      [{ a: 1 }, { a: '1' }],
      [
        [1, 2],
        [2, 1],
      ],
      [{ a: { b: 1 } }, { 'a.b': 1 }],
      [{ a: null }, {}],
      [['a,b'], ['a', 'b']],
      [JSON.parse('{"__proto__":1}') as Json, {}],
    ];
    for (const [one, other] of pairs) expect(canonicalJson(one)).not.toBe(canonicalJson(other));
  });
});

describe('an object', () => {
  it.each([
    [{}, true],
    [{ a: 1 }, true],
    [[], false],
    [null, false],
    ['{}', false],
    [undefined, false],
  ])('%j: %s', (value, expected) => {
    expect(isJsonObject(value)).toBe(expected);
  });
});
