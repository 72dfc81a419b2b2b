import { describe, expect, it } from 'vitest';
import { holdpoint } from '@/lib/domain/actor';
import { emptyBook } from '@/lib/domain/book';
import type { SessionEvent } from '@/lib/domain/event';
import type { AgentId, CallId, SessionId } from '@/lib/domain/ids';
import { Committer } from '@/server/engine/commit';
import type { Log } from '@/server/engine/ports/log';
import { noMaskingRules } from '@/server/engine/ports/masking';
import type { Change } from '@/server/engine/ports/publisher';
import type { Commit, CommitOutcome, Store } from '@/server/engine/ports/store';
import { type Draft, SessionLog } from '@/server/engine/session-log';
import { plainCall } from '@/tests/support/desk';

const sessionId = 'ses_000000000000' as SessionId;
const callId = 'call_00000000000A' as CallId;
const agent = { id: 'agt_a' as AgentId, name: 'oncall-copilot' };
const started: Draft = {
  actor: { kind: 'agent', ...agent },
  body: { type: 'session.started', agent, client: null, scope: null, protocolVersion: '2025-11-25' },
};
const received: Draft = {
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
};
const allowed: Draft = { actor: holdpoint, body: { type: 'call.allowed', callId, rule: { id: 'r', words: 'w' } } };

const silent: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent };

/** The write path with a store whose every commit the test lets through or refuses. */
function harness() {
  const waiting: { batch: readonly Commit[]; settle: (outcome: CommitOutcome) => void }[] = [];
  const changes: Change[] = [];
  const disk: SessionEvent[] = [];
  const effects: string[] = [];
  const arrived: (() => void)[] = [];
  const commit = (batch: readonly Commit[]): Promise<CommitOutcome> =>
    new Promise((settle) => {
      waiting.push({ batch, settle });
      for (const wake of arrived.splice(0)) wake();
    });
  const publisher = { publish: (change: Change) => void changes.push(change) };
  const committer = new Committer({ store: { commit } as Pick<Store, 'commit'> as Store, publisher, log: silent });
  const log = new SessionLog(sessionId, emptyBook(), {
    committer,
    clock: { now: () => 1_000, after: () => () => {} },
    publisher,
    masking: noMaskingRules,
    readEvents: async (_id, afterSeq) => disk.filter((event) => event.seq > afterSeq),
    onEffects: (all) => effects.push(...all.map((effect) => effect.effect)),
    rawSeq: 0,
  });
  const nextBatch = async (): Promise<(typeof waiting)[number]> => {
    for (;;) {
      const batch = waiting.shift();
      if (batch !== undefined) return batch;
      await new Promise<void>((wake) => arrived.push(wake));
    }
  };
  return { log, changes, effects, committer, nextBatch, disk };
}

const decide =
  (...events: Draft[]) =>
  () => ({ events, value: null });

