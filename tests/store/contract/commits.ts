import { describe, expect, it } from 'vitest';
import type { Subject } from '../contract';
import { opened } from '../opened';
import {
  agent,
  commitOf,
  completedCall,
  eventOf,
  heldCall,
  logEvent,
  newCallId,
  newRequestId,
  newSessionId,
  rawOf,
  requestOf,
  summaryOf,
  workingCall,
} from '../samples';

const page = { afterSeq: 0, limit: 100 };

export function commitTests(subject: Subject): void {
  describe('commit', () => {
    it('keeps everything of a commit, as it was given (I2, I5)', async () => {
      const { store } = subject.opened();
      const [sessionId, callId, requestId] = [newSessionId(), newCallId(), newRequestId()];
      const [call, request] = [heldCall(callId), requestOf(sessionId, requestId)];
      const events = [
        eventOf(sessionId, 1, {
          type: 'session.started',
          agent,
          client: { name: 'agent', version: '2' },
          scope: null,
          protocolVersion: '2025-11-25',
        }),
        logEvent(sessionId, 2),
      ];
      const raw = [rawOf(sessionId, 1), rawOf(sessionId, 2, [1, 'two', null])];
      const payloads = [
        { owner: callId, kind: 'arguments', body: { path: '/tmp/x', deep: [{ a: null }] } },
        { owner: callId, kind: 'result', body: null },
        { owner: requestId, kind: 'ask', body: 'a text' },
      ] as const;
      const summary = summaryOf(sessionId);
      const outcome = await store.commit([
        commitOf(sessionId, { events, summary, calls: [call], requests: [request], payloads, raw }),
      ]);

      expect(outcome).toEqual({ ok: true });
      expect(await store.events(sessionId, page)).toEqual(events);
      expect(await store.raw(sessionId, page)).toEqual(raw);
      expect(await store.session(sessionId)).toEqual(summary);
      expect(await store.call(callId)).toEqual({ sessionId, call });
      expect(await store.request(requestId)).toEqual(request);
      expect(await store.payload(callId, 'arguments')).toEqual({ path: '/tmp/x', deep: [{ a: null }] });
      expect(await store.payload(callId, 'result')).toBeNull();
      expect(await store.payload(requestId, 'ask')).toBe('a text');
      expect(await store.agentOf(sessionId)).toBe(agent.id);
    });

    it('knows nothing of what was never committed', async () => {
      const { store } = subject.opened();
      const sessionId = newSessionId();
      expect(await store.session(sessionId)).toBeNull();
      expect(await store.call(newCallId())).toBeNull();
      expect(await store.request(newRequestId())).toBeNull();
      expect(await store.payload(newCallId(), 'result')).toBeNull();
      expect(await store.agentOf(sessionId)).toBeNull();
      expect(await store.events(sessionId, page)).toEqual([]);
      expect(await store.raw(sessionId, page)).toEqual([]);
    });

    it('replaces a state and its payload by the later one, also within one batch', async () => {
      const { store } = subject.opened();
      const [sessionId, callId] = [newSessionId(), newCallId()];
      const working = workingCall(callId);
      const done = completedCall(working);
      const first = commitOf(sessionId, {
        events: [logEvent(sessionId, 1)],
        calls: [working],
        summary: summaryOf(sessionId),
      });
      const second = commitOf(sessionId, {
        events: [logEvent(sessionId, 2)],
        calls: [done],
        summary: { ...summaryOf(sessionId), seq: 8 },
        payloads: [{ owner: callId, kind: 'result', body: 'second' }],
      });
      expect(await store.commit([first, second])).toEqual({ ok: true });
      expect((await store.call(callId))?.call).toEqual(done);
      expect((await store.session(sessionId))?.seq).toBe(8);
      expect(
        await store.commit([commitOf(sessionId, { payloads: [{ owner: callId, kind: 'result', body: 'third' }] })]),
      ).toEqual({ ok: true });
      expect(await store.payload(callId, 'result')).toBe('third');
    });

    it('takes an empty batch and an empty commit', async () => {
      const { store } = subject.opened();
      expect(await store.commit([])).toEqual({ ok: true });
      expect(await store.commit([commitOf(newSessionId(), {})])).toEqual({ ok: true });
    });

    it('refuses an event whose sequence number exists, and keeps the first (I15)', async () => {
      const { store } = subject.opened();
      const sessionId = newSessionId();
      const first = logEvent(sessionId, 1, 'first');
      await store.commit([commitOf(sessionId, { events: [first] })]);
      const outcome = await store.commit([commitOf(sessionId, { events: [logEvent(sessionId, 1, 'second')] })]);
      expect(outcome).toMatchObject({ ok: false, code: 'conflict' });
      expect(await store.events(sessionId, page)).toEqual([first]);
    });

    it('refuses the same sequence number twice within one batch', async () => {
      const { store } = subject.opened();
      const sessionId = newSessionId();
      const twice = commitOf(sessionId, { events: [logEvent(sessionId, 1)] });
      expect(await store.commit([twice, twice])).toMatchObject({ ok: false, code: 'conflict' });
      expect(await store.events(sessionId, page)).toEqual([]);
    });

    it('writes nothing of a batch in which one commit conflicts (I1, I2)', async () => {
      const { store } = subject.opened();
      const [taken, other, callId] = [newSessionId(), newSessionId(), newCallId()];
      const requestId = newRequestId();
      await store.commit([commitOf(taken, { events: [logEvent(taken, 1)], requests: [requestOf(taken, requestId)] })]);
      const outcome = await store.commit([
        commitOf(other, {
          events: [logEvent(other, 1)],
          summary: summaryOf(other),
          calls: [workingCall(callId)],
          payloads: [{ owner: callId, kind: 'arguments', body: {} }],
          raw: [rawOf(other, 1)],
        }),
        commitOf(taken, {
          events: [logEvent(taken, 1)],
          requests: [requestOf(taken, requestId, { state: 'answered' })],
        }),
      ]);
      expect(outcome).toMatchObject({ ok: false, code: 'conflict' });
      expect(await store.session(other)).toBeNull();
      expect(await store.call(callId)).toBeNull();
      expect(await store.payload(callId, 'arguments')).toBeNull();
      expect(await store.events(other, page)).toEqual([]);
      expect(await store.raw(other, page)).toEqual([]);
      expect((await store.request(requestId))?.state).toBe('open');
    });

    it('lets exactly one of many writers of the same number win (I1)', async () => {
      const { store } = subject.opened();
      const sessionId = newSessionId();
      const requestId = newRequestId();
      const tries = Array.from({ length: 20 }, (_, at) =>
        store.commit([
          commitOf(sessionId, {
            events: [logEvent(sessionId, 1, `writer ${at}`)],
            requests: [requestOf(sessionId, requestId, { title: `writer ${at}` })],
          }),
        ]),
      );
      const outcomes = await Promise.all(tries);
      const winners = outcomes.flatMap((outcome, at) => (outcome.ok ? [at] : []));
      expect(winners).toHaveLength(1);
      expect(outcomes.filter((outcome) => !outcome.ok && outcome.code === 'conflict')).toHaveLength(19);
      expect(await store.events(sessionId, page)).toEqual([logEvent(sessionId, 1, `writer ${winners[0]}`)]);
      expect((await store.request(requestId))?.title).toBe(`writer ${winners[0]}`);
    });

    it('takes commits of many sessions at once, beside an open transaction of others', async () => {
      const { store, db } = subject.opened();
      const sessions = Array.from({ length: 50 }, newSessionId);
      const beside = db.transaction().execute(async (trx) => {
        await trx.selectFrom('hp_session').select('id').limit(1).execute();
        await new Promise((resolve) => setImmediate(resolve));
        return trx.selectFrom('hp_session').select('id').limit(1).execute();
      });
      const outcomes = await Promise.all(
        sessions.map((id) =>
          store.commit([commitOf(id, { events: [1, 2, 3].map((seq) => logEvent(id, seq)), summary: summaryOf(id) })]),
        ),
      );
      await beside;
      expect(outcomes.every((outcome) => outcome.ok)).toBe(true);
      for (const id of sessions) expect(await store.events(id, page)).toHaveLength(3);
    });

    it('keeps what was committed after closing and opening again (I2, I5)', async () => {
      const url = await subject.freshUrl();
      const sessionId = newSessionId();
      const first = await opened(url);
      await first.store.commit([
        commitOf(sessionId, { events: [logEvent(sessionId, 1)], summary: summaryOf(sessionId) }),
      ]);
      await first.store.close();
      const second = await opened(url);
      expect(await second.store.events(sessionId, page)).toEqual([logEvent(sessionId, 1)]);
      expect(await second.store.loadLive()).toHaveLength(1);
      await second.store.close();
    });

    it('answers a commit after close with unavailable and does not throw', async () => {
      const { store } = await opened(await subject.freshUrl());
      await store.close();
      await store.close();
      const sessionId = newSessionId();
      const outcome = await store.commit([commitOf(sessionId, { events: [logEvent(sessionId, 1)] })]);
      expect(outcome).toMatchObject({ ok: false, code: 'unavailable' });
    });
  });
}
