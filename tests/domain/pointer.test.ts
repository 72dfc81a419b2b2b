import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '@/lib/domain/json';
import { changesBetween, isCovered, pointerOf, readPointer, valueAt } from '@/lib/domain/policy/pointer';

describe('a pointer', () => {
  const cases: readonly (readonly [string, readonly string[] | null])[] = [
    ['', []],
    ['/', ['']],
    ['/a', ['a']],
    ['/a/0/b', ['a', '0', 'b']],
    ['/a//b', ['a', '', 'b']],
    ['/a~1b', ['a/b']],
    ['/a~0b', ['a~b']],
    ['/~01', ['~1']],
    ['/~10', ['/0']],
    ['a', null],
    ['#/a', null],
    ['/a~', null],
    ['/a~2', null],
  ];
  it.each(cases)('%j reads as %j', (text, path) => {
    expect(readPointer(text)).toEqual(path);
  });

  it('is written so that it reads as the same path', () => {
    const parts = fc.array(fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom('/', '~', '0', '1', 'a') })));
    fc.assert(
      fc.property(parts, (path) => {
        expect(readPointer(pointerOf(path))).toEqual(path);
      }),
    );
    expect(pointerOf(['to', 0, 'a/b~c'])).toBe('/to/0/a~1b~0c');
  });
});

describe('the value at a pointer', () => {
  const whole = { to: ['ann', { mail: 'b@x' }], n: 0, no: null, '': 'empty', 'a/b': 1 };
  const cases: readonly (readonly [string, Json | undefined])[] = [
    ['', whole],
    ['/to/0', 'ann'],
    ['/to/1/mail', 'b@x'],
    ['/n', 0],
    ['/no', null],
    ['/', 'empty'],
    ['/a~1b', 1],
    ['/to/2', undefined],
    ['/to/01', undefined],
    ['/to/-', undefined],
    ['/to/length', undefined],
    ['/to/-1', undefined],
    ['/n/x', undefined],
    ['/no/x', undefined],
    ['/missing', undefined],
    ['/constructor', undefined],
    ['/__proto__', undefined],
    ['/toString', undefined],
    ['to', undefined],
  ];
  it.each(cases)('%j is %j', (pointer, value) => {
    expect(valueAt(whole, pointer)).toEqual(value);
  });
});

describe('what pointers cover', () => {
  const cases: readonly (readonly [readonly string[], string, boolean])[] = [
    [[], '', false],
    [[], '/a', false],
    [[''], '', true],
    [[''], '/a/b', true],
    [['/a'], '/a', true],
    [['/a'], '/a/0/b', true],
    [['/a'], '/ab', false],
    [['/a'], '', false],
    [['/a/0'], '/a', false],
    [['/a'], '/a~1b', false],
    [['/x', '/a'], '/a/b', true],
    [['/A'], '/a', false],
  ];
  it.each(cases)('%j, %j: %s', (pointers, place, expected) => {
    expect(isCovered(pointers, place)).toBe(expected);
  });
});

describe('where two values differ', () => {
  const cases: readonly (readonly [string, Json, Json, readonly string[]])[] = [
    ['the same', { a: [1, { b: null }] }, { a: [1, { b: null }] }, []],
    ['keys in another order', { a: 1, b: 2 }, { b: 2, a: 1 }, []],
    ['one value', { a: 1 }, { a: 2 }, ['/a']],
    ['deep inside', { a: [{ b: 1 }, { b: 2 }] }, { a: [{ b: 1 }, { b: 3 }] }, ['/a/1/b']],
    ['one more', { a: 1 }, { a: 1, b: null }, ['/b']],
    ['one less', { a: 1, b: null }, { a: 1 }, ['/b']],
    ['a longer list, as a whole', { a: [1] }, { a: [1, 2] }, ['/a']],
    ['a list for an object', { a: [] }, { a: {} }, ['/a']],
    ['a text for a number', { a: 1 }, { a: '1' }, ['/a']],
    ['null for false', { a: null }, { a: false }, ['/a']],
    ['null for an object', { a: null }, { a: {} }, ['/a']],
    ['empty ones', { a: [], b: {} }, { a: [], b: {} }, []],
    ['names that need quoting', { 'a/b': 1, '~': 1 }, { 'a/b': 2, '~': 2 }, ['/a~1b', '/~0']],
    ['names every object has', { toString: 1 }, {}, ['/toString']],
    ['all of it', 1, { a: 1 }, ['']],
  ];
  it.each(cases)('%s', (...[, before, after, places]) => {
    expect(changesBetween(before, after).map(({ pointer }) => pointer)).toEqual(places);
  });

  it('says what was there and what is', () => {
    expect(changesBetween({ a: 1, b: 2 }, { a: 3, c: null })).toEqual([
      { pointer: '/a', before: 1, after: 3 },
      { pointer: '/b', before: 2, after: undefined },
      { pointer: '/c', before: undefined, after: null },
    ]);
  });

  it('of any two is nothing exactly when they are equal, and is right at each place', () => {
    const { json } = fc.letrec<{ json: Json }>((tie) => ({
      json: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        fc.constantFrom<Json>(null, true, 0, 1, '', 'a'),
        fc.array(tie('json'), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom('a', 'b', '/', '~1'), tie('json'), { maxKeys: 3, noNullPrototype: true }),
      ),
    }));
    let same = 0;
    fc.assert(
      fc.property(json, json, (before, after) => {
        const changes = changesBetween(before, after);
        const equal = fc.stringify(sorted(before)) === fc.stringify(sorted(after));
        if (equal) same += 1;
        expect(changes.length === 0).toBe(equal);
        for (const change of changes) {
          expect(valueAt(before, change.pointer)).toEqual(change.before);
          expect(valueAt(after, change.pointer)).toEqual(change.after);
        }
        expect(changesBetween(before, structuredClone(before))).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
    expect(same).toBeGreaterThan(5);
  });
});

function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map((item: Json) => sorted(item));
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value as { [key: string]: Json });
  const inOrder = entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(inOrder.map(([key, item]) => [key, sorted(item)]));
}
