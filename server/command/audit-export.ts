import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { AuditReading } from '../store/audit/store-audit';

const linesAtOnce = 500;

interface Span {
  readonly first: number;
  readonly last: number;
}

/** Writes the lines of a time to the standard output, as fast as it is read. */
export async function exportAudit(
  audit: AuditReading,
  time: { readonly fromAt: number | null; readonly toAt: number | null },
): Promise<number> {
  const span = await audit.span(time);
  if (span === null) {
    process.stderr.write('The audit log holds nothing of that time.\n');
    return 0;
  }
  await pipeline(Readable.from(chunks(audit, span)), process.stdout, { end: false });
  const count = span.last - span.first + 1;
  process.stderr.write(`${count} ${count === 1 ? 'entry' : 'entries'}, ${span.first} to ${span.last}.\n`);
  return 0;
}

async function* chunks(audit: AuditReading, { first, last }: Span): AsyncGenerator<string> {
  for (let after = first - 1; after < last; after += linesAtOnce) {
    const lines = await audit.lines(after, Math.min(last, after + linesAtOnce), linesAtOnce);
    yield lines.join('');
  }
}
