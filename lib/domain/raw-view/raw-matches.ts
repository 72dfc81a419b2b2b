import type { RawMessage } from '../raw';
import type { Pairing } from './pairing';
import { isShown, type RawFilter } from './raw-filter';

/** Messages newest first, read by place. */
export interface RawItems {
  readonly length: number;
  at(index: number): RawMessage | undefined;
  /** Where a message stands; -1 when it is not among them. */
  placeOf(seq: number): number;
}

interface Known {
  readonly filter: RawFilter;
  /** Only ever added to: what was handed out keeps its own length. */
  readonly found: RawMessage[];
  count: number;
}

/** By the first message of a view: what comes after it is only added. */
const known = new WeakMap<RawMessage, Known>();

/**
 * What a filter lets through of messages that only grow at their end: of 20,000 only the new ones are looked at. What
 * has no partner yet may get one, so those alone are looked at anew.
 */
export function rawMatches(messages: readonly RawMessage[], filter: RawFilter, pairing: Pairing): RawItems {
  const first = messages[0];
  if (first === undefined) return newestFirst([]);
  if (filter.only === 'unpaired')
    return newestFirst(
      messages.filter(({ seq }) => pairing.unpaired.has(seq)).filter((raw) => isShown(raw, filter, pairing)),
    );
  const before = known.get(first);
  const at =
    before !== undefined && before.filter === filter && before.count <= messages.length ? before : begun(filter);
  for (; at.count < messages.length; at.count += 1) {
    const message = messages[at.count];
    if (message !== undefined && isShown(message, filter, pairing)) at.found.push(message);
  }
  known.set(first, at);
  return newestFirst(at.found);
}

function begun(filter: RawFilter): Known {
  return { filter, found: [], count: 0 };
}

function newestFirst(found: readonly RawMessage[]): RawItems {
  const { length } = found;
  const last = length - 1;
  return {
    length,
    at: (index) => (index < 0 || index > last ? undefined : found[last - index]),
    placeOf: (seq) => {
      let low = 0;
      let high = length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((found[middle]?.seq ?? 0) < seq) low = middle + 1;
        else high = middle;
      }
      return low < length && found[low]?.seq === seq ? last - low : -1;
    },
  };
}
