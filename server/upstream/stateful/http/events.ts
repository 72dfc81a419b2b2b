import { StringDecoder } from 'node:string_decoder';
import { createParser, type EventSourceParser } from 'eventsource-parser';
import { limits } from '../limits';

export interface StreamEvent {
  /** In the form a Last-Event-ID header takes; null when there is none that we could send back. */
  readonly id: string | null;
  readonly isMessage: boolean;
  readonly data: string;
}

const byteOrderMark = '\u{FEFF}';

/** Cuts a stream's bytes into events. Holds next to nothing between two events: most streams are quiet. */
export class EventReader {
  readonly #onRetry: (retryMs: number) => void;
  #parsing: { readonly parser: EventSourceParser; readonly decoder: StringDecoder } | null = null;
  #isFirst = true;
  #events: StreamEvent[] = [];
  #tooLarge = false;

  constructor(onRetry: (retryMs: number) => void) {
    this.#onRetry = onRetry;
  }

  /** Whether an event larger than we hold was met: what follows it cannot be read. */
  get isTooLarge(): boolean {
    return this.#tooLarge;
  }

  /** The events that are complete now. */
  push(chunk: Uint8Array): readonly StreamEvent[] {
    this.#parsing ??= { parser: this.#parser(), decoder: new StringDecoder('utf8') };
    const { parser, decoder } = this.#parsing;
    const text = decoder.write(chunk);
    parser.feed(this.#isFirst && text.startsWith(byteOrderMark) ? text.slice(1) : text);
    if (text !== '') this.#isFirst = false;
    // Behind a blank line nothing is half read.
    if (text.endsWith('\n\n') || text.endsWith('\r\n\r\n')) this.#parsing = null;
    const events = this.#events;
    if (events.length > 0) this.#events = [];
    return events;
  }

  #parser(): EventSourceParser {
    return createParser({
      maxBufferSize: limits.messageSize,
      onRetry: this.#onRetry,
      onEvent: ({ id, event, data }) => {
        this.#events.push({ id: headerForm(id), isMessage: event === undefined || event === 'message', data });
      },
      onError: (error) => {
        if (error.type === 'max-buffer-size-exceeded') this.#tooLarge = true;
      },
    });
  }
}

/** Headers are bytes: the id's UTF-8, one character each. An id with control characters cannot be sent. */
function headerForm(id: string | undefined): string | null {
  if (id === undefined || id === '' || id.length > limits.eventId || /\p{Cc}/u.test(id)) return null;
  return Buffer.from(id, 'utf8').toString('latin1');
}
