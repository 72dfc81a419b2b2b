import type { ServerResponse } from 'node:http';
import type { SessionId } from '@/lib/domain/ids';
import { EventStream, type StreamOwner } from './event-stream';
import type { KeepAlive } from './keep-alive';
import { standaloneEventId, type StandalonePlace } from './stream-place';

/** What is kept of a stream's last messages for an agent that comes back. */
export interface RingBounds {
  readonly messages: number;
  readonly bytes: number;
}

export const defaultRingBounds: RingBounds = { messages: 256, bytes: 512 * 1024 };

/** Beyond it an agent is taken not to read at all. */
const unreadBytesMost = 1024 * 1024;

interface Kept {
  readonly seq: number;
  readonly text: string;
}

export interface StandalonePorts {
  readonly sessionId: SessionId;
  readonly keepAlive: KeepAlive;
  /** Names this process: places of another one mean nothing here. */
  readonly epoch: string;
  readonly bearsPriming: boolean;
  readonly bounds?: RingBounds;
}

/** Where an agent wants to go on: `unknown` was never given out, `elsewhere` comes from another life of ours. */
export type Comeback = 'ok' | 'elsewhere' | 'unknown';

/**
 * The stream of a session that belongs to no request. Its last messages are kept in memory, bounded; what is on it
 * (lists that changed, logs) can be asked for again, so nothing of it is stored.
 */
export class StandaloneStream implements StreamOwner {
  private readonly kept: Kept[] = [];
  private bytes = 0;
  private lastSeq = 0;
  private stream: EventStream | null = null;

  constructor(private readonly ports: StandalonePorts) {}

  /** A newer stream replaces the older. */
  open(res: ServerResponse, from: StandalonePlace | null): EventStream {
    this.end();
    const stream = new EventStream(res, this.ports, this);
    this.stream = stream;
    const known = from !== null && this.comeback(from) === 'ok' ? from.seq : this.lastSeq;
    // Also when it is taken up again: clients forget their place when a stream breaks before its first event.
    if (this.ports.bearsPriming) stream.prime(this.idOf(known));
    else stream.flush();
    for (const { seq, text } of this.kept) if (seq > known) stream.message(this.idOf(seq), text);
    return stream;
  }

  streamClosed(stream: EventStream): void {
    if (this.stream === stream) this.stream = null;
  }

  comeback({ epoch, seq }: StandalonePlace): Comeback {
    if (epoch !== this.ports.epoch) return 'elsewhere';
    return seq <= this.lastSeq ? 'ok' : 'unknown';
  }

  /** `text` is one line of JSON. */
  send(text: string): void {
    this.lastSeq += 1;
    this.kept.push({ seq: this.lastSeq, text });
    this.bytes += text.length;
    this.forget();
    if (this.stream === null) return;
    // It misses nothing: what it does not read now it gets when it comes back, as far as it is kept.
    if (this.stream.unreadBytes > unreadBytesMost) return this.cut();
    this.stream.message(this.idOf(this.lastSeq), text);
  }

  end(): void {
    this.stream?.end();
    this.stream = null;
  }

  interrupt(retryMs: number): void {
    this.stream?.interrupt(retryMs);
    this.stream = null;
  }

  private cut(): void {
    this.stream?.cut();
    this.stream = null;
  }

  /** The oldest first; the newest stays whatever its size. */
  private forget(): void {
    const { messages, bytes } = this.ports.bounds ?? defaultRingBounds;
    while (this.kept.length > 1 && (this.kept.length > messages || this.bytes > bytes)) {
      this.bytes -= this.kept.shift()?.text.length ?? 0;
    }
  }

  private idOf(seq: number): string {
    return standaloneEventId({ epoch: this.ports.epoch, seq });
  }
}
