import { createHash } from 'node:crypto';
import { limits } from '../limits';

/** Events taken in lately, whatever their stream: some servers replay one stream's events on another. */
export class Seen {
  #keys: Set<string> | null = null;

  add(eventId: string | null, data: string): void {
    if (eventId === null) return;
    this.#keys ??= new Set();
    this.#keys.add(keyOf(eventId, data));
    if (this.#keys.size <= limits.seenEvents) return;
    for (const oldest of this.#keys) {
      this.#keys.delete(oldest);
      break;
    }
  }

  has(eventId: string | null, data: string): boolean {
    return eventId !== null && this.#keys?.has(keyOf(eventId, data)) === true;
  }
}

/** With the content, because some servers count each stream's events from one. */
function keyOf(eventId: string, data: string): string {
  return createHash('sha1').update(eventId).update('\0').update(data).digest('base64');
}
