import { ChildProcess } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { accept, answeringClient, textOf } from '@/tests/examples/answering-client';
import type { AnsweringClient, AnsweringOptions } from '@/tests/examples/answering-client';
import { sandboxAccountsOnStdio } from '@/tests/servers/bundle-main';
import { isAlive } from '@/tests/servers/child';

let folder: string;
let accountsFile: string;
const opened: AnsweringClient[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sandbox-accounts-'));
  accountsFile = join(folder, 'deep', 'accounts.json');
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map(({ client }) => client.close()));
  await rm(folder, { recursive: true, force: true });
});

async function connect(options: AnsweringOptions = {}): Promise<AnsweringClient> {
  const { command, args, env } = await sandboxAccountsOnStdio(accountsFile);
  const transport = new StdioClientTransport({ command, args: [...args], env: { ...env }, stderr: 'ignore' });
  const connected = await answeringClient(transport, options);
  opened.push(connected);
  return connected;
}

async function kept(): Promise<readonly Record<string, unknown>[]> {
  const { accounts } = JSON.parse(await readFile(accountsFile, 'utf8')) as { accounts: Record<string, unknown>[] };
  return accounts;
}

const application = { application: 'checkout-repro', region: 'eu-central-1' };
const details = { cost_center: 'CC-4410', data_class: 'internal' };

describe('request_account', () => {
  test('asks for cost center and data class, and keeps the account in its file', async () => {
    const agent = await connect({ answer: () => accept(details) });
    const result = await agent.call('request_account', application);
    expect(agent.questions.map(({ params }) => params)).toMatchObject([
      {
        requestedSchema: {
          required: ['cost_center', 'data_class'],
          properties: {
            cost_center: { title: 'Cost center', description: expect.any(String), pattern: '^CC-\\d{4}$' },
            data_class: {
              title: 'Data class',
              oneOf: expect.arrayContaining([{ const: 'internal', title: expect.any(String) }]),
            },
          },
        },
      },
    ]);
    const accounts = await kept();
    expect(accounts).toEqual([
      {
        id: expect.stringMatching(/^acc-[0-9a-f]{8}$/),
        application: 'checkout-repro',
        region: 'eu-central-1',
        costCenter: 'CC-4410',
        dataClass: 'internal',
        createdAt: expect.any(String),
      },
    ]);
    expect(result.structuredContent).toEqual({ outcome: 'created', account: accounts[0] });
    expect(textOf(result)).toContain('Created acc-');
    expect(await readdir(join(folder, 'deep'))).toEqual(['accounts.json']);
  });

  test('asks only for what is missing, and nothing when all is given', async () => {
    const agent = await connect({ answer: () => accept({ data_class: 'personal' }) });
    await agent.call('request_account', { ...application, cost_center: 'CC-0001' });
    expect(agent.questions.map(({ params }) => params)).toMatchObject([
      { requestedSchema: { required: ['data_class'] } },
    ]);
    await agent.call('request_account', { ...application, ...details });
    expect(agent.questions).toHaveLength(1);
    expect((await kept()).map(({ costCenter, dataClass }) => [costCenter, dataClass])).toEqual([
      ['CC-0001', 'personal'],
      ['CC-4410', 'internal'],
    ]);
  });

  test.each(['decline', 'cancel'])('%s ends it without an error and without an account', async (action) => {
    const agent = await connect({ answer: () => ({ action }) });
    const result = await agent.call('request_account', application);
    expect(result.isError).toBeUndefined();
    expect(textOf(result)).toMatch(/^No account was created: /);
    expect(result.structuredContent).toMatchObject({ outcome: 'not_created' });
    await expect(readFile(accountsFile)).rejects.toThrow('ENOENT');
  });

  test('an answer outside the schema creates nothing', async () => {
    const agent = await connect({ answer: () => accept({ ...details, cost_center: 'CC-44100' }) });
    const result = await agent.call('request_account', application);
    expect(result.isError).toBe(true);
    await expect(readFile(accountsFile)).rejects.toThrow('ENOENT');
  });

  test('called twice it creates two accounts', async () => {
    const agent = await connect();
    await agent.call('request_account', { ...application, ...details });
    await agent.call('request_account', { ...application, ...details });
    expect(new Set((await kept()).map(({ id }) => id)).size).toBe(2);
  });

  test('two processes on one file lose no account', async () => {
    const agents = await Promise.all([connect(), connect()]);
    await Promise.all(
      agents.flatMap((agent) =>
        Array.from({ length: 10 }, () => agent.call('request_account', { ...application, ...details })),
      ),
    );
    expect(await kept()).toHaveLength(20);
    expect(await readdir(join(folder, 'deep'))).toEqual(['accounts.json']);
  });

  test('a lock whose process has died is taken over', async () => {
    const agent = await connect();
    await agent.call('request_account', { ...application, ...details });
    const { command, args, env } = await sandboxAccountsOnStdio(accountsFile);
    const died = new StdioClientTransport({ command, args: [...args], env: { ...env }, stderr: 'ignore' });
    await died.start();
    const { pid } = died;
    await died.close();
    await writeFile(`${accountsFile}.lock`, String(pid));
    await agent.call('request_account', { ...application, ...details });
    expect(await kept()).toHaveLength(2);
  });
});

