import { createParser } from 'eventsource-parser';
import type { Response } from 'undici';
import { limits } from '../limits';

export interface StreamEvent {
  /** In the form a Last-Event-ID header takes; null when there is none that we could send back. */
  readonly id: string | null;
  readonly isMessage: boolean;
  readonly data: string;
}

/** One event is larger than we hold. */
export class EventTooLarge extends Error {}

/** Reads a stream's events, those of one chunk at a time. Throws when the stream breaks, or `EventTooLarge`. */
export async function* readEvents(
  response: Response,
  onRetry: (retryMs: number) => void,
): AsyncGenerator<readonly StreamEvent[]> {
  if (response.body === null) return;
  let events: StreamEvent[] = [];
  let tooLarge = false;
  const parser = createParser({
    maxBufferSize: limits.messageSize,
    onRetry,
    onEvent: ({ id, event, data }) => {
      events.push({ id: headerForm(id), isMessage: event === undefined || event === 'message', data });
    },
    onError: (error) => {
      if (error.type === 'max-buffer-size-exceeded') tooLarge = true;
    },
  });
  const decoder = new TextDecoder();
  for await (const chunk of response.body) {
    parser.feed(decoder.decode(chunk as Uint8Array, { stream: true }));
    if (events.length > 0) {
      const batch = events;
      events = [];
      yield batch;
    }
    if (tooLarge) throw new EventTooLarge();
  }
}

/** Headers are bytes: the id's UTF-8, one character each. An id with control characters cannot be sent. */
function headerForm(id: string | undefined): string | null {
  if (id === undefined || id === '' || id.length > limits.eventId || /\p{Cc}/u.test(id)) return null;
  return Buffer.from(id, 'utf8').toString('latin1');
}
