import { setImmediate as turn } from 'node:timers/promises';
import { noArguments, numberArgument, text } from '@/tests/servers/kitchen/tool';
import type { KitchenCall, KitchenTool } from '@/tests/servers/kitchen/tool';

const levels = ['debug', 'info', 'notice', 'warning', 'error', 'critical', 'alert', 'emergency'] as const;

const steps = {
  type: 'object' as const,
  properties: { steps: { type: 'integer', minimum: 0 }, hold: { type: 'boolean' } },
};
const tickMs = 200;

export const progressTools: readonly KitchenTool[] = [
  {
    definition: { name: 'progress', description: 'Progress with a total', inputSchema: steps },
    run: async (call) => {
      const total = numberArgument(call.args, 'steps', 3);
      for (let progress = 1; progress <= total; progress += 1) {
        await report(call, { progress, total, message: `Step ${progress} of ${total}` });
      }
      // Says nothing more, and is not done.
      if (call.args['hold'] === true) await call.switchboard.untilReleased(call.extra.signal);
      return text(`${total} steps done`);
    },
  },
  {
    definition: { name: 'progress_no_total', description: 'Progress without a total', inputSchema: steps },
    run: async (call) => {
      const count = numberArgument(call.args, 'steps', 3);
      for (let step = 1; step <= count; step += 1) await report(call, { progress: step * 10 });
      return text('done, whatever that was');
    },
  },
  {
    definition: {
      name: 'late_progress',
      description: 'Reports progress once more after its result is out, on the standalone stream',
      inputSchema: noArguments,
    },
    run: async (call) => {
      await report(call, { progress: 1, total: 2, message: 'in time' });
      void sendLate(call);
      return text('done before the last progress');
    },
  },
  {
    definition: { name: 'logs', description: 'A log message of each level', inputSchema: noArguments },
    run: async ({ notify }) => {
      for (const level of levels) {
        await notify('notifications/message', { level, logger: 'kitchen', data: { says: `this is ${level}` } });
      }
      await notify('notifications/message', { level: 'info', data: 'a bare string, no logger' });
      return text(`${levels.length + 1} log messages sent`);
    },
  },
  {
    definition: { name: 'slow', description: 'Waits until it is released or cancelled', inputSchema: noArguments },
    run: async (call) => {
      // Waits before it says so: whoever heard of this call may release it.
      const ended = call.switchboard.untilReleased(call.extra.signal);
      await report(call, { progress: 1, message: 'waiting' });
      return text(await ended);
    },
  },
  {
    definition: { name: 'ticking', description: 'Reports until it is released or cancelled', inputSchema: noArguments },
    run: async (call) => {
      let count = 0;
      const tick = setInterval(() => {
        count += 1;
        void report(call, { progress: count, message: `Tick ${count}` }).catch(() => undefined);
      }, tickMs);
      const how = await call.switchboard.untilReleased(call.extra.signal);
      clearInterval(tick);
      return text(how);
    },
  },
];

async function report(call: KitchenCall, progress: Record<string, unknown>): Promise<void> {
  const progressToken = call.extra._meta?.progressToken;
  if (progressToken !== undefined) await call.notify('notifications/progress', { progressToken, ...progress });
}

async function sendLate({ server, extra }: KitchenCall): Promise<void> {
  const progressToken = extra._meta?.progressToken;
  if (progressToken === undefined) return;
  // The result is written in the microtasks after the tool returns; two turns of the loop come after them.
  await turn();
  await turn();
  await server
    .notification({
      method: 'notifications/progress',
      params: { progressToken, progress: 2, total: 2, message: 'late' },
    })
    .catch(() => undefined);
}
