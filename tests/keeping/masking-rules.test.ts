import { describe, expect, it } from 'vitest';
import type { Json } from '@/lib/domain/json';
import { masked } from '@/lib/domain/mask';
import { maskCovered } from '@/lib/domain/masking/cover';
import type { MaskingRule } from '@/lib/domain/masking/rule';
import type { MaskScope } from '@/server/engine/ports/masking';
import { MaskingRules, maskingProblems } from '@/server/keeping/masking-rules';

function rule(path: string, more: Partial<MaskingRule> = {}): MaskingRule {
  return { name: 'a rule', path, parts: ['arguments'], server: null, tool: null, ...more };
}

const scope: MaskScope = { part: 'arguments', server: 'bank', tool: 'transfer' };

function shown(rules: readonly MaskingRule[], value: Json, at: MaskScope = scope): Json {
  return maskCovered(value, new MaskingRules(rules).covered(value, at));
}

describe('a masking rule (I14)', () => {
  const value = {
    to: { iban: 'DE89370400440532013000', name: 'Ada' },
    items: [
      { ssn: '078-05-1120', n: 1 },
      { ssn: '219-09-9999', n: 2 },
    ],
    "o'brien": 'x',
    'a.b': 'secret one',
  };
  const cases: readonly (readonly [string, Json])[] = [
    ['$.to.iban', { ...value, to: { iban: masked, name: 'Ada' } }],
    ['$.items[*].ssn', { ...value, items: value.items.map((item) => ({ ...item, ssn: masked })) }],
    ['$..ssn', { ...value, items: value.items.map((item) => ({ ...item, ssn: masked })) }],
    ['$.items[0]', { ...value, items: [masked, value.items[1] ?? null] }],
    ['$.items[-1:]', { ...value, items: [value.items[0] ?? null, masked] }],
    ['$.items[?@.n > 1].ssn', { ...value, items: [value.items[0] ?? null, { ssn: masked, n: 2 }] }],
    ["$['a.b']", { ...value, 'a.b': masked }],
    ['$["o\'brien"]', { ...value, "o'brien": masked }],
    ['$.to["iban","name"]', { ...value, to: { iban: masked, name: masked } }],
    ['$.nothing.here', value],
    ['$', masked],
  ];
  it.each(cases)('%s', (path, expected) => {
    expect(maskingProblems([rule(path)])).toEqual([]);
    expect(shown([rule(path)], value)).toEqual(expected);
  });

  it('also masks where the same value stands again, inside texts too', () => {
    const result = {
      structuredContent: { iban: 'DE89370400440532013000', ok: true, n: 12_345_678 },
      content: [{ type: 'text', text: '{"iban":"DE89370400440532013000","ok":true} and 12345678' }],
    };
    const rules = [rule('$.structuredContent.iban', { parts: ['results'] }), rule('$..n', { parts: ['results'] })];
    const said = JSON.stringify(shown(rules, result, { ...scope, part: 'results' }));
    expect(said).not.toContain('DE89370400440532013000');
    expect(said).not.toContain('12345678');
    expect(said).toContain('true');
  });

  it('does not make every short word disappear', () => {
    expect(shown([rule('$.a')], { a: 'yes', b: 'yes, eyes' })).toEqual({ a: masked, b: 'yes, eyes' });
  });

  it.each([
    ['another part', rule('$.to', { parts: ['results'] })],
    ['another server', rule('$.to', { server: 'files' })],
    ['another tool', rule('$.to', { tool: 'get_*' })],
  ])('of %s leaves it alone', (_name, one) => {
    expect(shown([one], value)).toEqual(value);
  });

  it('applies where it is not known which tool it is', () => {
    const one = rule('$.to.iban', { server: 'bank', tool: 'other', parts: ['results'] });
    expect(shown([one], value, { part: 'results', server: null, tool: null })).not.toEqual(value);
  });

  it('that cannot be followed masks the whole', () => {
    let deep: Json = { iban: 'x' };
    for (let depth = 0; depth < 150; depth += 1) deep = { a: deep };
    const troubles: string[] = [];
    const rules = new MaskingRules([rule('$..iban')], (_rule, why) => troubles.push(why));
    expect(maskCovered(deep, rules.covered(deep, scope))).toBe(masked);
    expect(troubles).toHaveLength(1);
    expect(shown([rule('not a path')], value)).toBe(masked);
  });

  it('takes no time over a hostile value', () => {
    const wide = { list: Array.from({ length: 100_000 }, (_, at) => ({ at, x: 'y'.repeat(10) })) };
    const started = performance.now();
    shown([rule('$..*..*')], wide);
    shown([rule('$..[?@.x == @.at]')], wide);
    expect(performance.now() - started).toBeLessThan(30_000);
  });
});

describe('a wrong rule is refused with what to do', () => {
  it.each([
    ['to.iban', /begins with "\$"/],
    ['$.to[', /not a JSON path/],
    ['$.to[?match(@.a, "(a+)+$")]', /match\(\) is not taken/],
    ['$..a..b..c', /At most 2 "\.\."/],
    ['', /begins with/],
  ])('%j', (path, words) => {
    expect(maskingProblems([rule('$.fine'), rule(path)])).toEqual([
      { index: 1, field: 'path', message: expect.stringMatching(words) as string },
    ]);
  });

  it('without a name, or without a part', () => {
    expect(maskingProblems([rule('$.a', { name: ' ', parts: [] })]).map(({ field }) => field)).toEqual([
      'name',
      'parts',
    ]);
  });
});
