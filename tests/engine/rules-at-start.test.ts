import { afterEach, expect, test } from 'vitest';
import type { Store } from '@/server/engine/ports/store';
import { reader, startChangingServer } from '@/tests/servers/changing';
import { ruleOf, TestPolicy } from '@/tests/support/desk';
import { Workplace } from './workplace';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

const sessions = 5;
const callsEach = 40;

/** How often the store was asked to write, and how often rules were compiled or asked. */
function counting() {
  const counts = { commits: 0, decisions: 0 };
  const before = (store: Store): Store =>
    new Proxy(store, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        if (name !== 'commit') return value.bind(target) as unknown;
        return (...given: Parameters<Store['commit']>) => {
          counts.commits += 1;
          return target.commit(...given);
        };
      },
    });
  class CountingPolicy extends TestPolicy {
    override decide(question: Parameters<TestPolicy['decide']>[0]): ReturnType<TestPolicy['decide']> {
      counts.decisions += 1;
      return super.decide(question);
    }
  }
  return { counts, before, CountingPolicy };
}

test('I5 I6 a start under other rules asks about all that waits in a few commits, each once', async () => {
  const server = await startChangingServer([reader('pay')]);
  closing.push(() => server.close());
  const servers = [{ name: 'bank', transport: { kind: 'http', url: server.url, headers: {}, sign: null } }] as const;
  const limits = { sessionsPerAgent: 50, openCallsPerSession: 100, requestsPerSecond: 10_000, argumentsBytes: 1e6 };
  const settings = { limits };
  const one = ruleOf({ id: 'one', tool: 'pay' });
  const first = await Workplace.open({ servers, settings, policy: new TestPolicy([one]) });
  for (let session = 0; session < sessions; session += 1) {
    const id = await first.session();
    const calls = Array.from({ length: callsEach }, (_, n) => first.call(id, 'bank/pay', { to: `${n}` }));
    await Promise.all(calls.map(({ received }) => received));
  }
  await first.stop();
  const { counts, before, CountingPolicy } = counting();
  const two = ruleOf({ id: 'two', tool: 'pay', hold: { approvals: [{ count: 2, role: null, team: null }] } });
  const place = await Workplace.open({
    servers,
    settings,
    folder: first.folder,
    before,
    policy: new CountingPolicy([two]),
  });
  closing.push(() => place.close());
  const waiting = await place.store.loadLive();
  const requests = waiting.flatMap((live) => live.requests);
  expect(requests).toHaveLength(sessions * callsEach);
  for (const request of requests)
    expect(request).toMatchObject({ state: 'open', approval: { approvals: [{ count: 2 }] } });
  expect(counts.decisions).toBe(sessions * callsEach);
  expect(counts.commits).toBeLessThanOrEqual(20);
});
