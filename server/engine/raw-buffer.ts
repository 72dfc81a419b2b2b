import { roughSize } from '@/lib/domain/masking/cut';
import type { RawMessage } from '@/lib/domain/raw';

const messagesMost = 2_000;
/** Characters of JSON. A database that is away does not let the memory fill. */
const sizeMost = 20_000_000;
/** Not so many, nor so large, that one push of them holds a browser up. */
const messagesDue = 200;
const sizeDue = 2_000_000;

/** Raw messages of a session that wait for the next commit. */
export class RawBuffer {
  private messages: RawMessage[] = [];
  private size = 0;

  /** What comes now is not kept. */
  get isFull(): boolean {
    return this.messages.length >= messagesMost || this.size >= sizeMost;
  }

  /** They are to be written now. */
  get isDue(): boolean {
    return this.messages.length >= messagesDue || this.size >= sizeDue;
  }

  add(message: RawMessage): void {
    this.messages.push(message);
    this.size += roughSize(message.message);
  }

  take(): readonly RawMessage[] {
    const taken = this.messages;
    this.messages = [];
    this.size = 0;
    return taken;
  }
}
