import { parseArgs } from 'node:util';
import { type Command, UsageError } from './command';
import { exportAudit } from './audit-export';
import { verifyDatabase, verifyFile } from './audit-verify';
import { openLog } from './open-log';

const usage = `holdpoint audit verify [file.jsonl | -] [--head <number>:<hash>]
    Checks the audit log of the database, or an exported file, and names the first entry that is not as it was written.
holdpoint audit export [--from <date>] [--to <date>] > file.jsonl
    Writes the entries of a time, one JSON object a line, oldest first. Both days are included; times are UTC.
`;

/** `npx holdpoint audit …`: reads the same environment as the server, and only reads. */
export const auditCommand: Command = {
  usage,
  async run(given, variables) {
    const { values, positionals } = parseArgs({
      args: [...given],
      allowPositionals: true,
      options: {
        from: { type: 'string' },
        to: { type: 'string' },
        head: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    const [what, file, ...more] = positionals;
    if (values.help === true) return say(usage);
    if (what === 'verify' && more.length === 0 && values.from === undefined && values.to === undefined)
      return verify({ file: file ?? null, head: readHead(values.head) }, variables);
    if (what === 'export' && file === undefined && values.head === undefined) {
      const time = readSpan(values);
      return withLog(variables, (audit) => exportAudit(audit, time));
    }
    throw new UsageError(what === undefined ? 'Say what to do with the audit log.' : 'That is not understood.');
  },
};

type Place = NonNullable<ReturnType<typeof readHead>>;

async function verify(
  { file, head }: { readonly file: string | null; readonly head: Place | null },
  variables: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  if (file !== null) return tell(await verifyFile(file, head));
  return withLog(variables, async (audit, isSealed) => tell(await verifyDatabase(audit, { head, isSealed })));
}

async function withLog(
  variables: Readonly<Record<string, string | undefined>>,
  run: (...of: Parameters<Parameters<typeof openLog>[1]>) => Promise<number>,
): Promise<number> {
  return openLog(variables, run);
}

function tell({ ok, words }: { readonly ok: boolean; readonly words: string }): number {
  (ok ? process.stdout : process.stderr).write(`${words}\n`);
  return ok ? 0 : 1;
}

function say(words: string): number {
  process.stdout.write(words);
  return 0;
}

/** An end that was noted down elsewhere: it must still be there. */
function readHead(text: string | undefined): { readonly seq: number; readonly hash: string } | null {
  if (text === undefined) return null;
  const [, seq, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (seq === undefined || hash === undefined)
    throw new UsageError(
      '--head: expected a number and a hash as the log of the server says them, such as 1204:9f2c….',
    );
  return { seq: Number(seq), hash };
}

const dayMs = 86_400_000;
const dateForm = /^(\d{4}-\d{2}-\d{2})(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})?)?$/;

function readSpan({ from, to }: { readonly from?: string | undefined; readonly to?: string | undefined }): {
  readonly fromAt: number | null;
  readonly toAt: number | null;
} {
  const [fromAt, toAt] = [readTime(from, 'start'), readTime(to, 'end')];
  if (fromAt !== null && toAt !== null && fromAt >= toAt)
    throw new UsageError(`--from ${from ?? ''} is not before --to ${to ?? ''}: nothing is in between.`);
  return { fromAt, toAt };
}

function readTime(text: string | undefined, end: 'start' | 'end'): number | null {
  if (text === undefined) return null;
  const [, day = '', zone] = dateForm.exec(text) ?? [];
  const isDay = text === day;
  const at = Date.parse(isDay || zone !== undefined ? text : `${text}Z`);
  if (!isOnCalendar(day) || !Number.isFinite(at))
    throw new UsageError(`"${text}" is no date. Write 2026-03-31, or 2026-03-31T12:00:00Z.`);
  return isDay && end === 'end' ? at + dayMs : at;
}

/** The 31st of February would be taken for a day of March. */
function isOnCalendar(day: string): boolean {
  const at = Date.parse(day);
  return Number.isFinite(at) && new Date(at).toISOString().startsWith(day);
}
