import type { StreamPlace } from '@/server/engine/ports/upstream';

/** How far one stream was taken in. It never passes a message whose effect was not recorded. */
export class Cursor {
  readonly #stream: string;
  #eventId: string | null;
  #frozen = false;

  constructor(stream: string, eventId: string | null) {
    this.#stream = stream;
    this.#eventId = eventId;
  }

  get eventId(): string | null {
    return this.#eventId;
  }

  get place(): StreamPlace | null {
    return this.#eventId === null ? null : { stream: this.#stream, eventId: this.#eventId };
  }

  /** Where the stream stands once this event is taken in. */
  placeAfter(eventId: string | null): StreamPlace | null {
    return eventId === null || this.#frozen ? this.place : { stream: this.#stream, eventId };
  }

  advance(eventId: string | null): void {
    if (eventId !== null && !this.#frozen) this.#eventId = eventId;
  }

  /** A message was not recorded: stay before it, so that resuming brings it again. */
  freeze(): void {
    this.#frozen = true;
  }

  /** The stream was resumed from here. */
  resume(): void {
    this.#frozen = false;
  }

  /** The server does not know this place, or what lies behind it cannot be read. */
  lose(): void {
    this.#eventId = null;
  }
}
