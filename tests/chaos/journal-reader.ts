import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import { answerHeard } from '@/tests/chaos/answer-heard';
import { resultText } from '@/tests/chaos/canonical-json';
import type { StampedEntry } from '@/tests/chaos/servers/journal';
import type { Effect } from '@/tests/chaos/world';

/** Reads a server's record while it grows, whoever writes it. */
export class JournalReader {
  readonly effects: Effect[] = [];
  /** Processes that wrote it, the last one last. */
  readonly pids: number[] = [];
  private offset = 0;
  private rest = '';

  constructor(
    private readonly server: string,
    private readonly file: string,
  ) {}

  read(): void {
    const lines = (this.rest + this.more()).split('\n');
    // A process killed in the middle of a line leaves half of one; the next one's begins right behind it.
    this.rest = lines.pop() ?? '';
    for (const line of lines) {
      const entry = parse(line);
      if (entry !== null) this.take(entry);
    }
  }

  private more(): string {
    if (!existsSync(this.file)) return '';
    const file = openSync(this.file, 'r');
    try {
      const bytes = Buffer.alloc(fstatSync(file).size - this.offset);
      this.offset += readSync(file, bytes, 0, bytes.length, this.offset);
      return bytes.toString('utf8');
    } finally {
      closeSync(file);
    }
  }

  private take(entry: StampedEntry): void {
    const { server } = this;
    const { at } = entry;
    switch (entry.kind) {
      case 'booted':
        this.pids.push(entry.pid);
        return;
      case 'executed':
        this.effects.push({ ...entry, server });
        return;
      case 'unheard':
        this.effects.push({ kind: 'unheard', server, at: entry.askedAt, mark: entry.mark, execution: entry.execution });
        return;
      case 'answered':
        this.effects.push({
          kind: 'answered',
          server,
          at,
          question: entry.question,
          answer: answerHeard(entry.response),
        });
        return;
      case 'returned': {
        const result = resultText((entry.result ?? {}) as Record<string, unknown>);
        this.effects.push({ kind: 'returned', server, at, mark: entry.mark, execution: entry.execution, result });
      }
    }
  }
}

function parse(line: string): StampedEntry | null {
  try {
    return JSON.parse(line) as StampedEntry;
  } catch {
    return null;
  }
}
