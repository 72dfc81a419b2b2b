import type { EventStore } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import type { Clock } from '@/server/engine/ports/clock';
import type { RpcId } from './message';

export interface KeptEvent {
  readonly id: string;
  /** The message as one line of JSON. */
  readonly text: string;
  readonly message: JSONRPCMessage;
  /** The request it answers. */
  readonly answers: RpcId | null;
  /** Nothing follows on its stream. */
  readonly isLast: boolean;
}

interface Kept extends KeptEvent {
  readonly stream: string;
  readonly seq: number;
  readonly at: number;
}

interface Stream {
  ended: boolean;
  endedAt: number;
  readonly followers: Set<(event: KeptEvent) => void>;
}

export interface EventBounds {
  readonly events: number;
  /** Streams that ended and can still be asked for. */
  readonly streams: number;
  readonly bytes: number;
  readonly ageMs: number;
}

export const defaultEventBounds: EventBounds = {
  events: 2_000,
  streams: 2_000,
  bytes: 8 * 1024 * 1024,
  ageMs: 15 * 60_000,
};

/** What a response means for its stream: `drop` ends it without a word, as a cancelled request ends. */
export type ResponsePlace = 'more_follow' | 'last' | 'drop';

/** The transport's name for the stream that belongs to no request. */
const standaloneStream = '_GET_stream';

/**
 * One session's last messages, so that an agent whose stream dropped picks it up with `Last-Event-ID`.
 * In memory, bounded in number, bytes and age; the oldest go first, an unfinished stream is never forgotten.
 * An event's id says its stream and place, so a cursor is good even when the event itself is gone.
 */
export class BoundedEventStore implements EventStore {
  private readonly streams = new Map<string, Stream>();
  /** The names of streams that ended, the first first: looking at all of them with each event would take ever longer. */
  private readonly ended: string[] = [];
  private kept: Kept[] = [];
  private bytes = 0;
  private lastSeq = 0;

  constructor(
    private readonly clock: Clock,
    private readonly placeOf: (id: RpcId) => ResponsePlace,
    private readonly bounds: EventBounds = defaultEventBounds,
  ) {}

  storeEvent(streamId: string, message: JSONRPCMessage): Promise<string> {
    const stream = this.streamOf(streamId);
    this.lastSeq += 1;
    const seq = this.lastSeq;
    const id = `${streamId}.${seq}`;
    // The event that opens a stream is an empty object: a place, and nothing to send again.
    if ('jsonrpc' in message) this.keep(stream, message, { id, stream: streamId, seq });
    return Promise.resolve(id);
  }

  private keep(stream: Stream, message: JSONRPCMessage, where: Pick<Kept, 'id' | 'stream' | 'seq'>): void {
    const answers = 'method' in message || message.id === undefined ? null : message.id;
    const place = answers === null ? 'more_follow' : this.placeOf(answers);
    if (place !== 'more_follow') {
      if (!stream.ended) this.ended.push(where.stream);
      stream.ended = true;
      stream.endedAt = this.clock.now();
    }
    if (place === 'drop') return;
    const text = JSON.stringify(message);
    const event: Kept = { ...where, text, message, answers, isLast: place === 'last', at: this.clock.now() };
    this.kept.push(event);
    this.bytes += text.length;
    this.forgetOld();
    for (const follower of [...stream.followers]) follower(event);
  }

  /** Where a cursor points; null when it was never given out or its stream is forgotten. */
  find(eventId: string): {
    readonly stream: string;
    readonly standalone: boolean;
    readonly ended: boolean;
    readonly after: readonly KeptEvent[];
  } | null {
    const dot = eventId.lastIndexOf('.');
    const [streamId, seq] = [eventId.slice(0, dot), Number(eventId.slice(dot + 1))];
    const stream = this.streams.get(streamId);
    if (stream === undefined || !Number.isInteger(seq) || seq < 1 || seq > this.lastSeq) return null;
    const after = this.kept.filter((event) => event.stream === streamId && event.seq > seq);
    return { stream: streamId, standalone: streamId === standaloneStream, ended: stream.ended, after };
  }

  /** Hands on each event of the stream from now on; the returned function ends it. */
  follow(streamId: string, follower: (event: KeptEvent) => void): () => void {
    const { followers } = this.streamOf(streamId);
    followers.add(follower);
    return () => followers.delete(follower);
  }

  /** The transport's own way of resuming; ours does without it, see `ResumedStream`. */
  async replayEventsAfter(
    lastEventId: string,
    { send }: { send: (eventId: string, message: JSONRPCMessage) => Promise<void> },
  ): Promise<string> {
    const found = this.find(lastEventId);
    if (found === null) throw new Error('This event is not known');
    for (const event of found.after) await send(event.id, event.message);
    return found.stream;
  }

  forgetOld(): void {
    const oldestAt = this.clock.now() - this.bounds.ageMs;
    let gone = 0;
    for (const event of this.kept) {
      const over = this.kept.length - gone > this.bounds.events || this.bytes > this.bounds.bytes;
      const newest = gone === this.kept.length - 1;
      if (event.at >= oldestAt && (!over || newest)) break;
      this.bytes -= event.text.length;
      gone += 1;
    }
    if (gone > 0) this.kept = this.kept.slice(gone);
    this.forgetStreams(oldestAt);
  }

  private forgetStreams(oldestAt: number): void {
    for (let id = this.ended[0]; id !== undefined; id = this.ended[0]) {
      const endedAt = this.streams.get(id)?.endedAt ?? 0;
      if (endedAt >= oldestAt && this.ended.length <= this.bounds.streams) return;
      this.ended.shift();
      this.streams.delete(id);
    }
  }

  private streamOf(id: string): Stream {
    const known = this.streams.get(id);
    if (known !== undefined) return known;
    const stream: Stream = { ended: false, endedAt: 0, followers: new Set() };
    this.streams.set(id, stream);
    return stream;
  }
}
