import { spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { connectAgent, textOf } from '@/tests/e2e/support/agent';
import { acceptOrder } from '@/tests/e2e/support/orders';
import { type Product, startProduct } from '@/tests/e2e/support/product';
import { openItem } from '@/tests/e2e/support/waiting';

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

test('I5 stops in order and soon, with a browser connected, a call waiting for a person and a server running; the next start goes on', async () => {
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
  const held = await openItem(desk, ({ request }) => request.kind === 'approval');
  const children = await childrenOf(product.pid());
  expect(children.length).toBeGreaterThan(0);
  const startedAt = performance.now();
  expect(await product.stop()).toBe(0);
  expect(performance.now() - startedAt).toBeLessThan(8_000);
  expect(children.filter(isAlive)).toEqual([]);
  await product.start();
  const again = await product.connect('approver');
  const waiting = await openItem(again, ({ request }) => request.requestId === held.request.requestId);
  expect(waiting.request.deadline).toEqual(held.request.deadline);
  expect(await again.say(acceptOrder(waiting.request.requestId, null))).toMatchObject({ ok: true });
  // The server is started again, and asks; the agent’s stream was taken up meanwhile.
  const asked = await openItem(again, ({ request }) => request.kind === 'form');
  await again.say({ ...acceptOrder(asked.request.requestId, null), action: 'decline', reason: 'Not now' });
  expect(textOf(await call.result)).toMatch(/declined/i);
  await agent.close();
});

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
