import type { EventStore } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';

interface StoredEvent {
  readonly id: string;
  readonly streamId: string;
  readonly message: JSONRPCMessage;
}

/**
 * Keeps one session's events so that a client can pick up a broken stream with `Last-Event-ID`.
 * Lives and dies with the session; the oldest events are forgotten past `capacity`.
 */
export class MemoryEventStore implements EventStore {
  readonly #capacity: number;
  #events: StoredEvent[] = [];
  #lastNumber = 0;

  constructor(capacity = 5_000) {
    this.#capacity = capacity;
  }

  storeEvent(streamId: string, message: JSONRPCMessage): Promise<string> {
    this.#lastNumber += 1;
    const id = `event-${this.#lastNumber}`;
    this.#events.push({ id, streamId, message });
    if (this.#events.length > this.#capacity) this.#events = this.#events.slice(-this.#capacity);
    return Promise.resolve(id);
  }

  async replayEventsAfter(
    lastEventId: string,
    { send }: { send: (eventId: string, message: JSONRPCMessage) => Promise<void> },
  ): Promise<string> {
    const index = this.#events.findIndex((event) => event.id === lastEventId);
    const last = this.#events[index];
    if (last === undefined) throw new Error(`Event ${lastEventId} is not kept (any more)`);
    for (const event of this.#events.slice(index + 1)) {
      // Only the same stream is replayed, and never the empty event that opens a stream.
      if (event.streamId === last.streamId && 'jsonrpc' in event.message) {
        await send(event.id, event.message);
      }
    }
    return last.streamId;
  }
}
