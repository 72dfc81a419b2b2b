import { Environment } from '@marcbachmann/cel-js';
import { describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '@/lib/domain/json';
import { compileRules } from '@/server/policy/cel';
import { meter } from '@/server/policy/cel-environment';
import { isMachine } from '@/server/policy/cel-meter';
import { matchOf, questionOf, ruleOf } from './policy-samples';

/** Generous, for a busy machine; without the bounds these take minutes, or never end. */
const boundMs = 3_000;

function timed<T>(work: () => T): { readonly value: T; readonly tookMs: number } {
  const startedAt = performance.now();
  const value = work();
  return { value, tookMs: performance.now() - startedAt };
}

function nest(depth: number, shape: (depth: number) => 'list' | 'map'): Json {
  let value: Json = 'x';
  for (let level = 0; level < depth; level += 1) value = shape(level) === 'list' ? [value] : { a: value };
  return value;
}

const many = Array.from({ length: 100_000 }, (_, n) => n);
const long = 'a'.repeat(1_000_000);
const hostile: JsonObject = {
  many,
  words: many.map((n) => `word ${n}`),
  rows: many.slice(0, 50_000).map((n) => ({ id: n })),
  long,
  needle: `b${'a'.repeat(250)}`,
  needles: many.slice(0, 50_000).map((n) => `${'a'.repeat(10)}${n}`),
  deep: nest(200, (level) => (level % 2 === 0 ? 'list' : 'map')),
  twin: nest(200, (level) => (level % 2 === 0 ? 'list' : 'map')),
};

describe('large and deep arguments are bounded', () => {
  test.each([
    ['args.many.size() == 100000', 'yes'],
    ['args.many.all(n, n >= 0)', 'yes'],
    ['99999 in args.many', 'yes'],
    ['args.rows.exists(r, r.id == 49999)', 'yes'],
    ['args.deep == args.twin', 'yes'],
    ['args.deep == "prod"', 'no'],
    ['args.many == args.words', 'no'],
    ['args.long.contains("b")', 'no'],
    ['args.long.startsWith("aa") && args.long.size() == 1000000', 'yes'],
    ['args.many.map(n, n + 1).size() == 100000', 'yes'],
  ] as const)('%s', (when, expected) => {
    const { value, tookMs } = timed(() => matchOf(when, hostile));
    expect(value).toBe(expected);
    expect(tookMs).toBeLessThan(boundMs);
  });

  test.each([
    'args.many.all(n, n in args.words || n >= 0)',
    'args.rows.exists(r, r.amount > 100)',
    'args.rows.exists(r, r == args.rows)',
    'args.needles.exists(n, args.long.contains(n))',
    'args.needles.exists(n, glob(args.long, n + "*b"))',
    'args.words.exists(w, w.matches("o.*o.*o.*9$"))',
    'args.long.matches("a*b")',
    'args.many.exists(n, args.long.upperAscii() == "b")',
    'args.many.exists(n, size(args.many + args.many) == 1)',
    'args.many.exists(n, n / 0 > args.many.size())',
  ])('%s ends as an error, soon', (when) => {
    const { value, tookMs } = timed(() => matchOf(when, hostile));
    expect(value).toHaveProperty('error');
    expect(tookMs).toBeLessThan(boundMs);
  });

  test('all rules of one question share its steps, and what is left over ends in errors', () => {
    const rules = Array.from({ length: 500 }, (_, n) => ruleOf('args.many.exists(n, n < 0)', { id: `r${n}` }));
    const compiled = compileRules(rules);
    const question = questionOf(hostile);
    const { value, tookMs } = timed(() => rules.map((rule) => compiled.match(rule, question)));
    expect(value[0]).toBe('no');
    expect(value.at(-1)).toHaveProperty('error');
    expect(tookMs).toBeLessThan(boundMs);
    const next = questionOf({ many: [1] });
    expect(new Set(rules.map((rule) => compiled.match(rule, next)))).toEqual(new Set(['no']));
    expect(compiled.match(rules[0] ?? ruleOf(''), question)).toBe('no');
  });

  test('arguments nobody asks for cost nothing', () => {
    const compiled = compileRules([ruleOf('tool.name == "delete_row"')]);
    const rule = ruleOf('tool.name == "delete_row"');
    expect(compiled.match(rule, questionOf({ deep: nest(100_000, () => 'list') }))).toBe('yes');
    expect(matchOf('has(args.deep)', { deep: nest(100_000, () => 'list') })).toHaveProperty('error');
  });

  test('a long error keeps no trace and restores the limit', () => {
    const before = Error.stackTraceLimit;
    matchOf('args.x == 1');
    expect(Error.stackTraceLimit).toBe(before);
    expect(before).toBeGreaterThan(0);
  });
});

describe('the library', () => {
  /** Every shape of lists and maps it is asked about is declared for ever, in all environments. */
  function shapesDeclared(take: 'as it is' | 'taken over'): number {
    let declared = 0;
    const library = new Environment().registerVariable('args', 'map<string, dyn>');
    library.registerFunction(
      'machine(): bool',
      function (this: { readonly registry: Record<'getListType' | 'getMapType', (...types: unknown[]) => unknown> }) {
        const { registry } = this;
        for (const name of ['getListType', 'getMapType'] as const) {
          const original = registry[name].bind(registry);
          registry[name] = (...types) => {
            declared += 1;
            return original(...types);
          };
        }
        if (take === 'taken over' && isMachine(this)) meter.install(this);
        return true;
      },
      { async: false },
    );
    library.evaluate('machine()');
    meter.start(10_000);
    const a = [[[new Map([['a', [1]]])]]];
    expect(
      library.evaluate('args.a == args.b || size(args.a) == 9 || args.b in [args.a]', { args: { a, b: [a] } }),
    ).toBe(false);
    return declared;
  }

  test('keeps a declaration of every shape, which is why it is taken over', () => {
    expect(shapesDeclared('as it is')).toBeGreaterThan(0);
    expect(shapesDeclared('taken over')).toBeLessThanOrEqual(1);
  });
});
