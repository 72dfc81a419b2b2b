import { answerCharactersMax, answerDepthMax } from '@/lib/domain/form/form-limits';
import { pathOf } from '@/lib/domain/form/schema-guard';

/** JSON as typed, with the line each value starts on (by JSON pointer), so that a problem can be pointed at. */
export type JsonTextReading =
  | { readonly kind: 'value'; readonly value: unknown; readonly lines: ReadonlyMap<string, number> }
  | { readonly kind: 'refused'; readonly line: number; readonly message: string };

class Unreadable extends Error {
  constructor(
    readonly at: number,
    message: string,
  ) {
    super(message);
  }
}

export function readJsonText(text: string): JsonTextReading {
  if (text.length > answerCharactersMax) return { kind: 'refused', line: 1, message: 'This is too long to be read' };
  const reader = new JsonReader(text);
  try {
    return { kind: 'value', value: reader.read(), lines: reader.lines };
  } catch (error) {
    if (error instanceof Unreadable) return { kind: 'refused', line: reader.lineAt(error.at), message: error.message };
    throw error;
  }
}

const scalar = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const space = /[ \t\r\n]*/y;

class JsonReader {
  readonly lines = new Map<string, number>();
  private at = 0;
  private line = 1;
  private counted = 0;

  constructor(private readonly text: string) {}

  read(): unknown {
    const value = this.value('', 0);
    this.skip();
    if (this.at < this.text.length)
      throw new Unreadable(this.at, 'Only one value may stand here; remove what follows it');
    return value;
  }

  lineAt(position: number): number {
    return this.text.slice(0, position).split('\n').length;
  }

  private skip(): void {
    space.lastIndex = this.at;
    this.at += space.exec(this.text)?.[0].length ?? 0;
    for (; this.counted < this.at; this.counted += 1) if (this.text[this.counted] === '\n') this.line += 1;
  }

  private peek(): string {
    this.skip();
    return this.text[this.at] ?? '';
  }

  private value(path: string, depth: number): unknown {
    const next = this.peek();
    this.lines.set(path, this.line);
    if (depth > answerDepthMax) throw new Unreadable(this.at, 'This is nested too deep');
    if (next === '{') return this.record(path, depth);
    if (next === '[') return this.list(path, depth);
    if (next === '"') return this.string();
    scalar.lastIndex = this.at;
    const found = scalar.exec(this.text)?.[0];
    if (found === undefined || found === '') throw new Unreadable(this.at, this.unexpected(next));
    this.at += found.length;
    return JSON.parse(found) as unknown;
  }

  private unexpected(next: string): string {
    if (next === '') return 'Something is missing at the end';
    if (next === "'") return 'Put text in double quotes';
    if (next === '}' || next === ']') return `A value is missing before ${next}, or there is a comma too many`;
    return `A value is missing here; text needs double quotes`;
  }

  private record(path: string, depth: number): unknown {
    const entries = new Map<string, unknown>();
    this.at += 1;
    if (this.peek() === '}') {
      this.at += 1;
      return {};
    }
    for (;;) {
      if (this.peek() !== '"') throw new Unreadable(this.at, 'A name in double quotes is missing here');
      const start = this.at;
      const name = this.string();
      if (entries.has(name)) throw new Unreadable(start, `“${name.slice(0, 60)}” is given twice`);
      if (this.peek() !== ':') throw new Unreadable(this.at, 'A colon is missing after the name');
      this.at += 1;
      entries.set(name, this.value(pathOf(path, name), depth + 1));
      if (this.closes('}')) return Object.fromEntries(entries);
    }
  }

  private list(path: string, depth: number): unknown {
    const items: unknown[] = [];
    this.at += 1;
    if (this.peek() === ']') {
      this.at += 1;
      return items;
    }
    for (;;) {
      items.push(this.value(pathOf(path, items.length), depth + 1));
      if (this.closes(']')) return items;
    }
  }

  private closes(close: '}' | ']'): boolean {
    const next = this.peek();
    if (next !== ',' && next !== close) throw new Unreadable(this.at, `A comma or ${close} is missing here`);
    this.at += 1;
    return next === close;
  }

  private string(): string {
    const start = this.at;
    let end = start + 1;
    while (end < this.text.length && this.text[end] !== '"' && this.text[end] !== '\n') {
      end += this.text[end] === '\\' ? 2 : 1;
    }
    if (this.text[end] !== '"') throw new Unreadable(start, 'The closing double quote is missing');
    this.at = end + 1;
    try {
      return JSON.parse(this.text.slice(start, this.at)) as string;
    } catch {
      throw new Unreadable(start, 'This text has a character or an escape that JSON does not allow');
    }
  }
}
