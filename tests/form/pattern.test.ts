import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPattern, testPattern } from '@/lib/domain/form/pattern';
import { patternSuggestion, patternWords } from '@/lib/domain/form/pattern-words';

const affordable = [
  '^CC-\\d{4}$',
  '^[a-z0-9-]+$',
  '^[\\w.+-]+@[\\w-]+\\.[\\w.-]+$',
  '^(\\d{1,3}\\.){3}\\d{1,3}$',
  '^(?=.*\\d)(?=.*[a-z])(?=.*[A-Z]).{8,}$',
  '^[a-z]+(?:-[a-z]+)*$',
  '^\\p{L}+$',
  '^(dev|staging|prod)$',
  '.*foo.*',
  '^v?\\d+\\.\\d+\\.\\d+(-[0-9A-Za-z.-]+)?$',
  '^#([0-9a-f]{3}|[0-9a-f]{6})$',
  '^[^@]+@[^@]+$',
];

const risky = [
  '(a+)+$',
  '^(a|a)*$',
  '(a|aa)+$',
  '(.*)*x',
  '(\\w+\\s?)*$',
  '^(([a-z])+.)+[A-Z]([a-z])+$',
  '(x+x+)+y',
  '(a?){30}a{30}',
  `${'a?'.repeat(30)}${'a'.repeat(30)}`,
  '.*.*.*.*.*=',
  '((a{1000}){1000}){1000}',
  '(?<=a+)b',
  '(a)\\1',
  '^(a|ab|b)*c$',
  '^(?:(?=a*)a)*$',
  '^([a-z]+\\d?)*$',
  '(?:a{1,50}){1,50}!',
  `${'('.repeat(400)}a${')'.repeat(400)}`,
  'a'.repeat(2_000),
];

describe('patterns that may be run', () => {
  it.each(affordable)('%s is checked', (source) => {
    expect(readPattern(source)).toMatchObject({ kind: 'checked', source });
  });

  it.each(risky)('%s is not run', (source) => {
    expect(readPattern(source)).toMatchObject({ kind: 'unchecked', why: 'risky' });
    expect(testPattern(readPattern(source), `${'a'.repeat(5_000)}!`)).toBe('unchecked');
  });

  it.each(['(', '[', 'a{2,1}', '\\', '(?<n'])('%s is invalid and does not throw', (source) => {
    expect(readPattern(source)).toMatchObject({ kind: 'unchecked', why: 'invalid' });
  });

  it('a text longer than a pattern affords is not checked rather than waited for', () => {
    const pattern = readPattern('.*foo.*');
    expect(pattern.kind === 'checked' && pattern.textMax).toBeLessThan(1_000);
    expect(testPattern(pattern, 'fo'.repeat(100_000))).toBe('unchecked');
    expect(testPattern(pattern, 'a foo b')).toBe('matches');
  });

  it('any pattern made of risky parts is answered in bounded time', () => {
    const part = fc.constantFrom(
      'a',
      'b',
      '.',
      '[ab]',
      '\\w',
      'a+',
      'a*',
      'b?',
      '(a|b)',
      '(a|ab)',
      '[^b]',
      'a{1,9}',
      '$',
      '^',
      '\\b',
    );
    const quantifier = fc.constantFrom('', '+', '*', '{2,5}', '{3}', '?');
    const group = fc
      .tuple(fc.array(part, { minLength: 1, maxLength: 4 }), quantifier)
      .map(([parts, q]) => `(?:${parts.join('')})${q}`);
    const source = fc.array(fc.oneof(part, group), { minLength: 1, maxLength: 5 }).map((parts) => parts.join(''));
    const bounded = fc.property(
      source,
      fc.constantFrom('a', 'ab', 'b', 'aab'),
      fc.constantFrom('', '!', 'b'),
      (pattern, seed, end) => {
        const read = readPattern(pattern);
        const length = read.kind === 'checked' ? Math.min(read.textMax, 20_000) : 40;
        const startedAt = performance.now();
        testPattern(read, seed.repeat(Math.floor((length - end.length) / seed.length)) + end);
        return performance.now() - startedAt < 30_000;
      },
    );
    expect(fc.check(bounded, { numRuns: 2_000, seed: 20261117 }).counterexample).toBeNull();
  }, 60_000);
});

describe('patterns in words', () => {
  it.each([
    ['^CC-\\d{4}$', 'the form CC-0000'],
    ['^[A-Z]{3}$', 'the form AAA'],
    ['^[a-z]+$', 'the pattern ^[a-z]+$'],
    ['\\d', 'the pattern \\d'],
  ])('%s reads as %s', (source, words) => {
    expect(patternWords(readPattern(source))).toBe(words);
  });

  it.each([
    ['^CC-\\d{4}$', '4410', 'CC-4410'],
    ['^CC-\\d{4}$', 'cc-4410 ', 'CC-4410'],
    ['^CC-\\d{4}$', 'nothing like it', null],
    ['^[a-z]+$', 'ABC', 'abc'],
  ])('%s with %s suggests %s', (source, typed, suggestion) => {
    expect(patternSuggestion(readPattern(source), typed)).toBe(suggestion);
  });
});
