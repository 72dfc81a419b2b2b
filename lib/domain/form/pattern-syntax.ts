import { patternGroupDepthMax } from '@/lib/domain/form/form-limits';

/** Characters a step of a pattern may take: bits 0 to 127 are ASCII, bit 128 is everything else. Always a superset of the truth. */
export type CharacterSet = bigint;

export type PatternNode =
  | { readonly kind: 'characters'; readonly set: CharacterSet; readonly literal: string | null }
  | { readonly kind: 'sequence'; readonly items: readonly PatternNode[] }
  | { readonly kind: 'either'; readonly branches: readonly PatternNode[] }
  | { readonly kind: 'repeat'; readonly body: PatternNode; readonly min: number; readonly max: number }
  | { readonly kind: 'ahead'; readonly body: PatternNode }
  | { readonly kind: 'start' }
  | { readonly kind: 'edge' };

const bit = (code: number): CharacterSet => 1n << BigInt(Math.min(code, 128));
export const everyCharacter: CharacterSet = (1n << 129n) - 1n;
const beyondAscii = bit(128);

function range(from: number, to: number): CharacterSet {
  let set = 0n;
  for (let code = Math.min(from, 128); code <= Math.min(to, 128); code += 1) set |= bit(code);
  return set;
}

const digits = range(48, 57);
const wordCharacters = digits | range(65, 90) | range(97, 122) | bit(95);
const spaces = range(9, 13) | bit(32) | beyondAscii;
const shorthand: ReadonlyMap<string, CharacterSet> = new Map([
  ['d', digits],
  ['D', everyCharacter & ~digits],
  ['w', wordCharacters],
  ['W', everyCharacter & ~wordCharacters],
  ['s', spaces],
  ['S', (everyCharacter & ~spaces) | beyondAscii],
]);
const controlEscapes: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['f', '\f'],
  ['v', '\v'],
  ['0', '\0'],
]);

interface Escape {
  readonly set: CharacterSet;
  readonly literal: string | null;
  readonly exact: 'exact' | 'superset';
}

const literalOf = (character: string): Escape => ({
  set: bit(character.codePointAt(0) ?? 128),
  literal: character,
  exact: 'exact',
});

/** Reads the part of the pattern language this project can reason about; anything else is `null`, never a guess. */
export function parsePattern(source: string): PatternNode | null {
  return new PatternReader(Array.from(source)).read();
}

class PatternReader {
  private at = 0;
  private depth = 0;

  constructor(private readonly characters: readonly string[]) {}

  read(): PatternNode | null {
    const root = this.either();
    return root !== null && this.at === this.characters.length ? root : null;
  }

  private peek(ahead = 0): string {
    return this.characters[this.at + ahead] ?? '';
  }

  private take(text: string): boolean {
    for (let index = 0; index < text.length; index += 1) {
      if (this.peek(index) !== text[index]) return false;
    }
    this.at += text.length;
    return true;
  }

  private either(): PatternNode | null {
    const branches: PatternNode[] = [];
    do {
      const branch = this.sequence();
      if (branch === null) return null;
      branches.push(branch);
    } while (this.take('|'));
    const [only] = branches;
    return branches.length === 1 && only !== undefined ? only : { kind: 'either', branches };
  }

  private sequence(): PatternNode | null {
    const items: PatternNode[] = [];
    while (this.at < this.characters.length && this.peek() !== '|' && this.peek() !== ')') {
      const item = this.quantified();
      if (item === null) return null;
      items.push(item);
    }
    return { kind: 'sequence', items };
  }

  private quantified(): PatternNode | null {
    const body = this.atom();
    if (body === null) return null;
    const bounds = this.quantifier();
    if (bounds === 'malformed') return null;
    if (bounds === null) return body;
    if (body.kind === 'start' || body.kind === 'edge' || body.kind === 'ahead') return null;
    this.take('?');
    return { kind: 'repeat', body, ...bounds };
  }

  private quantifier(): { readonly min: number; readonly max: number } | 'malformed' | null {
    if (this.take('*')) return { min: 0, max: Number.POSITIVE_INFINITY };
    if (this.take('+')) return { min: 1, max: Number.POSITIVE_INFINITY };
    if (this.take('?')) return { min: 0, max: 1 };
    if (this.peek() !== '{') return null;
    const close = this.characters.indexOf('}', this.at);
    const match = /^(\d{1,6})(,(\d{0,6}))?$/.exec(
      this.characters.slice(this.at + 1, close === -1 ? this.at + 1 : close).join(''),
    );
    if (match === null) return 'malformed';
    this.at = close + 1;
    const min = Number(match[1]);
    const max = match[2] === undefined ? min : match[3] === '' ? Number.POSITIVE_INFINITY : Number(match[3]);
    return { min, max };
  }

