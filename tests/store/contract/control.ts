import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { countItems, type EndItem, type EndOperation } from '@/lib/domain/end-operation';
import { mintId, type PersonId } from '@/lib/domain/ids';
import type { PauseRecord } from '@/lib/domain/pause';
import type { Subject } from '../contract';
import { opened } from '../opened';

const mika = { id: 'per_mika' as PersonId, name: 'Mika Laine' };
const random = (count: number): Uint8Array => randomBytes(count);

function pauseOf(more: Partial<PauseRecord> = {}): PauseRecord {
  const pauseId = mintId('pause', random);
  const target = { kind: 'server', server: 'kitchen' } as const;
  return {
    pauseId,
    target,
    reason: 'late \u0000 “night”',
    by: mika,
    at: 1_764_000_000_000,
    untilAt: null,
    lifted: null,
    ...more,
  };
}

function orderOf(items: readonly EndItem[], more: Partial<EndOperation> = {}): EndOperation {
  return {
    endingId: mintId('ending', random),
    by: mika,
    at: 1_764_000_000_000,
    reason: 'stuck',
    about: '2 selected',
    whenChanged: 'leave',
    state: 'running',
    stopped: null,
    endedAt: null,
    restarts: 0,
    counts: countItems(items),
    ...more,
  };
}

function itemOf(more: Partial<EndItem> = {}): EndItem {
  const sessionId = mintId('session', random);
  return { sessionId, agent: 'night-shift', print: 'p', changed: null, state: 'waiting', ...more } as EndItem;
}

export function controlTests(subject: Subject): void {
  describe('pauses and orders to end many', () => {
    it('keeps pauses until they are lifted, with the number of the last change', async () => {
      const { store } = await opened(await subject.freshUrl());
      expect(await store.pauses()).toEqual({ seq: 0, pauses: [] });
      const first = pauseOf();
      const second = pauseOf({ at: first.at + 1, untilAt: first.at + 60_000, target: { kind: 'everything' } });
      await store.savePauses(1, [first], []);
      await store.savePauses(2, [second], []);
      const plain = ({ lifted: _lifted, ...pause }: PauseRecord) => pause;
      expect(await store.pauses()).toEqual({ seq: 2, pauses: [plain(first), plain(second)] });
      const replacement = pauseOf({ at: first.at + 2 });
      await store.savePauses(3, [{ ...first, lifted: { at: first.at + 2, by: mika } }, replacement], []);
      expect(await store.pauses()).toEqual({ seq: 3, pauses: [plain(second), plain(replacement)] });
      await store.savePauses(
        4,
        [second, replacement].map((one) => ({ ...one, lifted: { at: 1, by: null } })),
        [],
      );
      expect(await store.pauses()).toEqual({ seq: 4, pauses: [] });
      await store.close();
    });

    it('I10 keeps an order with each of its sessions, in the order they were named', async () => {
      const { store } = subject.opened();
      const items = Array.from({ length: 900 }, () => itemOf());
      const order = orderOf(items);
      await store.saveEnding(order, new Map(items.entries()), []);
      expect(await store.ending(order.endingId)).toEqual(order);
      expect(await store.endItems(order.endingId)).toEqual(items);
      expect(await store.endings({ open: 'open', before: null, limit: 10 })).toContainEqual(order);
      const last = itemOf({ ...items[899], state: 'ended', at: 5, unknown: 2 } as EndItem);
      const counts = countItems([...items.slice(0, 899), last]);
      expect(counts).toMatchObject({ total: 900, waiting: 899, ended: 1, unknown: 2 });
      await store.saveEnding({ ...order, counts }, new Map([[899, last]]), []);
      expect((await store.endItems(order.endingId)).at(-1)).toEqual(last);
      await store.saveEnding({ ...order, counts, state: 'done', endedAt: 9 }, new Map(), []);
      expect(await store.endings({ open: 'open', before: null, limit: 10 })).not.toContainEqual(
        expect.objectContaining({ endingId: order.endingId }),
      );
      expect((await store.endings({ open: 'all', before: null, limit: 10 })).map(({ endingId }) => endingId)).toContain(
        order.endingId,
      );
    });

    it('lists orders after one of them, the latest first, of the same instant by their id', async () => {
      const { store } = subject.opened();
      const at = 9_000_000_000_000;
      const orders = [at, at, at, at + 1].map((when) => ({ ...orderOf([itemOf()]), at: when }));
      for (const order of orders) await store.saveEnding(order, new Map(), []);
      const ids = [...orders]
        .sort((a, b) => b.at - a.at || (a.endingId > b.endingId ? -1 : 1))
        .map(({ endingId }) => endingId);
      const read: EndOperation[] = [];
      for (;;) {
        const last = read.at(-1);
        const before = last === undefined ? null : { at: last.at, endingId: last.endingId };
        const [next] = await store.endings({ open: 'all', before, limit: 1 });
        if (next === undefined || next.at < at) break;
        read.push(next);
      }
      expect(read.map(({ endingId }) => endingId)).toEqual(ids);
    });

    it('knows nothing of an order that never was', async () => {
      const { store } = subject.opened();
      const id = mintId('ending', random);
      expect(await store.ending(id)).toBeNull();
      expect(await store.endItems(id)).toEqual([]);
    });
  });
}
