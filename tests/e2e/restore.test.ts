import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { runCommand } from '@/tests/command/run-command';
import { connectAgent, textOf } from '@/tests/e2e/support/agent';
import { acceptOrder } from '@/tests/e2e/support/orders';
import { startProduct } from '@/tests/e2e/support/product';
import { openItem } from '@/tests/e2e/support/waiting';
import { startKitchenSink } from '@/tests/servers/kitchen-sink';
import { watchOpen } from '@/tests/support/looks';

const open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});

test('I3 I4 I5 what was live in a backup is ended when it is restored, and nothing of it runs a second time', async () => {
  const kitchen = await startKitchenSink();
  open.push(kitchen);
  const folder = await mkdtemp(path.join(tmpdir(), 'holdpoint-e2e-'));
  open.push({ close: () => rm(folder, { recursive: true, force: true }) });
  const env = { DATABASE_URL: `sqlite:${path.join(folder, 'holdpoint.db')}` };
  const product = await startProduct({
    servers: { kitchen: { url: kitchen.url } },
    holdpoint: { rules: [{ id: 'asks', decision: 'allow', tool: 'ask_simple' }] },
    env,
  });
  open.push(product);
  const desk = await product.connect('approver');
  const cookie = await product.cookieOf('approver');
  const agent = await connectAgent(product);
  const held = agent.call('kitchen__echo', { message: 'only once' });
  const approval = await openItem(desk, ({ request }) => request.kind === 'approval');
  agent.call('kitchen__ask_simple', { message: 'Which one?' });
  await openItem(desk, ({ request }) => request.kind === 'form');

  const backup = path.join(folder, 'backup');
  expect(await runCommand(['backup', backup], env)).toMatchObject({ code: 0 });
  // After the backup: what was held is approved, and runs.
  expect(await desk.say(acceptOrder(approval.request.requestId, null))).toMatchObject({ ok: true });
  expect(textOf(await held.result)).toContain('only once');
  const running = await runCommand(['restore', backup, '--replace'], env);
  expect(running).toMatchObject({ code: 2 });
  await product.kill();

  expect(await runCommand(['restore', backup, '--replace'], env)).toMatchObject({
    code: 0,
    out: expect.stringContaining('1 session that was live in it is ended.'),
  });
  await product.start();
  // Whoever was signed in still is, and nothing asks them.
  const pages = await fetch(`${product.baseUrl}/queue`, { headers: { cookie }, redirect: 'manual' });
  expect(pages.status).toBe(200);
  const again = await product.connect('approver');
  expect(await again.say(watchOpen)).toMatchObject({ ok: true, value: { items: [] } });
  const sessions = await again.say({
    type: 'session.watch',
    sessionId: approval.request.sessionId,
    afterSeq: 0,
  });
  if (!sessions.ok) throw new Error(sessions.message);
  expect(sessions.value.summary.session).toMatchObject({
    state: 'ended',
    end: 'lost',
    reason: expect.stringContaining('Restored from a backup'),
  });
  const types = sessions.value.events.map(({ type }) => type);
  // Also of the one that was held in the backup: it was approved after it, and ran.
  const unknown = sessions.value.events.flatMap((event) => (event.type === 'call.indeterminate' ? [event.why] : []));
  expect(unknown.map((why) => why.replace(/^.*Z[.] /, '')).sort()).toEqual([
    'It had been sent by then; what became of it is not known.',
    'It had not been sent by then; whether it was let go and run after that is not known.',
  ]);
  expect(types).not.toContain('call.cancelled');
  expect(types.at(-1)).toBe('session.ended');
  const ran = kitchen.records.all.filter((record) => record.kind === 'execution_started');
  expect(ran.map((record) => (record.kind === 'execution_started' ? record.tool : ''))).toEqual(['ask_simple', 'echo']);
  await agent.close();
});