  private atom(): PatternNode | null {
    if (this.take('^')) return { kind: 'start' };
    if (this.take('$')) return { kind: 'edge' };
    if (this.take('.')) return { kind: 'characters', set: everyCharacter, literal: null };
    if (this.take('(')) return this.group();
    if (this.take('[')) return this.characterClass();
    if (this.take('\\b') || this.take('\\B')) return { kind: 'edge' };
    if (this.take('\\')) {
      const escaped = this.escape();
      return escaped === null ? null : { kind: 'characters', set: escaped.set, literal: escaped.literal };
    }
    const character = this.peek();
    if ('*+?{}]'.includes(character)) return null;
    this.at += 1;
    return { kind: 'characters', set: literalOf(character).set, literal: character };
  }

  private group(): PatternNode | null {
    this.depth += 1;
    if (this.depth > patternGroupDepthMax) return null;
    const ahead = this.take('?=') || this.take('?!');
    if (!ahead && !this.take('?:') && this.take('?')) {
      if (!this.take('<') || !/^[A-Za-z]$/.test(this.peek())) return null;
      while (/^\w$/.test(this.peek())) this.at += 1;
      if (!this.take('>')) return null;
    }
    const body = this.either();
    this.depth -= 1;
    if (body === null || !this.take(')')) return null;
    return ahead ? { kind: 'ahead', body } : body;
  }

  private escape(): Escape | null {
    const letter = this.peek();
    this.at += 1;
    const set = shorthand.get(letter);
    if (set !== undefined)
      return { set, literal: null, exact: letter === 's' || letter === 'S' ? 'superset' : 'exact' };
    if (letter === 'p' || letter === 'P') {
      if (!this.take('{')) return null;
      const close = this.characters.indexOf('}', this.at);
      if (close === -1) return null;
      this.at = close + 1;
      return { set: everyCharacter, literal: null, exact: 'superset' };
    }
    if (letter === 'x' || letter === 'u') return this.codeEscape(letter === 'x' ? 2 : 4);
    const control = controlEscapes.get(letter);
    if (control !== undefined) return /^\d$/.test(this.peek()) ? null : literalOf(control);
    return letter === '' || /^[A-Za-z1-9]$/.test(letter) ? null : literalOf(letter);
  }

  private codeEscape(length: number): Escape | null {
    const hex = this.characters.slice(this.at, this.at + length).join('');
    if (hex.length !== length || !/^[0-9A-Fa-f]+$/.test(hex)) return null;
    this.at += length;
    const code = Number.parseInt(hex, 16);
    // Half of a pair: what the engine makes of it depends on its neighbour.
    return code >= 0xd800 && code <= 0xdfff ? null : literalOf(String.fromCodePoint(code));
  }

  private characterClass(): PatternNode | null {
    const negated = this.take('^');
    let set = 0n;
    let superset = false;
    let members = 0;
    let single: string | null = null;
    while (this.peek() !== ']') {
      const from = this.classMember();
      if (from === null) return null;
      let added = from.set;
      if (this.peek() === '-' && this.peek(1) !== ']' && from.literal !== null) {
        this.at += 1;
        const to = this.classMember();
        if (to === null || to.literal === null) return null;
        added = range(from.literal.codePointAt(0) ?? 0, to.literal.codePointAt(0) ?? 0);
        members += 1;
      }
      superset ||= from.exact === 'superset';
      set |= added;
      members += 1;
      single = from.literal;
    }
    this.at += 1;
    if (negated)
      return {
        kind: 'characters',
        set: superset ? everyCharacter : (~set & everyCharacter) | beyondAscii,
        literal: null,
      };
    return { kind: 'characters', set, literal: members === 1 ? single : null };
  }

  private classMember(): Escape | null {
    if (this.take('\\b')) return literalOf('\b');
    if (this.take('\\')) return this.escape();
    const character = this.peek();
    if (character === '') return null;
    this.at += 1;
    return literalOf(character);
  }
}
