import { auditCommand } from './command/audit-command';
import { backupCommand } from './command/backup-command';
import type { Command } from './command/command';
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
    if (error instanceof Error && 'code' in error && error.code === 'EPIPE') return;
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
  }
}

void main();
