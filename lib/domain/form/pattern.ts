import { patternCharactersMax } from '@/lib/domain/form/form-limits';
import { affordableLength } from '@/lib/domain/form/pattern-risk';
import { parsePattern } from '@/lib/domain/form/pattern-syntax';

/**
 * JavaScript cannot interrupt a regular expression, so a pattern is run only if its worst case is known to be affordable.
 * The others are shown to the person and left to the server that asked.
 */
export type FieldPattern =
  | { readonly kind: 'checked'; readonly source: string; readonly textMax: number }
  | { readonly kind: 'unchecked'; readonly source: string; readonly why: 'invalid' | 'risky' };

export type PatternVerdict = 'matches' | 'differs' | 'unchecked';

export function compilePattern(source: string): RegExp | null {
  // JSON Schema asks for Unicode mode; many servers write escapes that only the older mode accepts.
  for (const flags of ['u', '']) {
    try {
      return new RegExp(source, flags);
    } catch {
      continue;
    }
  }
  return null;
}

export function readPattern(source: string): FieldPattern {
  if (source.length > patternCharactersMax) return { kind: 'unchecked', source, why: 'risky' };
  if (compilePattern(source) === null) return { kind: 'unchecked', source, why: 'invalid' };
  const parsed = parsePattern(source);
  const textMax = parsed === null ? null : affordableLength(parsed);
  return textMax === null ? { kind: 'unchecked', source, why: 'risky' } : { kind: 'checked', source, textMax };
}

export function testPattern(pattern: FieldPattern, text: string): PatternVerdict {
  if (pattern.kind === 'unchecked' || text.length > pattern.textMax) return 'unchecked';
  const compiled = compilePattern(pattern.source);
  if (compiled === null) return 'unchecked';
  try {
    return compiled.test(text) ? 'matches' : 'differs';
  } catch {
    // The engine compiles on first use and may find the pattern too big only then.
    return 'unchecked';
  }
}
