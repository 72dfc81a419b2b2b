import { describe, expect, it } from 'vitest';
import { holdpoint } from '@/lib/domain/actor';
import { emptyBook } from '@/lib/domain/book';
import type { AgentId, CallId, SessionId } from '@/lib/domain/ids';
import { Committer } from '@/server/engine/commit';
import { noMaskingRules } from '@/server/engine/ports/masking';
import type { Log } from '@/server/engine/ports/log';
import type { Commit, Store } from '@/server/engine/ports/store';
import { type Draft, SessionLog } from '@/server/engine/session-log';
import { plainCall } from '@/tests/support/desk';

const agent = { id: 'agt_a' as AgentId, name: 'oncall-copilot' };
const silent: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent };
const started: Draft = {
  actor: { kind: 'agent', ...agent },
  body: { type: 'session.started', agent, client: null, scope: null, protocolVersion: '2025-11-25' },
};
const callIdOf = (index: number): CallId => `call_${String(index).padStart(12, '0')}` as CallId;

function wholeCall(index: number): readonly Draft[] {
  const callId = callIdOf(index);
  return [
    {
      actor: { kind: 'agent', ...agent },
      body: {
        type: 'call.received',
        callId,
        server: 's',
        tool: 't',
        title: 'T',
        annotations: {},
        risk: 'writes',
        argumentsBytes: 2,
        ...plainCall,
      },
    },
    { actor: holdpoint, body: { type: 'call.failed', callId, error: { code: 1, message: 'm' } } },
    { actor: holdpoint, body: { type: 'call.delivered', callId } },
  ];
}

/** Session logs on one committer whose store takes every batch, and timers that run when a test says so. */
function harness(count: number) {
  const batches: (readonly Commit[])[] = [];
  const timers = new Set<() => void>();
  const store = {
    commit: (batch: readonly Commit[]) => {
      batches.push(batch);
      return Promise.resolve({ ok: true as const });
    },
  };
  const publisher = { publish() {} };
  const committer = new Committer({ store: store as Pick<Store, 'commit'> as Store, publisher, log: silent });
  const after = (_delayMs: number, run: () => void): (() => void) => {
    timers.add(run);
    return () => timers.delete(run);
  };
  const logs = Array.from({ length: count }, (_, index) => {
    const sessionId = `ses_${String(index).padStart(12, '0')}` as SessionId;
    return new SessionLog(sessionId, emptyBook(), {
      committer,
      clock: { now: () => 1_000, after },
      publisher,
      masking: noMaskingRules,
      readEvents: () => Promise.resolve([]),
      onEffects() {},
      rawSeq: 0,
    });
  });
  const runTimers = (): void => {
    for (const run of [...timers]) {
      timers.delete(run);
      run();
    }
  };
  return { logs, batches, timers, runTimers };
}

const decide =
  (...events: readonly Draft[]) =>
  () => ({ events, value: null });

describe('fewer transactions for the same events', () => {
  it('what one turn of the event loop brings to several sessions is one transaction', async () => {
    const { logs, batches } = harness(3);
    await Promise.all(logs.map((log) => log.change(decide(started))));
    expect(batches.map((batch) => batch.length)).toEqual([3]);
  });

  it('I15 what may be written soon rides with the next decision, in the order it was decided', async () => {
    const { logs, batches } = harness(1);
    for (const own of logs) {
      const [received, failed, delivered] = wholeCall(1);
      if (received === undefined || failed === undefined || delivered === undefined)
        throw new Error('a whole call has three events');
      await own.change(decide(started, received, failed));
      const soon = own.change(decide(delivered), 'soon');
      const now = own.change(decide(...wholeCall(2)));
      expect((await Promise.all([soon, now])).every((result) => result.ok)).toBe(true);
    }
    expect(batches.map((batch) => batch.flatMap((commit) => commit.events.map((event) => event.type)))).toEqual([
      ['session.started', 'call.received', 'call.failed'],
      ['call.delivered', 'call.received', 'call.failed', 'call.delivered'],
    ]);
  });

  it('what may be written soon is written by itself when nothing else comes, and by a flush', async () => {
    const { logs, batches, timers, runTimers } = harness(2);
    const [first, second] = logs;
    if (first === undefined || second === undefined) throw new Error('two logs');
    const alone = first.change(decide(started), 'soon');
    expect(timers.size).toBe(1);
    runTimers();
    expect((await alone).ok).toBe(true);
    const flushed = second.change(decide(started), 'soon');
    await second.flushed();
    expect((await flushed).ok).toBe(true);
    expect(batches).toHaveLength(2);
    expect(timers.size).toBe(0);
  });

  it('a long session keeps only its latest calls at hand, and counts all', async () => {
    const { logs, batches } = harness(1);
    for (const log of logs) {
      await log.change(decide(started));
      for (let index = 1; index <= 250; index += 1) await log.change(decide(...wholeCall(index)));
      expect(log.book.calls.size).toBeLessThanOrEqual(200);
      expect(log.book.calls.has(callIdOf(250))).toBe(true);
    }
    expect(batches.at(-1)?.[0]?.summary).toMatchObject({ totalCalls: 250, servers: ['s'], openCalls: 0 });
  });
});
