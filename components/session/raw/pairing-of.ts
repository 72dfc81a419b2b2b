import type { RawMessage } from '@/lib/domain/raw';
import { Pairer, type Pairing } from '@/lib/domain/raw-view/pairing';

interface Known {
  readonly pairer: Pairer;
  count: number;
}

/** By the first message of a view: what comes after it is only added. */
const known = new WeakMap<RawMessage, Known>();

const none: Pairing = new Pairer();

/** The pairing of messages that only grow at their end; older ones before them begin it anew. */
export function pairingOf(messages: readonly RawMessage[]): Pairing {
  const first = messages[0];
  if (first === undefined) return none;
  const at = known.get(first) ?? { pairer: new Pairer(), count: 0 };
  if (at.count < messages.length) at.pairer.add(messages.slice(at.count));
  at.count = Math.max(at.count, messages.length);
  known.set(first, at);
  return at.pairer;
}
