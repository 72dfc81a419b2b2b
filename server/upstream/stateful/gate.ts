import type { Json } from '@/lib/domain/json';
import type { Log } from '@/server/engine/ports/log';
import type { UpstreamInbox } from '@/server/engine/ports/upstream';
import { wordsOf } from './words-of';

type Traffic = Parameters<UpstreamInbox['traffic']>[0];
type Loss = Parameters<UpstreamInbox['lost']>[0];

/** The only way to the inbox: nothing passes once the connection is lost or closed, and `lost` passes once. */
export class Gate {
  readonly #inbox: UpstreamInbox;
  readonly #log: Log;
  #shut = false;

  constructor(inbox: UpstreamInbox, log: Log) {
    this.#inbox = inbox;
    this.#log = log;
  }

  get isShut(): boolean {
    return this.#shut;
  }

  /** False when the inbox did not take it: then the stream's place must stay before this message. */
  async hand(what: string, run: (inbox: UpstreamInbox) => Promise<void>): Promise<boolean> {
    if (this.#shut) return true;
    try {
      await run(this.#inbox);
      return true;
    } catch (error) {
      this.#log.error({ what, error: wordsOf(error) }, 'A message of the server could not be recorded');
      return false;
    }
  }

  traffic(direction: Traffic['direction'], stream: string, message: Json): void {
    if (this.#shut) return;
    try {
      this.#inbox.traffic({ direction, stream, message });
    } catch (error) {
      this.#log.error({ error: wordsOf(error) }, 'Traffic could not be kept');
    }
  }

  async lost(why: Loss): Promise<void> {
    if (this.#shut) return;
    this.#shut = true;
    try {
      await this.#inbox.lost(why);
    } catch (error) {
      this.#log.error({ error: wordsOf(error) }, 'The loss of a connection could not be recorded');
    }
  }

  shut(): void {
    this.#shut = true;
  }
}
