import { describe, expect, it } from 'vitest';
import type { Subject } from '../contract';
import { opened } from '../opened';
import { commitOf, heldCall, logEvent, newCallId, newRequestId, newSessionId, requestOf, summaryOf } from '../samples';

export function corruptTests(subject: Subject): void {
  describe('a damaged database', () => {
    it('is named by table and row, wherever it is read', async () => {
      const { store, db } = await opened(await subject.freshUrl());
      const [sessionId, callId, requestId] = [newSessionId(), newCallId(), newRequestId()];
      await store.commit([
        commitOf(sessionId, {
          events: [logEvent(sessionId, 1)],
          summary: summaryOf(sessionId),
          calls: [heldCall(callId)],
          requests: [requestOf(sessionId, requestId)],
          payloads: [{ owner: callId, kind: 'result', body: 1 }],
        }),
      ]);
      await db.updateTable('hp_call').set({ body: '{"callId":' }).execute();
      await db
        .updateTable('hp_request')
        .set({ body: `{"requestId":"${requestId}","state":"paused"}` })
        .execute();
      await db.updateTable('hp_event').set({ body: '{"type":"session.ended","seq":1}' }).execute();
      await db.updateTable('hp_payload').set({ body: '' }).execute();
      await expect(store.call(callId)).rejects.toThrow(`${callId} of hp_call`);
      await expect(store.loadLive()).rejects.toThrow(`${callId} of hp_call`);
      await expect(store.request(requestId)).rejects.toThrow(
        `${requestId} of hp_request cannot be read: its state is unknown`,
      );
      await expect(store.requests({ states: ['open'], before: null, limit: 5 })).rejects.toThrow(
        `${requestId} of hp_request`,
      );
      await expect(store.events(sessionId, { afterSeq: 0, limit: 5 })).rejects.toThrow(`${sessionId}/1 of hp_event`);
      await expect(store.payload(callId, 'result')).rejects.toThrow(`${callId}/result of hp_payload`);
      await db.updateTable('hp_session').set({ summary: '[]' }).execute();
      await expect(store.session(sessionId)).rejects.toThrow(`${sessionId} of hp_session`);
      await expect(store.sessions({ live: null, search: null, before: null, limit: 5 })).rejects.toThrow(
        `${sessionId} of hp_session`,
      );
      await store.close();
    });
  });
}
