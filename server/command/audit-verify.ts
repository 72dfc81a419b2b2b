import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { AuditPlace } from '@/lib/domain/audit';
import { plainFileProblem } from '../files/plain-file';
import { checkLine } from '../store/audit/audit-check';
import type { AuditReading } from '../store/audit/store-audit';

const entriesAtOnce = 1_000;

export interface Verdict {
  readonly ok: boolean;
  readonly words: string;
}

/** Checks the whole log of a database. */
export async function verifyDatabase(
  audit: Pick<AuditReading, 'check'>,
  how: { readonly head: AuditPlace | null; readonly isSealed: boolean },
): Promise<Verdict> {
  const heads = new HeadWatch(how.head);
  const anew: number[] = [];
  let after: AuditPlace | null = null;
  for (;;) {
    const step = await audit.check(after, heads.limit(after, entriesAtOnce));
    anew.push(...step.sealedAnew);
    if (step.broken !== null) return broken(step.broken.seq, step.broken.why, step.upTo.seq - step.base.seq);
    heads.pass(step.upTo);
    after = step.upTo;
    if (!step.isEnd) continue;
    const wrong = heads.wrong(step.base.seq + 1);
    if (wrong !== null) return wrong;
    const lines = [wholeWords(step.base.seq + 1, step.upTo)];
    lines.push(
      how.isSealed
        ? 'Its end is sealed: nothing was cut off.'
        : 'Its seal was not checked: HOLDPOINT_SECRET, or the file "secret" beside the database, is not here.',
    );
    for (const seq of anew)
      lines.push(`At entry ${seq} the end was sealed anew. Whether something was cut off before it is not known.`);
    return { ok: true, words: lines.join('\n') };
  }
}

/** Checks an export, or a part of one; `-` is the standard input. */
export async function verifyFile(file: string, head: AuditPlace | null): Promise<Verdict> {
  const problem = file === '-' ? null : await plainFileProblem(file);
  if (problem !== null)
    throw new Error(`${problem} Name a file that "holdpoint audit export" wrote, or - to pipe one in.`);
  const heads = new HeadWatch(head);
  const input: Readable = file === '-' ? process.stdin : createReadStream(file, 'utf8');
  let opened: unknown = null;
  input.once('error', (error) => {
    opened = error;
  });
  let [at, first]: [number, number | null] = [0, null];
  let before: AuditPlace | null = null;
  try {
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      at += 1;
      if (line.trim() === '') continue;
      const checked = checkLine(line, before);
      if (!checked.ok) return brokenLine(at, checked.broken, { first, before });
      before = { seq: checked.entry.seq, hash: checked.entry.hash };
      first ??= before.seq;
      heads.pass(before);
    }
  } catch (error) {
    opened = error;
  }
  if (opened !== null) throw new Error(`${file} cannot be read: ${opened instanceof Error ? opened.message : ''}`);
  if (before === null || first === null) return { ok: false, words: `${file} holds no entry of an audit log.` };
  const wrong = heads.wrong(first);
  if (wrong !== null) return wrong;
  const start = first === 1 ? '' : `\nEntry ${first} is taken as it says of the one before it.`;
  const end = 'A file cannot show whether more came after it: compare its end with what the server says.';
  return { ok: true, words: `${wholeWords(first, before)}${start}\n${end}` };
}

function brokenLine(
  at: number,
  { seq, why }: { readonly seq: number; readonly why: string },
  { first, before }: { readonly first: number | null; readonly before: AuditPlace | null },
): Verdict {
  const place = seq === 0 ? '' : ` (entry ${seq})`;
  const right = first === null || before === null ? 'Nothing' : `Entries ${first} to ${before.seq}`;
  return { ok: false, words: `Broken at line ${at}${place}: ${why}.\n${right} before it verified.` };
}

function broken(seq: number, why: string, right: number): Verdict {
  return {
    ok: false,
    words: `Broken at entry ${seq}: ${why}.\n${right} ${right === 1 ? 'entry' : 'entries'} before it verified.`,
  };
}

function wholeWords(first: number, last: AuditPlace): string {
  const count = last.seq - first + 1;
  if (count <= 0) return 'The audit log is empty.';
  return `Whole: ${count} ${count === 1 ? 'entry' : 'entries'}, ${first} to ${last.seq}.\nHead ${last.seq}:${last.hash}`;
}

/** Whether an end that was noted down is passed on the way. */
class HeadWatch {
  private found: 'not yet' | 'same' | 'other' = 'not yet';

  constructor(private readonly head: AuditPlace | null) {}

  /** Steps end at the place that is looked for. */
  limit(after: AuditPlace | null, most: number): number {
    const left = this.head === null ? 0 : this.head.seq - (after?.seq ?? 0);
    return left > 0 ? Math.min(left, most) : most;
  }

  pass(place: AuditPlace): void {
    if (place.seq !== this.head?.seq) return;
    this.found = place.hash === this.head.hash ? 'same' : 'other';
  }

  wrong(first: number): Verdict | null {
    if (this.head === null || this.found === 'same') return null;
    const { seq } = this.head;
    if (this.found === 'other')
      return { ok: false, words: `Broken: entry ${seq} is not the one that was noted. The log was written anew.` };
    const words =
      seq < first
        ? `Entry ${seq} is no longer kept, so it cannot be compared.`
        : `Broken: entry ${seq} was noted, and is not there.`;
    return { ok: false, words };
  }
}
