import { describe, expect, it } from 'vitest';
import type { Call } from '@/lib/domain/call';
import type { Subject } from '../contract';
import { opened } from '../opened';
import {
  agent,
  commitOf,
  eventOf,
  heldCall,
  logEvent,
  newCallId,
  newRequestId,
  newSessionId,
  summaryOf,
} from '../samples';

export function pastTests(subject: Subject): void {
  describe('what is read back', () => {
    it('is every event of a request in order, and of no other', async () => {
      const { store } = subject.opened();
      const [sessionId, id, other] = [newSessionId(), newRequestId(), newRequestId()];
      const noted = { type: 'request.released' } as const;
      const events = [
        logEvent(sessionId, 1),
        eventOf(sessionId, 2, { ...noted, requestId: id }),
        eventOf(sessionId, 3, { ...noted, requestId: other }),
        eventOf(sessionId, 10, { ...noted, requestId: id }),
        eventOf(sessionId, 9, { ...noted, requestId: id }),
      ];
      expect(await store.commit([commitOf(sessionId, { events })])).toEqual({ ok: true });
      expect((await store.requestEvents(id)).map(({ seq }) => seq)).toEqual([2, 9, 10]);
      expect(await store.requestEvents(newRequestId())).toEqual([]);
    });

    it('is the calls received last with what rules look at, and none whose arguments are gone (I14)', async () => {
      const { store } = await opened(await subject.freshUrl());
      const sessionId = newSessionId();
      const call = (receivedAt: number): Call => ({ ...heldCall(newCallId()), receivedAt });
      const calls = [call(10), call(30), call(20), call(40), call(50), call(5)];
      const [first, third, second, purged, never, old] = calls;
      const owned = (one: Call | undefined, kind: 'arguments' | 'tool', body: object | null) =>
        one === undefined ? [] : [{ owner: one.callId, kind, body: body as never }];
      const payloads = [
        ...owned(first, 'arguments', { a: 1 }),
        ...owned(second, 'arguments', { a: 2 }),
        ...owned(third, 'arguments', { a: 3 }),
        ...owned(third, 'tool', { name: 'write' }),
        ...owned(purged, 'arguments', null),
        ...owned(never, 'tool', { name: 'write' }),
        ...owned(old, 'arguments', {}),
      ];
      await store.commit([
        commitOf(sessionId, { calls, payloads, summary: summaryOf(sessionId, { client: 'claude-code' }) }),
      ]);
      const facts = { sessionId, agent, client: 'claude-code', scope: null };
      const all = await store.pastCalls({ limit: 100, sinceAt: 10 });
      expect(all).toEqual([
        { ...facts, callId: third?.callId, call: third, arguments: { a: 3 }, tool: { name: 'write' } },
        { ...facts, callId: second?.callId, call: second, arguments: { a: 2 }, tool: null },
        { ...facts, callId: first?.callId, call: first, arguments: { a: 1 }, tool: null },
      ]);
      expect(await store.pastCalls({ limit: 1, sinceAt: 10 })).toEqual(all.slice(0, 1));
      expect(await store.pastCalls({ limit: -1, sinceAt: 0 })).toEqual([]);
      await store.close();
    });

    it('keeps what was edited, and notes, beside the rest', async () => {
      const { store } = subject.opened();
      const [sessionId, callId] = [newSessionId(), newCallId()];
      const noteId = 'note_0123456789AB' as Parameters<typeof store.payload>[0];
      const payloads = [
        { owner: callId, kind: 'edited', body: { amount: 5 } },
        { owner: noteId, kind: 'note', body: 'see the ticket' },
      ] as const;
      await store.commit([commitOf(sessionId, { payloads })]);
      expect(await store.payload(callId, 'edited')).toEqual({ amount: 5 });
      expect(await store.payload(noteId, 'note')).toBe('see the ticket');
      expect(await store.payload(callId, 'arguments')).toBeNull();
    });
  });
}
