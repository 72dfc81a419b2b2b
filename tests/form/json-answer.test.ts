import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readJsonAnswer } from '@/lib/domain/form/json-answer';
import { readJsonText } from '@/lib/domain/form/json-text';

const schema = {
  type: 'object',
  properties: {
    window: {
      type: 'object',
      properties: { start: { type: 'string', minLength: 5 } },
      required: ['start'],
      additionalProperties: false,
    },
    nodes: { type: 'integer', minimum: 1, maximum: 12 },
    tags: { type: 'array', items: { enum: ['a', 'b'] }, maxItems: 2 },
    either: { anyOf: [{ type: 'string' }, { type: 'integer' }] },
  },
  required: ['nodes'],
};

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('an answer as JSON', () => {
  it.each([
    ['{\n  "window": { "start": "02:00" },\n  "nodes": "seven"\n}', 3, 'nodes must be a whole number from 1 to 12'],
    ['{\n\n"nodes": 13}', 3, 'nodes must be a whole number from 1 to 12'],
    ['{}', 1, 'nodes is missing'],
    ['{"nodes": 1,\n"window": {\n"start": "2"}}', 3, 'start must have at least 5 characters, not 1'],
    ['{"nodes": 1,\n"window": {\n"start": "02:00",\n"end": 1}}', 4, 'end was not asked for'],
    ['{"nodes": 1, "tags": ["a",\n"z"]}', 2, 'Item 2 of tags must be one of "a", "b"'],
    ['{"nodes": 1, "tags": ["a","b","a"]}', 1, 'tags must have at most 2 entries'],
    ['{"nodes": 1,\n"either": true}', 2, 'either fits none of the forms the schema allows'],
    ['[]', 1, 'The answer has to be an object, in braces'],
    ['', 1, 'Something is missing at the end'],
    ['{"nodes": 1,\n}', 2, 'A name in double quotes is missing here'],
    ["{\n'nodes': 1}", 2, 'A name in double quotes is missing here'],
    ['{"nodes": seven}', 1, 'A value is missing here; text needs double quotes'],
    ['{"nodes" 1}', 1, 'A colon is missing after the name'],
    ['{"nodes": 1 "a": 2}', 1, 'A comma or } is missing here'],
    ['{"nodes": 1}\n{}', 2, 'Only one value may stand here; remove what follows it'],
    ['{"nodes": 1,\n"nodes": 2}', 2, '“nodes” is given twice'],
    ['{"nodes": "abc', 1, 'The closing double quote is missing'],
  ])('%j: line %i, %s', (text, line, message) => {
    const reading = readJsonAnswer(schema, text);
    expect(reading.ok ? [] : reading.errors).toContainEqual({ line, message });
  });

  it('accepts what fits', () => {
    expect(readJsonAnswer(schema, '{"nodes": 7, "window": {"start": "02:00"}}')).toEqual({
      ok: true,
      content: { nodes: 7, window: { start: '02:00' } },
    });
  });

  it('a schema that may not be walked accepts nothing', () => {
    expect(readJsonAnswer({ $ref: '#' }, '{"a": 1}').ok).toBe(false);
  });

  it('reads every JSON text as JSON.parse does', () => {
    const same = fc.property(fc.json(), fc.constantFrom(undefined, 2), (text, indent) => {
      const value = JSON.parse(text) as unknown;
      const again = readJsonText(JSON.stringify(value, null, indent));
      return again.kind === 'value' && JSON.stringify(again.value) === JSON.stringify(value);
    });
    expect(fc.check(same, { numRuns: 500, seed: 20261117 }).counterexample).toBeNull();
  });

  it('refuses every text JSON.parse refuses, with a line', () => {
    const text = fc.string({ unit: fc.constantFrom(...Array.from('{}[]":,\\ \n1e.-tfn')), maxLength: 12 });
    const refused = fc.property(text, (typed) => {
      const reading = readJsonText(typed);
      return parses(typed) || (reading.kind === 'refused' && reading.line >= 1 && reading.message !== '');
    });
    expect(fc.check(refused, { numRuns: 3_000, seed: 20261117 }).counterexample).toBeNull();
  });

  it.each([
    '['.repeat(100_000),
    `${'{"a":'.repeat(50_000)}1`,
    '"'.repeat(200_000),
    ' '.repeat(600_000),
    `[${'1,'.repeat(200_000)}1]`,
  ])('a hostile text is answered in bounded time', (text) => {
    const startedAt = performance.now();
    expect(readJsonAnswer(schema, text).ok).toBe(false);
    expect(performance.now() - startedAt).toBeLessThan(30_000);
  });
});
