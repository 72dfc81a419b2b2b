import { spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { connectAgent } from '@/tests/e2e/support/agent';
import { type Product, startProduct } from '@/tests/e2e/support/product';

const accounts = fileURLToPath(new URL('../../dist/examples/sandbox-accounts.js', import.meta.url));
let product: Product | null = null;

afterEach(async () => {
  await product?.close();
  product = null;
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test('stops in order and soon, with a browser connected, a call waiting for a person and a server running', async () => {
  const servers = {
    accounts: {
      command: process.execPath,
      args: [accounts],
      env: { ACCOUNTS_FILE: path.join('/tmp', `accounts-${process.pid}.json`) },
    },
  };
  product = await startProduct({ servers });
  const desk = await product.connect('approver');
  const agent = await connectAgent(product);
  const call = agent.call('accounts__request_account', { application: 'billing', region: 'eu-west-1' });
  const held = await heldCall(desk.socket, () => desk.say({ type: 'queue.watch' }));
  expect(held).toBe('approval');
  const children = await childrenOf(product.pid());
  expect(children.length).toBeGreaterThan(0);
  const startedAt = performance.now();
  expect(await product.stop()).toBe(0);
  expect(performance.now() - startedAt).toBeLessThan(8_000);
  expect(children.filter(isAlive)).toEqual([]);
  await agent.client.close();
  await expect(call.result).rejects.toThrow(/closed|fetch failed|terminated/i);
});

async function heldCall(
  socket: { once(event: string, heard: (value: unknown) => void): unknown },
  watch: () => Promise<{ ok: boolean; value?: { open: readonly { request: { kind: string } }[] } }>,
): Promise<string> {
  for (;;) {
    const changed = new Promise((resolve) => socket.once('push', resolve));
    const queue = await watch();
    const first = queue.value?.open[0];
    if (first !== undefined) return first.request.kind;
    await changed;
  }
}

function childrenOf(pid: number): Promise<readonly number[]> {
  return new Promise((resolve) => {
    const ps = spawn('ps', ['-o', 'pid=', '--ppid', String(pid)]);
    let text = '';
    ps.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
    });
    ps.once('close', () => resolve(text.trim().split(/\s+/).filter(Boolean).map(Number)));
  });
}
