import type { CallId, SessionId } from '@/lib/domain/ids';
import type { JsonObject } from '@/lib/domain/json';
import type { WaitVoice } from './call-wait';
import type { EventStream } from './event-stream';
import { type Reply, responseOf } from './outcome';
import { callEventId, type CallPlace } from './stream-place';

/** What the streams of one session have in common. */
export interface Voicing {
  readonly sessionId: SessionId;
  readonly bearsPriming: boolean;
  /** Sends it on, into the raw view too; false when nobody can hear it any more. */
  readonly say: (stream: EventStream, id: string | null, message: JsonObject) => boolean;
}

/**
 * The stream of one request that waits for a call. Every event carries the place to go on from, and nothing else is
 * kept of it: who comes back with a place is attached to the call anew.
 */
export class CallStream implements WaitVoice {
  private callId: CallId | null = null;
  private figure: number | null = null;
  private placeGiven = false;

  constructor(
    private readonly request: Pick<CallPlace, 'kind' | 'rpcId' | 'progressToken'>,
    private readonly stream: EventStream,
    private readonly voicing: Voicing,
  ) {}

  /** Whether the agent can come back to it. */
  get hasPlace(): boolean {
    return this.placeGiven;
  }

  /** Goes on from a place that was given out before; it is said again, for clients forget it with each stream. */
  resume({ callId, figure }: CallPlace): void {
    this.figure = figure;
    this.received(callId);
    this.placeGiven = true;
  }

  received(callId: CallId): void {
    if (this.callId !== null) return;
    this.callId = callId;
    const id = this.idHere();
    const { stream, voicing } = this;
    if (!voicing.bearsPriming || id === null) return stream.flush();
    stream.prime(id);
    this.placeGiven = true;
  }

  progress(params: JsonObject, figure: number | null): void {
    const { stream, voicing } = this;
    if (stream.isBehind) return;
    this.figure = figure;
    const id = this.idHere();
    voicing.say(stream, id, { jsonrpc: '2.0', method: 'notifications/progress', params });
    this.placeGiven ||= id !== null;
  }

  /** The last message. */
  respond(reply: Reply, callId: CallId | null): boolean {
    this.callId ??= callId;
    const { stream, voicing } = this;
    const isSaid = voicing.say(stream, this.idAt({ isEnd: true }), responseOf(this.request.rpcId, reply));
    stream.end();
    return isSaid;
  }

  private idHere(): string | null {
    return this.idAt({ isEnd: false });
  }

  private idAt({ isEnd }: { readonly isEnd: boolean }): string | null {
    const { callId } = this;
    if (callId === null) return null;
    // The same response said again has the same id.
    const figure = isEnd ? null : this.figure;
    return callEventId({ ...this.request, sessionId: this.voicing.sessionId, callId, figure, isEnd });
  }
}
