import { describe, expect, it } from 'vitest';
import type { Json } from '@/lib/domain/json';
import type { Subject } from '../contract';
import {
  commitOf,
  connectionOf,
  logEvent,
  newCallId,
  newConnectionId,
  newRequestId,
  newSessionId,
  rawOf,
  requestOf,
  summaryOf,
} from '../samples';

const nasty = 'é 漢字 👩‍👩‍👧 \u0000 \ud800 \u2028 "quoted" back\\slash \'; drop table hp_event; -- {a,b} \r\n\t';
const page = { afterSeq: 0, limit: 100 };

export function hostileTests(subject: Subject): void {
  describe('what servers and agents may send', () => {
    it('gives back every character, U+0000 and lone surrogates included (I5)', async () => {
      const { store } = subject.opened();
      const [sessionId, callId, requestId, connectionId] = [
        newSessionId(),
        newCallId(),
        newRequestId(),
        newConnectionId(),
      ];
      const events = [logEvent(sessionId, 1, nasty)];
      const body = { [nasty]: nasty, list: [nasty] };
      const request = requestOf(sessionId, requestId, { title: nasty });
      const cursor = { connectionId, stream: 'standalone', eventId: nasty };
      const outcome = await store.commit([
        commitOf(sessionId, {
          events,
          summary: summaryOf(sessionId, { name: nasty, servers: [nasty] }),
          connections: [{ ...connectionOf(connectionId), server: nasty }],
          requests: [request],
          payloads: [{ owner: callId, kind: 'result', body }],
          cursors: [cursor],
          raw: [rawOf(sessionId, 1, body)],
        }),
      ]);
      expect(outcome).toEqual({ ok: true });
      expect(await store.events(sessionId, page)).toEqual(events);
      expect(await store.payload(callId, 'result')).toEqual(body);
      expect(await store.request(requestId)).toEqual(request);
      expect((await store.raw(sessionId, page))[0]?.message).toEqual(body);
      expect((await store.session(sessionId))?.session.agent.name).toBe(nasty);
      const saved = (await store.loadLive()).find((one) => one.summary.session.sessionId === sessionId);
      expect(saved?.cursors).toEqual([cursor]);
      expect(saved?.connections[0]?.server).toBe(nasty);
    });

    it('takes a payload of 5 MB', async () => {
      const { store } = subject.opened();
      const [sessionId, callId] = [newSessionId(), newCallId()];
      const body = { text: 'x"\\é'.repeat(1_250_000) };
      expect(
        await store.commit([commitOf(sessionId, { payloads: [{ owner: callId, kind: 'result', body }] })]),
      ).toEqual({ ok: true });
      expect(await store.payload(callId, 'result')).toEqual(body);
    });

    it('takes JSON nested deeper than the stack is high', async () => {
      const { store } = subject.opened();
      const [sessionId, callId] = [newSessionId(), newCallId()];
      const depth = 50_000;
      const text = `${'[{"a":'.repeat(depth)}"end"${',"b":2}, true]'.repeat(depth)}`;
      const body = JSON.parse(text) as Json;
      expect(
        await store.commit([commitOf(sessionId, { payloads: [{ owner: callId, kind: 'result', body }] })]),
      ).toEqual({ ok: true });
      let inner: Json | undefined = await store.payload(callId, 'result');
      for (let level = 0; level < depth; level += 1) {
        const pair = inner as readonly [{ readonly a: Json; readonly b: Json }, boolean];
        if (pair[1] !== true || pair[0].b !== 2) throw new Error(`level ${level} is not what was stored`);
        inner = pair[0].a;
      }
      expect(inner).toBe('end');
    });

    it('does not take an id apart at U+0000', async () => {
      const { store } = subject.opened();
      const sessionId = newSessionId();
      await store.commit([commitOf(sessionId, { summary: summaryOf(sessionId) })]);
      expect(await store.session(`${sessionId}\u0000more` as typeof sessionId)).toBeNull();
    });
  });
}
