import { appendFileSync } from 'node:fs';

/** One line of a server's own record, as it is written. */
export type Entry =
  | { readonly kind: 'booted'; readonly pid: number }
  | { readonly kind: 'executed'; readonly mark: string; readonly tool: string; readonly execution: string }
  /** `response` is the whole JSON-RPC response, as it came off the wire. */
  | { readonly kind: 'answered'; readonly question: string; readonly response: unknown }
  /** It had a question, and nobody listened where it asks. */
  | { readonly kind: 'unheard'; readonly mark: string; readonly execution: string; readonly askedAt: number }
  | { readonly kind: 'returned'; readonly mark: string; readonly execution: string; readonly result: unknown };

export type StampedEntry = Entry & { readonly at: number };

/** An append-only record that survives kill -9: each line is with the operating system before the server goes on. */
export class Journal {
  constructor(private readonly file: string) {}

  write(entry: Entry): void {
    appendFileSync(this.file, `${JSON.stringify({ ...entry, at: Date.now() })}\n`);
  }
}

/** The name of a question, written into its message so that everyone can tell which it is. */
export function questionTag(question: string): string {
  return `[q:${question}]`;
}

export function readQuestionTag(text: string): string | null {
  return /\[q:([^\]\s]+)\]/.exec(text)?.[1] ?? null;
}
