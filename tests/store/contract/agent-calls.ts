import { describe, expect, it } from 'vitest';
import type { AgentId, CallId } from '@/lib/domain/ids';
import type { AgentCall, Store } from '@/server/engine/ports/store';
import type { Subject } from '../contract';
import {
  agent,
  agentCallOf,
  commitOf,
  logEvent,
  newCallId,
  newRequestId,
  newSessionId,
  requestOf,
  summaryOf,
} from '../samples';

let count = 0;
const newAgentId = (): AgentId => {
  count += 1;
  return `agt_${String(count).padStart(12, '0')}` as AgentId;
};

async function save(store: Store, agentCalls: readonly AgentCall[]): Promise<void> {
  for (const one of agentCalls) {
    expect(await store.commit([commitOf(one.sessionId, { agentCalls: [one] })])).toEqual({ ok: true });
  }
}

export function agentCallTests(subject: Subject): void {
  describe('what binds a call to its agent', () => {
    it('is given back by its call and by its key, as it was', async () => {
      const { store } = subject.opened();
      const one = agentCallOf(newSessionId(), { key: 'order-17', task: { ttlMs: 60_000 } });
      await save(store, [one]);
      expect(await store.agentCall(one.callId)).toEqual(one);
      expect(await store.agentCallByKey(agent.id, 'order-17')).toEqual(one);
      expect(await store.agentCall(newCallId())).toBeNull();
      expect(await store.agentCallByKey(agent.id, 'order-18')).toBeNull();
    });

    it('refuses an agent’s key a second time, whole, and keeps the first (I3)', async () => {
      const { store } = subject.opened();
      const [sessionId, agentId] = [newSessionId(), newAgentId()];
      const first = agentCallOf(sessionId, { agentId, key: 'k' });
      await save(store, [first]);
      const other = newSessionId();
      const outcome = await store.commit([
        commitOf(other, {
          events: [logEvent(other, 1)],
          summary: summaryOf(other),
          agentCalls: [agentCallOf(other, { agentId, key: 'k' })],
        }),
      ]);
      expect(outcome).toMatchObject({ ok: false, code: 'conflict' });
      expect(await store.agentCallByKey(agentId, 'k')).toEqual(first);
      expect(await store.session(other)).toBeNull();
      expect(await store.events(other, { afterSeq: 0, limit: 5 })).toEqual([]);
    });

    it('refuses a key twice in one batch, and a call twice', async () => {
      const { store } = subject.opened();
      const [sessionId, agentId] = [newSessionId(), newAgentId()];
      const twice = [1, 2].map(() =>
        commitOf(sessionId, { agentCalls: [agentCallOf(sessionId, { agentId, key: 'k' })] }),
      );
      expect(await store.commit(twice)).toMatchObject({ ok: false, code: 'conflict' });
      expect(await store.agentCallByKey(agentId, 'k')).toBeNull();
      const one = agentCallOf(sessionId, { agentId });
      await save(store, [one]);
      expect(await store.commit([commitOf(sessionId, { agentCalls: [one] })])).toMatchObject({ code: 'conflict' });
    });

    it('lets exactly one of many writers of a key win (I3)', async () => {
      const { store } = subject.opened();
      const agentId = newAgentId();
      const tries = Array.from({ length: 20 }, () => agentCallOf(newSessionId(), { agentId, key: 'same' }));
      const outcomes = await Promise.all(
        tries.map((one) => store.commit([commitOf(one.sessionId, { agentCalls: [one] })])),
      );
      const winners = tries.filter((_, at) => outcomes[at]?.ok);
      expect(winners).toHaveLength(1);
      expect(outcomes.filter((outcome) => !outcome.ok && outcome.code === 'conflict')).toHaveLength(19);
      expect(await store.agentCallByKey(agentId, 'same')).toEqual(winners[0]);
    });

    it('takes one key of two agents, and any number of calls without one', async () => {
      const { store } = subject.opened();
      const sessionId = newSessionId();
      const [a, b] = [newAgentId(), newAgentId()];
      const calls = [
        agentCallOf(sessionId, { agentId: a, key: 'k' }),
        agentCallOf(sessionId, { agentId: b, key: 'k' }),
        agentCallOf(sessionId, { agentId: a }),
        agentCallOf(sessionId, { agentId: a }),
      ];
      expect(await store.commit([commitOf(sessionId, { agentCalls: calls })])).toEqual({ ok: true });
      expect(await store.agentCallByKey(b, 'k')).toEqual(calls[1]);
    });

    it('tells keys apart whatever their length and characters', async () => {
      const { store } = subject.opened();
      const agentId = newAgentId();
      const keys = ['', ' ', 'a', 'A', 'a\u0000', 'a\ufffd', 'a\ud800', 'a\udfff', 'é', 'e\u0301', 'x'.repeat(50_000)];
      const calls = keys.map((key) => agentCallOf(newSessionId(), { agentId, key }));
      await save(store, calls);
      for (const one of calls) expect(await store.agentCallByKey(agentId, one.key ?? '')).toEqual(one);
      expect(await store.agentCallByKey(agentId, 'x'.repeat(50_001))).toBeNull();
    });

    it('lists an agent’s tasks newest first, page by page, and only its own and only tasks', async () => {
      const { store } = subject.opened();
      const [agentId, other] = [newAgentId(), newAgentId()];
      const task = { ttlMs: null };
      const times = [5, 3, 9, 3, 7, 3, 1];
      const tasks = times.map((createdAt) => agentCallOf(newSessionId(), { agentId, task, createdAt }));
      await save(store, [
        ...tasks,
        agentCallOf(newSessionId(), { agentId, createdAt: 8 }),
        agentCallOf(newSessionId(), { agentId: other, task, createdAt: 6 }),
      ]);
      const seen: AgentCall[] = [];
      let before: { readonly createdAt: number; readonly callId: CallId } | null = null;
      for (;;) {
        const page: readonly AgentCall[] = await store.agentTasks(agentId, { before, limit: 2 });
        const last = page.at(-1);
        if (last === undefined) break;
        expect(page.length).toBeLessThanOrEqual(2);
        seen.push(...page);
        before = { createdAt: last.createdAt, callId: last.callId };
      }
      expect(seen.map((one) => one.createdAt)).toEqual([9, 7, 5, 3, 3, 3, 1]);
      expect(seen).toEqual(expect.arrayContaining(tasks));
      expect(await store.agentTasks(newAgentId(), { before: null, limit: 5 })).toEqual([]);
    });
  });

  describe('the requests of a call', () => {
    it('are all there, in the order they were opened, whatever became of them', async () => {
      const { store } = subject.opened();
      const [sessionId, callId] = [newSessionId(), newCallId()];
      const requests = (
        [
          ['delivered', 3],
          ['open', 9],
          ['withdrawn', 1],
          ['expired', 5],
        ] as const
      ).map(([state, openedAt]) => requestOf(sessionId, newRequestId(), { state, openedAt, callId }));
      const others = [
        requestOf(sessionId, newRequestId()),
        requestOf(sessionId, newRequestId(), { callId: newCallId() }),
      ];
      await store.commit([commitOf(sessionId, { requests: [...requests, ...others] })]);
      const found = await store.requestsOfCall(callId);
      expect(found.map((request) => request.openedAt)).toEqual([1, 3, 5, 9]);
      expect(found).toEqual(expect.arrayContaining(requests));
      expect(await store.requestsOfCall(newCallId())).toEqual([]);
    });
  });
}
