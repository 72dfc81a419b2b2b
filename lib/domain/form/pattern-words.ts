import type { CharacterSet, PatternNode } from '@/lib/domain/form/pattern-syntax';
import { parsePattern } from '@/lib/domain/form/pattern-syntax';
import { testPattern } from '@/lib/domain/form/pattern';
import type { FieldPattern } from '@/lib/domain/form/pattern';

const shapeCharactersMax = 40;
const sourceShownMax = 120;
const suggestionFromMax = 200;

function sample(set: CharacterSet, literal: string | null): string | null {
  if (literal !== null) return literal;
  for (const candidate of ['0', 'A', 'a']) {
    if ((set >> BigInt(candidate.charCodeAt(0))) & 1n) return candidate;
  }
  for (let code = 33; code < 127; code += 1) if ((set >> BigInt(code)) & 1n) return String.fromCharCode(code);
  return null;
}

/** `CC-0000` for `^CC-\d{4}$`; null when the pattern allows texts of several lengths. */
function shapeOf(node: PatternNode): string | null {
  switch (node.kind) {
    case 'start':
    case 'edge':
      return '';
    case 'characters':
      return sample(node.set, node.literal);
    case 'sequence': {
      const parts = node.items.map(shapeOf);
      const joined = parts.join('');
      return parts.includes(null) || joined.length > shapeCharactersMax ? null : joined;
    }
    case 'repeat': {
      if (node.min !== node.max || node.max > shapeCharactersMax) return null;
      const body = shapeOf(node.body);
      return body === null ? null : body.repeat(node.max);
    }
    case 'either':
    case 'ahead':
      return null;
  }
}

function isWhole(source: string): boolean {
  return source.startsWith('^') && source.endsWith('$') && !source.endsWith('\\$');
}

/** The form a text must have, in a person's words. */
export function patternWords(pattern: FieldPattern): string {
  const parsed = pattern.kind === 'checked' && isWhole(pattern.source) ? parsePattern(pattern.source) : null;
  const shape = parsed === null ? null : shapeOf(parsed);
  if (shape !== null && shape !== '' && testPattern(pattern, shape) === 'matches') return `the form ${shape}`;
  const source =
    pattern.source.length > sourceShownMax ? `${pattern.source.slice(0, sourceShownMax)}…` : pattern.source;
  return `the pattern ${source}`;
}

function literalStart(source: string): string {
  const match = /^\^([A-Za-z0-9 _/#:-]{1,20})(?![*+?{])/.exec(source);
  return match?.[1] ?? '';
}

/** A text close to what was typed that does match; never filled in by itself. */
export function patternSuggestion(pattern: FieldPattern, typed: string): string | null {
  const text = typed.trim();
  if (text === '' || text.length > suggestionFromMax) return null;
  const start = literalStart(pattern.source);
  const candidates = [
    text,
    text.toUpperCase(),
    text.toLowerCase(),
    text.replaceAll(/\s/g, ''),
    start + text,
    start + text.toUpperCase(),
  ];
  return candidates.find((candidate) => candidate !== typed && testPattern(pattern, candidate) === 'matches') ?? null;
}
