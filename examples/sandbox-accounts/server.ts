import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { z } from 'zod';
import { accountSchema, costCenterSchema, dataClassSchema } from '@/examples/sandbox-accounts/account';
import { AccountsFile } from '@/examples/sandbox-accounts/accounts-file';
import { requestAccount } from '@/examples/sandbox-accounts/request-account';

export interface SandboxAccountsOptions {
  readonly accountsFile: string;
}

export function createSandboxAccountsServer(options: SandboxAccountsOptions): McpServer {
  const file = new AccountsFile(options.accountsFile);
  const server = new McpServer(
    { name: 'sandbox-accounts', title: 'Sandbox accounts', version: '1.0.0' },
    {
      instructions:
        'Creates and deletes sandbox accounts. request_account asks a person for what is missing; calling it twice creates two accounts.',
    },
  );

  registerRequest(server, file);
  registerDelete(server, file);
  registerList(server, file);
  return server;
}

function registerRequest(server: McpServer, file: AccountsFile): void {
  server.registerTool(
    'request_account',
    {
      title: 'Request a sandbox account',
      description:
        'Creates a sandbox account for an application in a region. Asks a person for the cost center and the data class if they are not given.',
      inputSchema: {
        application: z.string().min(1).max(60).describe('Name of the application, for example checkout-repro'),
        region: z
          .string()
          .regex(/^[a-z]{2}-[a-z]+-\d$/)
          .describe('For example eu-central-1'),
        cost_center: costCenterSchema.optional().describe('For example CC-4410'),
        data_class: dataClassSchema.optional(),
      },
      outputSchema: {
        outcome: z.enum(['created', 'not_created']),
        account: accountSchema.optional(),
        reason: z.string().optional(),
      },
      annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
    },
    (args, extra) => requestAccount(args, { server: server.server, extra, file }),
  );
}

function registerDelete(server: McpServer, file: AccountsFile): void {
  server.registerTool(
    'delete_account',
    {
      title: 'Delete a sandbox account',
      description: 'Deletes a sandbox account and everything in it. This cannot be undone.',
      inputSchema: { account_id: z.string().describe('As list_accounts gives it, for example acc-1f2e3d4c') },
      outputSchema: { deleted: accountSchema },
      annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: false },
    },
    async ({ account_id }) => {
      const deleted = await file.delete(account_id);
      if (deleted === undefined) {
        return { content: [{ type: 'text', text: `There is no account ${account_id}.` }], isError: true };
      }
      const text = `Deleted ${deleted.id} (${deleted.application} in ${deleted.region}).`;
      return { content: [{ type: 'text', text }], structuredContent: { deleted } };
    },
  );
}

function registerList(server: McpServer, file: AccountsFile): void {
  server.registerTool(
    'list_accounts',
    {
      title: 'List sandbox accounts',
      description: 'Lists the sandbox accounts, oldest first.',
      inputSchema: {},
      outputSchema: { accounts: z.array(accountSchema) },
      annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: false },
    },
    async () => {
      const accounts = await file.list();
      const lines = accounts.map(({ id, application, region }) => `${id}: ${application} in ${region}`);
      const text = lines.length === 0 ? 'There are no accounts.' : lines.join('\n');
      return { content: [{ type: 'text', text }], structuredContent: { accounts: [...accounts] } };
    },
  );
}