test('delete_account deletes, list_accounts lists, and both say what they are', async () => {
  const agent = await connect();
  expect(textOf(await agent.call('list_accounts'))).toBe('There are no accounts.');
  await agent.call('request_account', { ...application, ...details });
  const [account] = await kept();
  expect((await agent.call('list_accounts')).structuredContent).toEqual({ accounts: [account] });
  const deleted = await agent.call('delete_account', { account_id: account?.['id'] });
  expect(deleted.structuredContent).toEqual({ deleted: account });
  expect(await kept()).toEqual([]);
  const again = await agent.call('delete_account', { account_id: account?.['id'] });
  expect(again.isError).toBe(true);
  const { tools } = await agent.client.listTools();
  expect(Object.fromEntries(tools.map(({ name, annotations }) => [name, annotations]))).toMatchObject({
    request_account: { readOnlyHint: false, destructiveHint: false, idempotentHint: false },
    delete_account: { readOnlyHint: false, destructiveHint: true },
    list_accounts: { readOnlyHint: true },
  });
});

test('a damaged file is an error and stays as it is', async () => {
  accountsFile = join(folder, 'accounts.json');
  await writeFile(accountsFile, '{"accounts": [');
  const agent = await connect();
  const result = await agent.call('request_account', { ...application, ...details });
  expect(result.isError).toBe(true);
  expect(await readFile(accountsFile, 'utf8')).toBe('{"accounts": [');
});

test('the end of stdin ends the process, a waiting question or not', async () => {
  const { command, args, env } = await sandboxAccountsOnStdio(accountsFile);
  const transport = new StdioClientTransport({ command, args: [...args], env: { ...env }, stderr: 'ignore' });
  const asked = new Promise<void>((resolve) => {
    void answeringClient(transport, {
      answer: () => {
        resolve();
        return new Promise(() => undefined);
      },
    }).then((agent) => agent.call('request_account', application).catch(() => undefined));
  });
  await asked;
  const pid = transport.pid ?? 0;
  expect(isAlive(pid)).toBe(true);
  // The SDK ends stdin, and after two seconds sends a signal: it must not have needed to.
  const child = childOf(transport);
  await transport.close();
  expect(isAlive(pid)).toBe(false);
  expect({ code: child.exitCode, signal: child.signalCode }).toEqual({ code: 0, signal: null });
});

/** The transport keeps its child to itself; only the child knows how it ended. */
function childOf(transport: StdioClientTransport): ChildProcess {
  const child: unknown = Reflect.get(transport, '_process');
  if (!(child instanceof ChildProcess)) throw new Error('the transport has no child');
  return child;
}
