import { type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { didYouMean } from '@/lib/domain/did-you-mean';

/** One thing that is wrong in the file, for the person who wrote it. */
export interface ConfigProblem {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
  /** The key path, such as `mcpServers.github.url`; empty for the file as a whole. */
  readonly path: string;
  readonly message: string;
}

export function problemText(problem: ConfigProblem): string {
  const where = `${problem.file}:${problem.line}:${problem.column}`;
  return problem.path === '' ? `${where}: ${problem.message}` : `${where}: ${problem.path}: ${problem.message}`;
}

/** A value in the file and the way to it. */
export interface Entry {
  readonly node: Node;
  readonly path: string;
}

/** A property of an object: its value, and its name for messages about the name. */
export interface Property extends Entry {
  readonly name: string;
  readonly nameNode: Node;
}

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

/** The text of a configuration file, read value by value; every mismatch is noted with its place. */
export class ConfigSource {
  readonly problems: ConfigProblem[] = [];
  readonly #file: string;
  readonly #text: string;

  constructor(file: string, text: string) {
    this.#file = file;
    this.#text = text.replace(/^\uFEFF/, '');
  }

  /** The whole file as one value; null when it is not JSON with comments. */
  root(): Entry | null {
    if (this.#text.trim() === '') {
      this.#note(0, '', 'the file is empty. Expected { "mcpServers": { … } }.');
      return null;
    }
    const errors: ParseError[] = [];
    const node = parseTree(this.#text, errors, { allowTrailingComma: true, disallowComments: false });
    const [first] = errors;
    if (first !== undefined) {
      const code = printParseErrorCode(first.error);
      this.#note(first.offset, '', `${syntaxWords[code] ?? `this is not JSON (${code})`}.`);
      return null;
    }
    return node === undefined ? null : { node, path: '' };
  }

  report(entry: Entry, message: string): void {
    this.#note(entry.node.offset, entry.path, message);
  }

  /** About a property's name rather than its value. */
  reportName(property: Property, message: string): void {
    this.#note(property.nameNode.offset, property.path, message);
  }

  /** The properties of an object, each once; null (and noted) when it is something else. */
  properties(entry: Entry, expected: string): readonly Property[] | null {
    if (entry.node.type !== 'object') {
      this.report(entry, `expected ${expected}, found ${kindOf(entry.node)}.`);
      return null;
    }
    const found = new Map<string, Property>();
    for (const child of entry.node.children ?? []) {
      const [nameNode, node] = child.children ?? [];
      if (nameNode === undefined || node === undefined) continue;
      const name = String(nameNode.value);
      const property = { name, nameNode, node, path: joinPath(entry.path, name) };
      if (found.has(name)) this.reportName(property, 'this key is here twice.');
      else found.set(name, property);
    }
    return [...found.values()];
  }

  /** As `properties`, by name, with every unknown key noted. */
  record(
    entry: Entry,
    shape: { readonly known: readonly string[]; readonly expected: string },
  ): ReadonlyMap<string, Property> | null {
    const properties = this.properties(entry, shape.expected);
    if (properties === null) return null;
    for (const property of properties) {
      if (shape.known.includes(property.name)) continue;
      const hint = didYouMean(property.name, shape.known);
      this.reportName(
        property,
        `this key is not known.${hint === '' ? ` Known here: ${shape.known.join(', ')}.` : hint}`,
      );
    }
    return new Map(properties.map((property) => [property.name, property]));
  }

  items(entry: Entry, expected: string): readonly Entry[] | null {
    if (entry.node.type !== 'array') {
      this.report(entry, `expected ${expected}, found ${kindOf(entry.node)}.`);
      return null;
    }
    return (entry.node.children ?? []).map((node, index) => ({ node, path: `${entry.path}[${index}]` }));
  }

  text(entry: Entry, expected: string): string | null {
    const value: unknown = entry.node.value;
    if (typeof value === 'string') return value;
    this.report(entry, `expected ${expected}, found ${kindOf(entry.node)}.`);
    return null;
  }

  truth(entry: Entry): boolean | null {
    const value: unknown = entry.node.value;
    if (typeof value === 'boolean') return value;
    this.report(entry, `expected true or false, found ${kindOf(entry.node)}.`);
    return null;
  }

  #note(offset: number, path: string, message: string): void {
    const before = this.#text.slice(0, offset).split('\n');
    this.problems.push({
      file: this.#file,
      line: before.length,
      column: (before[before.length - 1]?.length ?? 0) + 1,
      path,
      message,
    });
  }
}

function joinPath(parent: string, name: string): string {
  const step = /^[A-Za-z0-9_-]+$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
  return parent === '' ? step.replace(/^\./, '') : `${parent}${step}`;
}

function kindOf(node: Node): string {
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
