import { auditCommand } from './command/audit-command';
import { backupCommand } from './command/backup-command';
import { type Command, UsageError } from './command/command';
import { restoreCommand } from './command/restore-command';

/** What `npx holdpoint <name>` runs here; one line each, so that its help stays one screen. */
const commands: Readonly<Record<string, Command>> = {
  audit: auditCommand,
  backup: backupCommand,
  restore: restoreCommand,
};

async function main(): Promise<void> {
  const [name = '', ...given] = process.argv.slice(2);
  const command = commands[name];
  if (command === undefined) {
    process.stderr.write(`holdpoint has no command "${name}". It has: ${Object.keys(commands).join(', ')}.\n`);
    process.exitCode = 2;
    return;
  }
  try {
    process.exitCode = await command.run(given, process.env);
  } catch (error) {
    // Who reads our output may leave early: `holdpoint audit export | head`.
    if (codeOf(error) === 'EPIPE') return;
    process.stderr.write(`${wordsFor(error, command)}\n`);
    process.exitCode = 2;
  }
}

function wordsFor(error: unknown, { usage }: Command): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof UsageError) return `${error.message}\n\n${usage.trimEnd()}`;
  // Its second sentence is about arguments that begin with a dash: none of ours do.
  const [what = ''] = error.message.split('. ', 1);
  return codeOf(error).startsWith('ERR_PARSE_ARGS') ? `${what}.\n\n${usage.trimEnd()}` : error.message;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

void main();
