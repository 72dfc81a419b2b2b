import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { connectAttacked } from '@/tests/chaos/servers/attacked-server';
import { Journal } from '@/tests/chaos/servers/journal';

/** The same tools on stdio, one process a session. Environment: `JOURNAL`, shared by all of them. */
async function main(): Promise<void> {
  const journal = new Journal(String(process.env['JOURNAL']));
  process.stdin.once('end', () => process.exit(0));
  journal.write({ kind: 'booted', pid: process.pid });
  await connectAttacked(new StdioServerTransport(), journal);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
