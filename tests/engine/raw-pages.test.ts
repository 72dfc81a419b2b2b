import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SessionId } from '@/lib/domain/ids';
import { roughSize } from '@/lib/domain/masking/cut';
import type { RawMessage, RawPage } from '@/lib/domain/raw';
import { RawBuffer } from '@/server/engine/raw-buffer';
import { rawAfter, rawBefore } from '@/server/engine/raw-pages';

const id = 'ses_000000000000' as SessionId;
const limit = 300;
const sizeMost = 4_000_000;

function messageOf(seq: number, characters: number): RawMessage {
  return {
    sessionId: id,
    seq,
    at: 0,
    side: 'server',
    direction: 'in',
    server: 'kitchen',
    connectionId: null,
    stream: 'call',
    message: 'x'.repeat(characters),
  };
}

/** Counts the rows that were read at once. */
function storeOf(all: readonly RawMessage[]): Parameters<typeof rawAfter>[0] & { readonly rows: number[] } {
  const rows: number[] = [];
  const given = (messages: readonly RawMessage[]): Promise<readonly RawMessage[]> => {
    rows.push(messages.length);
    return Promise.resolve(messages);
  };
  return {
    rows,
    raw: (_id, page) => given(all.filter(({ seq }) => seq > page.afterSeq).slice(0, page.limit)),
    rawBefore: (_id, page) =>
      given(all.filter(({ seq }) => page.beforeSeq === null || seq < page.beforeSeq).slice(-page.limit)),
  };
}

const sizeOf = ({ messages }: RawPage): number => messages.reduce((sum, { message }) => sum + roughSize(message), 0);

const sizes = fc.array(fc.oneof(fc.constant(10), fc.constant(190_000), fc.constant(5_000_000)), { maxLength: 700 });

describe('pages of raw messages', () => {
  it('hold each message once, in order, in both directions, whatever their sizes, and none is large', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, async (given) => {
        const all = given.map((characters, index) => messageOf(index + 1, characters));
        const store = storeOf(all);
        const forth: RawMessage[] = [];
        const back: RawMessage[] = [];
        for (let more = true; more; ) {
          const page = await rawAfter(store, id, { afterSeq: forth.at(-1)?.seq ?? 0, limit });
          expect(page.messages.length === 1 || sizeOf(page) <= sizeMost).toBe(true);
          forth.push(...page.messages);
          more = page.more;
        }
        for (let more = true; more; ) {
          const page = await rawBefore(store, id, { beforeSeq: back[0]?.seq ?? null, limit });
          expect(page.messages.length === 1 || sizeOf(page) <= sizeMost).toBe(true);
          back.unshift(...page.messages);
          more = page.more;
        }
        expect(forth).toEqual(all);
        expect(back).toEqual(all);
        expect(Math.max(0, ...store.rows)).toBeLessThanOrEqual(100);
      }),
      { numRuns: 30 },
    );
  });
});

describe('raw messages that wait for the next commit', () => {
  it.each([
    { they: 'many', characters: 10, due: 200, most: 2_000 },
    { they: 'large', characters: 190_000, due: 11, most: 106 },
  ])('are written soon when they are $they, and are not kept without end', ({ characters, due, most }) => {
    const buffer = new RawBuffer();
    let dueAt = 0;
    let seq = 0;
    while (!buffer.isFull) {
      seq += 1;
      buffer.add(messageOf(seq, characters));
      if (buffer.isDue && dueAt === 0) dueAt = seq;
    }
    expect([dueAt, seq]).toEqual([due, most]);
    expect(buffer.take()).toHaveLength(most);
    expect([buffer.isFull, buffer.isDue, buffer.take()]).toEqual([false, false, []]);
  });
});
