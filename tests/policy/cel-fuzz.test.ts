import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '@/lib/domain/json';
import { checkExpression } from '@/server/policy/cel';
import { matchOf } from './policy-samples';

const seed = 20_261_122;
/** In every text of the arguments; no message may contain it. */
const secret = 'Zq7';

const words = `args . a tool name server ( ) [ ] { } "x" 1 2.5 == != && || ! - + * / % < > in ? : , has size matches
  contains exists all map filter glob null true split "a*" x type string int timestamp r"a" b"a" 1u __proto__ //`.split(
  /\s+/,
);

const anyText = fc.oneof(
  fc.string({ maxLength: 60 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.array(fc.constantFrom(...words), { maxLength: 25 }).map((parts) => parts.join(' ')),
);

/** Expressions that are mostly well formed, of values that mostly do not go together. */
const wellFormed = fc.letrec<{ any: string }>((tie) => {
  const two = fc.tuple(tie('any'), tie('any'));
  return {
    any: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom(
        'args.a',
        'args.b',
        'args.list',
        'args.rows',
        'args.none',
        'args["c d"]',
        'tool.name',
        'tool.readOnly',
      ),
      fc.constantFrom(
        '1',
        '2.5',
        '-3',
        '"x"',
        'true',
        'null',
        '[]',
        '[1, "x"]',
        '{"a": 1}',
        'args',
        'has(args.a)',
        'double',
      ),
      fc
        .tuple(two, fc.constantFrom('==', '!=', '<', '>=', '+', '-', '*', '/', '%', 'in', '&&', '||'))
        .map(([[a, b], sign]) => `(${a} ${sign} ${b})`),
      fc.tuple(two, tie('any')).map(([[a, b], c]) => `(${a} ? ${b} : ${c})`),
      tie('any').map((a) => `!${a}`),
      fc
        .tuple(two, fc.constantFrom('contains', 'startsWith', 'endsWith'))
        .map(([[a, b], name]) => `${a}.${name}(${b})`),
      fc
        .tuple(tie('any'), fc.constantFrom('size', 'string', 'int', 'double', 'bool', 'type', 'timestamp'))
        .map(([a, name]) => `${name}(${a})`),
      fc
        .tuple(tie('any'), fc.constantFrom('exists(v, v == 1)', 'all(v, v.a > 1)', 'map(v, v + 1)', 'filter(v, v)'))
        .map(([a, loop]) => `${a}.${loop}`),
      fc
        .tuple(
          tie('any'),
          fc.constantFrom('matches("^a+$")', 'split(",")', 'substring(1, 2)', 'lowerAscii()', 'a', 'size()'),
        )
        .map(([a, tail]) => `${a}.${tail}`),
      two.map(([a, b]) => `${a}[${b}]`),
      two.map(([a, b]) => `glob(${a}, ${b})`),
    ),
  };
}).any;

const json = fc
  .jsonValue({ maxDepth: 3 })
  .map(
    (value) =>
      JSON.parse(JSON.stringify(value), (_key, each: unknown) =>
        typeof each === 'string' ? secret + each : each,
      ) as Json,
  );
const givenArgs: fc.Arbitrary<JsonObject> = fc.oneof(
  fc.dictionary(fc.constantFrom('a', 'b', 'list', 'rows', 'none', 'c d', '__proto__', 'constructor'), json),
  fc.record({
    a: fc.constantFrom(1, 2.5, `${secret}x`, null, true),
    b: fc.constantFrom(0, `${secret}`, [1], { a: 1 }),
    list: fc.constantFrom([1, 2], [`${secret}`], [null, 1]),
    rows: fc.constantFrom([{ a: 2 }], [{ a: secret }], {}),
    none: fc.constant(null),
  }),
);

describe('any text as an expression', () => {
  test.each([
    { name: 'of any characters', texts: anyText, numRuns: 5_000, reached: ['refused'] },
    { name: 'of well-formed parts', texts: wellFormed, numRuns: 8_000, reached: ['failed', 'no', 'refused', 'yes'] },
  ])(
    'I14: $name: is judged and matched without a throw, and no message quotes the call',
    ({ texts, numRuns, reached }) => {
      const outcomes = new Set<string>();
      fc.assert(
        fc.property(texts, givenArgs, (when, args) => {
          const check = checkExpression(when);
          const match = matchOf(when, args);
          const said = typeof match === 'object' ? match.error : '';
          const outcome = typeof match === 'object' ? 'failed' : match;
          expect(said).not.toContain(secret);
          // What cannot be saved cannot match either.
          expect(check.ok || said !== '').toBe(true);
          expect(said).not.toContain('could not be evaluated');
          outcomes.add(check.ok ? outcome : 'refused');
        }),
        { numRuns, seed },
      );
      expect([...outcomes]).toEqual(expect.arrayContaining(reached));
    },
  );
});
