import type { SessionId } from '@/lib/domain/ids';
import { roughSize } from '@/lib/domain/masking/cut';
import type { RawMessage, RawPage } from '@/lib/domain/raw';
import type { Store } from './ports/store';

/** Read from the store at once. */
const rowsMost = 100;
/** Characters of JSON of a page, so that large messages reach a browser bit by bit; one alone may be larger. */
const sizeMost = 4_000_000;

type RawStore = Pick<Store, 'raw' | 'rawBefore'>;

export async function rawAfter(
  store: RawStore,
  id: SessionId,
  { afterSeq, limit }: { readonly afterSeq: number; readonly limit: number },
): Promise<RawPage> {
  return gather(limit, (last, rows) => store.raw(id, { afterSeq: last?.seq ?? afterSeq, limit: rows }));
}

/** The last ones before `beforeSeq`, or the very last for null. */
export async function rawBefore(
  store: RawStore,
  id: SessionId,
  { beforeSeq, limit }: { readonly beforeSeq: number | null; readonly limit: number },
): Promise<RawPage> {
  const { messages, more } = await gather(limit, async (last, rows) =>
    [...(await store.rawBefore(id, { beforeSeq: last?.seq ?? beforeSeq, limit: rows }))].reverse(),
  );
  return { messages: [...messages].reverse(), more };
}

/** What comes one after another in the direction that is read, until it is enough. */
async function gather(
  limit: number,
  read: (last: RawMessage | undefined, rows: number) => Promise<readonly RawMessage[]>,
): Promise<RawPage> {
  const messages: RawMessage[] = [];
  let size = 0;
  while (messages.length < limit) {
    const rows = Math.min(rowsMost, limit - messages.length);
    const next = await read(messages.at(-1), rows);
    for (const message of next) {
      size += roughSize(message.message);
      if (messages.length > 0 && size > sizeMost) return { messages, more: true };
      messages.push(message);
    }
    if (next.length < rows) return { messages, more: false };
  }
  return { messages, more: true };
}
