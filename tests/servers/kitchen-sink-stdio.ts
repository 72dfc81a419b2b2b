import { appendFileSync } from 'node:fs';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { connectKitchen } from '@/tests/servers/kitchen/server';
import { Switchboard } from '@/tests/servers/kitchen/switchboard';
import { Records } from '@/tests/servers/records';

/**
 * The kitchen sink on stdio. Environment: `KITCHEN_RECORDS`, a file that gets every record as a JSON line, the
 * process's pid first. SIGUSR2 releases waiting `slow` calls. `KITCHEN_STUBBORN=1` ignores the end of stdin and
 * SIGTERM, as a hung server would; it ends by itself after ten minutes.
 */
async function main(): Promise<void> {
  const records = new Records();
  const switchboard = new Switchboard();
  const file = process.env['KITCHEN_RECORDS'];
  if (file !== undefined) records.onRecord((record) => appendFileSync(file, `${JSON.stringify(record)}\n`));
  records.add({ kind: 'process_started', sessionId: undefined, pid: process.pid });
  process.on('SIGUSR2', () => switchboard.release());
  if (process.env['KITCHEN_STUBBORN'] === '1') {
    process.on('SIGTERM', () => undefined);
    setTimeout(() => process.exit(0), 600_000);
  } else {
    process.stdin.once('end', () => process.exit(0));
  }
  await connectKitchen(new StdioServerTransport(), { records, switchboard, options: {} });
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
