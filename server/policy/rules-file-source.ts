import { type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { didYouMean } from '@/lib/domain/did-you-mean';

/** One thing that is wrong in a file of rules, for the person who chose it. */
export interface RulesFileProblem {
  readonly message: string;
  /** The rule it is about; null for the file as a whole. */
  readonly rule: string | null;
  /** From 1. */
  readonly line: number | null;
}

const fileCharactersMax = 4 * 1024 * 1024;

const syntaxWords: Readonly<Record<string, string>> = {
  PropertyNameExpected: 'a key in double quotes is expected here',
  ValueExpected: 'a value is expected here',
  ColonExpected: 'a ":" is expected here',
  CommaExpected: 'a "," is expected here',
  CloseBraceExpected: 'a "}" is missing',
  CloseBracketExpected: 'a "]" is missing',
  EndOfFileExpected: 'nothing may follow the closing "}"',
  UnexpectedEndOfString: 'this text has no closing quote',
  UnexpectedEndOfComment: 'this comment has no end',
};

/** The text of a file of rules, read value by value; what does not fit is noted with its line. */
export class RulesFileSource {
  readonly problems: RulesFileProblem[] = [];
  /** The rule that is being read. */
  rule: string | null = null;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text.replace(/^\uFEFF/, '');
  }

  root(): Node | null {
    if (this.#text.length > fileCharactersMax) return this.#refuse('The file is too large.');
    if (this.#text.trim() === '') return this.#refuse('The file is empty. Expected { "version": 1, "rules": [ … ] }.');
    const errors: ParseError[] = [];
    try {
      const node = parseTree(this.#text, errors, { allowTrailingComma: true, disallowComments: false });
      const [first] = errors;
      if (first === undefined) return node ?? null;
      const code = printParseErrorCode(first.error);
      this.#note(first.offset, `${syntaxWords[code] ?? `this is not JSON (${code})`}.`);
      return null;
    } catch {
      // The parser recurses, so a file of nothing but brackets runs out of stack.
      return this.#refuse('The file is nested too deep.');
    }
  }

  report(node: Node, message: string): void {
    this.#note(node.offset, message);
  }

  /** The values of an object by key; null (and noted) when it is none. Unknown and repeated keys are noted. */
  record(node: Node, known: readonly string[], expected: string): ReadonlyMap<string, Node> | null {
    if (node.type !== 'object') {
      this.report(node, `expected ${expected}, found ${kindOf(node)}.`);
      return null;
    }
    const found = new Map<string, Node>();
    for (const property of node.children ?? []) {
      const [nameNode, value] = property.children ?? [];
      if (nameNode === undefined || value === undefined) continue;
      const key = String(nameNode.value);
      if (found.has(key)) this.report(nameNode, `"${key}" is here twice.`);
      if (!known.includes(key)) this.report(nameNode, unknownKey(key, known));
      found.set(key, value);
    }
    return found;
  }

  items(node: Node, expected: string): readonly Node[] | null {
    if (node.type === 'array') return node.children ?? [];
    this.report(node, `expected ${expected}, found ${kindOf(node)}.`);
    return null;
  }

  #refuse(message: string): null {
    this.problems.push({ message, rule: null, line: null });
    return null;
  }

  #note(offset: number, message: string): void {
    const line = this.#text.slice(0, offset).split('\n').length;
    this.problems.push({ message: `${message.charAt(0).toUpperCase()}${message.slice(1)}`, rule: this.rule, line });
  }
}

function unknownKey(key: string, known: readonly string[]): string {
  const shown = key.length > 64 ? `${key.slice(0, 64)}…` : key;
  const near = didYouMean(key, known);
  return `the key "${shown}" is not known.${near === '' ? ` Known here: ${known.join(', ')}.` : near}`;
}

export function kindOf(node: Node): string {
  switch (node.type) {
    case 'string':
      return 'text';
    case 'number':
      return 'a number';
    case 'boolean':
      return 'true or false';
    case 'array':
      return 'a list';
    case 'object':
      return 'an object';
    case 'null':
    case 'property':
      return 'null';
  }
}
