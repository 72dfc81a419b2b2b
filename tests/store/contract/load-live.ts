import { describe, expect, it } from 'vitest';
import type { SessionId } from '@/lib/domain/ids';
import type { HoldRequest } from '@/lib/domain/request';
import type { SavedSession, Store } from '@/server/engine/ports/store';
import type { Subject } from '../contract';
import {
  attachmentOf,
  commitOf,
  completedCall,
  connectionOf,
  heldCall,
  newCallId,
  newConnectionId,
  newRequestId,
  newSessionId,
  rawOf,
  requestOf,
  summaryOf,
  workingCall,
} from '../samples';

async function savedOf(store: Store, sessionId: SessionId): Promise<SavedSession | undefined> {
  return (await store.loadLive()).find((saved) => saved.summary.session.sessionId === sessionId);
}

const byId = (a: { readonly requestId: string }, b: { readonly requestId: string }): number =>
  a.requestId < b.requestId ? -1 : 1;

export function loadLiveTests(subject: Subject): void {
  describe('loadLive', () => {
    it('gives open calls, requests open or still to be delivered, live connections and their places (I5)', async () => {
      const { store } = subject.opened();
      const sessionId = newSessionId();
      const [live, closed] = [newConnectionId(), newConnectionId()];
      const working = workingCall(newCallId(), live);
      const held = heldCall(newCallId());
      const done = completedCall(workingCall(newCallId(), live));
      const requests = (['open', 'answered', 'delivered', 'undelivered', 'expired', 'withdrawn'] as const).map(
        (state) => requestOf(sessionId, newRequestId(), { state }),
      );
      const cursors = [
        { connectionId: live, stream: 'standalone', eventId: 's-9' },
        { connectionId: live, stream: working.rpcId, eventId: 'c-4' },
      ];
      const summary = summaryOf(sessionId);
      await store.commit([
        commitOf(sessionId, {
          summary,
          connections: [connectionOf(live), connectionOf(closed, 'closed')],
          calls: [working, held, done],
          requests,
          attachments: [attachmentOf(sessionId, live)],
          cursors,
          raw: [rawOf(sessionId, 1), rawOf(sessionId, 2), rawOf(sessionId, 3)],
        }),
      ]);
      const saved = await savedOf(store, sessionId);
      expect(saved?.summary).toEqual(summary);
      expect(saved?.connections).toEqual([connectionOf(live)]);
      expect(saved?.calls).toHaveLength(2);
      expect(saved?.calls).toEqual(expect.arrayContaining([working, held]));
      expect([...(saved?.requests ?? [])].sort(byId)).toEqual(requests.slice(0, 2).sort(byId));
      expect(saved?.attachments).toEqual([attachmentOf(sessionId, live)]);
      expect(saved?.cursors).toHaveLength(2);
      expect(saved?.cursors).toEqual(expect.arrayContaining(cursors));
      expect(saved?.rawSeq).toBe(3);
    });

    it('gives back a call that waits for pages: what is done of them, what is not, and the last error that named them (I5)', async () => {
      const { store } = subject.opened();
      const sessionId = newSessionId();
      const callId = newCallId();
      const [open, answered] = (['open', 'answered'] as const).map((state) => ({
        ...requestOf(sessionId, newRequestId(), { state }),
        ...{ kind: 'url', callId, upstream: null, elicitationId: state },
      })) as [HoldRequest, HoldRequest];
      const call = {
        ...heldCall(callId),
        reasons: ['urls'],
        requestIds: [open.requestId],
        runs: 2,
        turnedBack: 2,
      } as const;
      const named = (message: string) =>
        ({ owner: callId, kind: 'turned_back', body: { error: { message } } }) as const;
      await store.commit([
        commitOf(sessionId, { summary: summaryOf(sessionId), calls: [call], payloads: [named('first')] }),
      ]);
      await store.commit([commitOf(sessionId, { requests: [open, answered], payloads: [named('second')] })]);
      const saved = await savedOf(store, sessionId);
      expect(saved?.calls).toEqual([call]);
      expect([...(saved?.requests ?? [])].sort(byId)).toEqual([open, answered].sort(byId));
      expect(await store.payload(callId, 'turned_back')).toEqual(named('second').body);
    });

    it('moves a cursor on and keeps one per stream', async () => {
      const { store } = subject.opened();
      const [sessionId, connectionId] = [newSessionId(), newConnectionId()];
      const at = (eventId: string) => ({ connectionId, stream: 'standalone', eventId });
      await store.commit([
        commitOf(sessionId, {
          summary: summaryOf(sessionId),
          connections: [connectionOf(connectionId)],
          cursors: [at('1')],
        }),
      ]);
      await store.commit([commitOf(sessionId, { cursors: [at('2'), at('3')] })]);
      expect((await savedOf(store, sessionId))?.cursors).toEqual([at('3')]);
    });

    it('lets go of a call’s cursor with its outcome, and of a connection’s credentials with its end (I14)', async () => {
      const { store, db } = subject.opened();
      const [sessionId, connectionId] = [newSessionId(), newConnectionId()];
      const [working, second] = [workingCall(newCallId(), connectionId), workingCall(newCallId(), connectionId)];
      const standalone = { connectionId, stream: 'standalone', eventId: 's' };
      await store.commit([
        commitOf(sessionId, {
          summary: summaryOf(sessionId),
          connections: [connectionOf(connectionId)],
          attachments: [attachmentOf(sessionId, connectionId)],
          calls: [working, second],
          cursors: [
            standalone,
            ...[working, second].map(({ rpcId }) => ({ connectionId, stream: rpcId, eventId: '1' })),
          ],
        }),
      ]);
      // The outcome's own message moves the cursor once more, in the same commit.
      await store.commit([
        commitOf(sessionId, {
          calls: [completedCall(working)],
          cursors: [{ connectionId, stream: working.rpcId, eventId: '2' }],
        }),
      ]);
      expect((await savedOf(store, sessionId))?.cursors.map((cursor) => cursor.stream).sort()).toEqual([
        second.rpcId,
        'standalone',
      ]);
      await store.commit([
        commitOf(sessionId, {
          calls: [completedCall(second)],
          connections: [connectionOf(connectionId, 'closed')],
          cursors: [standalone],
        }),
      ]);
      for (const table of ['hp_attachment', 'hp_cursor'] as const) {
        const left = await db.selectFrom(table).selectAll().where('connection_id', '=', connectionId).execute();
        expect(left).toEqual([]);
      }
    });

    it('leaves out sessions that ended, and gives an empty one whole', async () => {
      const { store } = subject.opened();
      const [ended, empty] = [newSessionId(), newSessionId()];
      await store.commit([
        commitOf(ended, {
          summary: summaryOf(ended, { state: 'ended' }),
          requests: [requestOf(ended, newRequestId())],
        }),
        commitOf(empty, { summary: summaryOf(empty) }),
      ]);
      expect(await savedOf(store, ended)).toBeUndefined();
      const nothing = { connections: [], calls: [], requests: [], attachments: [], cursors: [], rawSeq: 0 };
      expect(await savedOf(store, empty)).toEqual({ summary: summaryOf(empty), ...nothing });
    });
  });
}
