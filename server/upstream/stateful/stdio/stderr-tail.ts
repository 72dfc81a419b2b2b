import { StringDecoder } from 'node:string_decoder';
import type { Readable } from 'node:stream';
import { maskText } from '@/lib/domain/mask';
import { limits } from '../limits';

/** The last lines a child wrote to stderr, masked and bounded. */
export class StderrTail {
  readonly #lines: string[] = [];
  readonly #onLine: (line: string) => void;
  #pending = '';

  constructor(stderr: Readable, onLine: (line: string) => void) {
    this.#onLine = onLine;
    const decoder = new StringDecoder('utf8');
    stderr.on('data', (chunk: Buffer) => this.#push(decoder.write(chunk)));
    stderr.on('end', () => this.#push('\n'));
    stderr.on('error', () => undefined);
  }

  /** What says most: Node follows an error with its place and its own version. */
  get last(): string | null {
    return (
      this.#lines.findLast((line) => /^[A-Za-z.]*(?:Error|Exception)\b.*:/.test(line)) ?? this.#lines.at(-1) ?? null
    );
  }

  #push(text: string): void {
    const lines = (this.#pending + text).split(/\r?\n/);
    // A line that never ends is kept by its beginning only.
    this.#pending = (lines.pop() ?? '').slice(0, limits.stderrLine);
    for (const line of lines) this.#keep(line);
  }

  #keep(line: string): void {
    const kept = maskText(line.slice(0, limits.stderrLine)).trimEnd();
    if (kept === '') return;
    this.#lines.push(kept);
    if (this.#lines.length > limits.stderrLines) this.#lines.shift();
    this.#onLine(kept);
  }
}
