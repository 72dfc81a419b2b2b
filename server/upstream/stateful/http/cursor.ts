import type { StreamPlace } from '@/server/engine/ports/upstream';

/** How far one stream was taken in. It never passes a message whose effect was not recorded. */
export class Cursor {
  readonly #stream: string | null;
  #eventId: string | null;
  #frozen = false;

  /** `stream`: the name its places are told under; null when they are nobody's business. */
  constructor(stream: string | null, eventId: string | null) {
    this.#stream = stream;
    this.#eventId = eventId;
  }

  get eventId(): string | null {
    return this.#eventId;
  }

  get place(): StreamPlace | null {
    return this.#placeAt(this.#eventId);
  }

  /** Where the stream stands once this event is taken in. */
  placeAfter(eventId: string | null): StreamPlace | null {
    return this.#placeAt(eventId === null || this.#frozen ? this.#eventId : eventId);
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

  #placeAt(eventId: string | null): StreamPlace | null {
    return eventId === null || this.#stream === null ? null : { stream: this.#stream, eventId };
  }
}
