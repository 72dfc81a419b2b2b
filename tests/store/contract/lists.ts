import type { EventType } from '@/lib/domain/event';
import { describe, expect, it } from 'vitest';
import type { SessionId } from '@/lib/domain/ids';
import type { Subject } from '../contract';
import { opened } from '../opened';
import { commitOf, logEvent, newRequestId, newSessionId, rawOf, requestOf, summaryOf } from '../samples';

const everything = { live: null, search: null, before: null, limit: 100 };

export function listTests(subject: Subject): void {
  describe('lists', () => {
    it('pages events and raw messages in order of their number (I12, I15)', async () => {
      const { store } = subject.opened();
      const sessionId = newSessionId();
      const numbers = [3, 1, 10, 2, 9, 4, 8, 5, 7, 6];
      for (const seq of numbers) {
        await store.commit([commitOf(sessionId, { events: [logEvent(sessionId, seq)], raw: [rawOf(sessionId, seq)] })]);
      }
      const first = await store.events(sessionId, { afterSeq: 0, limit: 4 });
      expect(first.map((event) => event.seq)).toEqual([1, 2, 3, 4]);
      expect((await store.events(sessionId, { afterSeq: 4, limit: 100 })).map((event) => event.seq)).toEqual([
        5, 6, 7, 8, 9, 10,
      ]);
      expect((await store.raw(sessionId, { afterSeq: 8, limit: 100 })).map((message) => message.seq)).toEqual([9, 10]);
      const before = async (beforeSeq: number, limit: number, types: readonly EventType[] | null = null) =>
        (await store.eventsBefore(sessionId, { beforeSeq, limit, types })).map((event) => event.seq);
      expect(await before(Number.MAX_SAFE_INTEGER, 3)).toEqual([8, 9, 10]);
      expect(await before(4, 100)).toEqual([1, 2, 3]);
      expect(await before(1, 5)).toEqual([]);
      expect(await before(5, 0)).toEqual([]);
      const all = await store.events(sessionId, { afterSeq: 0, limit: 100 });
      const type = all[4]?.type;
      if (type === undefined) throw new Error('There is a fifth event.');
      const ofType = all.filter((event) => event.type === type).map((event) => event.seq);
      expect(await before(Number.MAX_SAFE_INTEGER, 100, [type])).toEqual(ofType);
      expect(await before(Number.MAX_SAFE_INTEGER, 1, [type])).toEqual(ofType.slice(-1));
      const fifth = all[4];
      expect(await store.seqAt(sessionId, (all[0]?.at ?? 0) - 1)).toBe(0);
      const upTo = all.filter((event) => event.at <= (fifth?.at ?? 0));
      expect(await store.seqAt(sessionId, (fifth?.at ?? 0) + 0.5)).toBe(upTo.at(-1)?.seq);
      expect(await store.seqAt(sessionId, Number.MAX_SAFE_INTEGER)).toBe(10);
      expect(await store.eventsAt(sessionId, [9, 2, 11, 0, -1, 2])).toEqual([all[1], all[8]]);
      const many = Array.from({ length: 2_000 }, (_, index) => index - 900);
      expect(await store.eventsAt(sessionId, many)).toEqual(all);
      expect(await store.eventsAt(sessionId, [])).toEqual([]);
      expect(await store.eventsAt(newSessionId(), [1])).toEqual([]);
      expect(await store.events(sessionId, { afterSeq: 10, limit: 100 })).toEqual([]);
      expect(await store.events(sessionId, { afterSeq: 0, limit: 0 })).toEqual([]);
      expect(await store.events(sessionId, { afterSeq: 0, limit: -1 })).toEqual([]);
    });

    it('pages sessions latest first without a gap or a repeat, also of the same instant', async () => {
      const { store } = await opened(await subject.freshUrl());
      const starts = [10, 20, 20, 20, 30, 40, 40];
      const ids = starts.map(() => newSessionId());
      await store.commit(ids.map((id, at) => commitOf(id, { summary: summaryOf(id, { startedAt: starts[at] ?? 0 }) })));
      const seen: { readonly id: SessionId; readonly startedAt: number }[] = [];
      for (let turn = 0; turn < 10; turn += 1) {
        const last = seen.at(-1);
        const before = last === undefined ? null : { startedAt: last.startedAt, sessionId: last.id };
        const next = await store.sessions({ ...everything, before, limit: 2 });
        seen.push(...next.map(({ session }) => ({ id: session.sessionId, startedAt: session.startedAt })));
        if (next.length < 2) break;
      }
      expect(seen.map((one) => one.startedAt)).toEqual([40, 40, 30, 20, 20, 20, 10]);
      expect(new Set(seen.map((one) => one.id))).toEqual(new Set(ids));
      await store.close();
    });

    it('tells live sessions from past ones', async () => {
      const { store } = await opened(await subject.freshUrl());
      const [live, past] = [newSessionId(), newSessionId()];
      await store.commit([
        commitOf(live, { summary: summaryOf(live) }),
        commitOf(past, { summary: summaryOf(past, { state: 'ended' }) }),
      ]);
      const found = async (wanted: boolean | null): Promise<readonly string[]> =>
        (await store.sessions({ ...everything, live: wanted })).map((one) => one.session.sessionId);
      expect(await found(true)).toEqual([live]);
      expect(await found(false)).toEqual([past]);
      expect(await found(null)).toHaveLength(2);
      await store.commit([commitOf(live, { summary: summaryOf(live, { state: 'ended' }) })]);
      expect(await found(true)).toEqual([]);
      await store.close();
    });

    it('searches agents, servers, clients and ids whatever the case, taking % and _ as themselves', async () => {
      const { store } = await opened(await subject.freshUrl());
      const make = async (choice: Parameters<typeof summaryOf>[1]): Promise<string> => {
        const id = newSessionId();
        await store.commit([commitOf(id, { summary: summaryOf(id, choice) })]);
        return id;
      };
      const percent = await make({ name: 'Growth 50% plan' });
      const under = await make({ name: 'night_shift' });
      const plain = await make({ name: 'nightXshift', servers: ['Élan', 'files'], client: 'claude-code' });
      const slash = await make({ name: 'back\\slash' });
      const search = async (text: string): Promise<readonly string[]> =>
        (await store.sessions({ ...everything, search: text })).map((one) => one.session.sessionId).sort();
      expect(await search('50%')).toEqual([percent]);
      expect(await search('%')).toEqual([percent]);
      expect(await search('t_s')).toEqual([under]);
      expect(await search('NIGHT')).toEqual([under, plain].sort());
      expect(await search('ÉLAN')).toEqual([plain]);
      expect(await search('Claude-Code')).toEqual([plain]);
      expect(await search('\\')).toEqual([slash]);
      expect(await search(slash.toLowerCase())).toEqual([slash]);
      expect(await search("' or 1=1 --")).toEqual([]);
      expect(await search('\u0000')).toEqual([]);
      expect(await search('   ')).toHaveLength(4);
      expect(await store.sessions({ ...everything, search: 'night', live: false })).toEqual([]);
      await store.close();
    });

    it('pages requests of the wanted states, latest first (I5)', async () => {
      const { store } = await opened(await subject.freshUrl());
      const sessionId = newSessionId();
      const states = ['open', 'answered', 'open', 'expired', 'open', 'delivered', 'open'] as const;
      const requests = states.map((state, at) =>
        requestOf(sessionId, newRequestId(), { state, openedAt: at < 2 ? 1 : at }),
      );
      await store.commit([commitOf(sessionId, { requests })]);
      const open = await store.requests({ states: ['open'], before: null, limit: 3 });
      expect(open.map((one) => one.openedAt)).toEqual([6, 4, 2]);
      const last = open[2];
      if (last === undefined) throw new Error('there is no third request');
      const rest = await store.requests({ states: ['open'], before: last, limit: 3 });
      expect(rest).toEqual([requests[0]]);
      const mixed = await store.requests({ states: ['open', 'answered', 'delivered', 'open'], before: null, limit: 4 });
      expect(mixed.map((one) => one.openedAt)).toEqual([6, 5, 4, 2]);
      const lowest = mixed[3];
      if (lowest === undefined) throw new Error('there is no fourth request');
      const sameInstant = await store.requests({ states: ['answered', 'open'], before: lowest, limit: 1 });
      const first = sameInstant[0];
      if (first === undefined) throw new Error('there is no request left');
      const other = await store.requests({ states: ['answered', 'open'], before: first, limit: 5 });
      expect(new Set([first, ...other].map((one) => one.requestId))).toEqual(
        new Set(requests.slice(0, 2).map((one) => one.requestId)),
      );
      expect(other).toHaveLength(1);
      expect(await store.requests({ states: [], before: null, limit: 10 })).toEqual([]);
      await store.close();
    });
  });
}