describe('the write path', () => {
  it('I2: nothing is published and no effect runs before the commit', async () => {
    const { log, changes, effects, nextBatch } = harness();
    const changed = log.change(decide(started, received, allowed));
    const batch = await nextBatch();
    expect(changes).toEqual([]);
    expect(effects).toEqual([]);
    batch.settle({ ok: true });
    expect(await changed).toEqual({ ok: true, value: null });
    expect(changes.map((change) => change.change)).toEqual(['events', 'session']);
    expect(effects).toEqual(['send_call']);
  });

  it('I2: a commit that fails is taken back as if it had never been decided', async () => {
    const { log, changes, effects, nextBatch } = harness();
    const first = log.change(decide(started));
    (await nextBatch()).settle({ ok: true });
    await first;
    changes.length = 0;
    const changed = log.change(decide(received, allowed));
    (await nextBatch()).settle({ ok: false, code: 'unavailable', message: 'disk full' });
    expect(await changed).toMatchObject({ ok: false, code: 'cannot_save' });
    expect(log.book.seq).toBe(1);
    expect(log.book.calls.size).toBe(0);
    expect(changes).toEqual([{ change: 'storage', ok: false }]);
    expect(effects).toEqual([]);
    const again = log.change(decide(received, allowed));
    (await nextBatch()).settle({ ok: true });
    expect(await again).toEqual({ ok: true, value: null });
    expect(changes[1]).toEqual({ change: 'storage', ok: true });
  });

  it('decisions that come while a commit is written go into the next one together, in order', async () => {
    const { log, nextBatch } = harness();
    const first = log.change(decide(started));
    const open = await nextBatch();
    const second = log.change(decide(received));
    const third = log.change(decide(allowed));
    open.settle({ ok: true });
    const batch = await nextBatch();
    expect(batch.batch[0]?.events.map((event) => [event.seq, event.type])).toEqual([
      [2, 'call.received'],
      [3, 'call.allowed'],
    ]);
    batch.settle({ ok: true });
    expect((await Promise.all([first, second, third])).every((result) => result.ok)).toBe(true);
  });

  it('a decision the lifecycle refuses leaves nothing behind and does not disturb its neighbours', async () => {
    const { log, nextBatch } = harness();
    const first = log.change(decide(started));
    const open = await nextBatch();
    const bad = log.change(decide(received, allowed, allowed));
    const good = log.change(decide(received));
    open.settle({ ok: true });
    (await nextBatch()).settle({ ok: false, code: 'unavailable', message: 'away' });
    await first;
    expect(await bad).toMatchObject({ ok: false, code: 'not_allowed_now' });
    expect(await good).toMatchObject({ ok: false, code: 'cannot_save' });
    expect(log.book.seq).toBe(1);
  });

  it('a decision that throws is its caller’s to hear of, and the log goes on', async () => {
    const { log, nextBatch } = harness();
    const bad = log.change(() => {
      throw new Error('a bug');
    });
    await expect(bad).rejects.toThrow('a bug');
    const good = log.change(decide(started));
    (await nextBatch()).settle({ ok: true });
    expect((await good).ok).toBe(true);
  });

  it('I2 a commit reported lost that reached the disk is taken for what it is, with its effects', async () => {
    const { log, effects, nextBatch, disk } = harness();
    const first = log.change(decide(started));
    (await nextBatch()).settle({ ok: true });
    await first;
    const lost = log.change(decide(received, allowed));
    const batch = await nextBatch();
    disk.push(...(batch.batch[0]?.events ?? []));
    batch.settle({ ok: false, code: 'unavailable', message: 'the connection broke' });
    expect((await lost).ok).toBe(false);
    const again = log.change(decide(received, allowed));
    (await nextBatch()).settle({ ok: false, code: 'conflict', message: 'these events exist' });
    expect(await again).toMatchObject({ ok: false, code: 'cannot_save' });
    expect(log.book.seq).toBe(3);
    expect(log.book.calls.get(callId)).toMatchObject({ state: 'held', reasons: ['sending'] });
    expect(effects).toEqual(['send_call']);
  });

  it('one overtaken session does not take its neighbours of the batch with it', async () => {
    const { committer, nextBatch } = harness();
    const commitOf = (id: string): Commit => ({
      sessionId: id as SessionId,
      events: [],
      summary: null,
      connections: [],
      calls: [],
      requests: [],
      payloads: [],
      attachments: [],
      cursors: [],
      agentCalls: [],
      audit: [],
      raw: [],
    });
    const first = committer.commit(() => commitOf('a'));
    const open = await nextBatch();
    const second = committer.commit(() => commitOf('b'));
    const third = committer.commit(() => commitOf('c'));
    open.settle({ ok: true });
    (await nextBatch()).settle({ ok: false, code: 'conflict', message: 'overtaken' });
    (await nextBatch()).settle({ ok: false, code: 'conflict', message: 'overtaken' });
    (await nextBatch()).settle({ ok: true });
    expect(await Promise.all([first, second, third])).toMatchObject([
      { ok: true },
      { ok: false, code: 'conflict' },
      { ok: true },
    ]);
  });
});
