import { resolve } from 'node:path';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { createSandboxAccountsServer } from '@/examples/sandbox-accounts/server';

/** Environment: `ACCOUNTS_FILE` (default `./sandbox-accounts.json`). Speaks MCP on stdin and stdout. */
async function main(): Promise<void> {
  const accountsFile = resolve(process.env['ACCOUNTS_FILE'] ?? 'sandbox-accounts.json');
  const server = createSandboxAccountsServer({ accountsFile });
  // The client closes stdin to end us; a question still waiting would otherwise keep the process alive.
  process.stdin.once('close', () => process.exit(0));
  process.stdin.once('end', () => process.exit(0));
  await server.connect(new StdioServerTransport());
  console.error(`sandbox-accounts keeps its accounts in ${accountsFile}`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
