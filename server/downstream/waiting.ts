import type { ServerResponse } from 'node:http';
import type { CallId } from '@/lib/domain/ids';
import type { Answerer } from './answerer';
import { CallStream, type Voicing } from './call-stream';
import type { Answer, CallWait, WaitEnd, WaitPlan } from './call-wait';
import { EventStream, type StreamOwner, type StreamPorts } from './event-stream';
import type { RpcId } from './message';
import { failedReply, stoppingReply } from './outcome';
import type { CallPlace } from './stream-place';

/** The requests among which it is: one for all of a session. */
export interface WaitingOwner {
  readonly streaming: StreamPorts;
  readonly voicing: Voicing;
  readonly answerer: Answerer;
  /** Its answer is known, and about to be said. */
  settled(waiting: Waiting): void;
  /** Its stream closed, and not everything on it was taken. */
  broken(waiting: Waiting): void;
  /** Its stream closed. */
  closed(waiting: Waiting): void;
  /** These bytes are the operating system's now. */
  delivered(callId: CallId): void;
  failed(callId: CallId | null, error: unknown): void;
}

/** Agents come back after this from a stream that we ended because we stop. */
const comeBackMs = 1_000;

/**
 * One request that waits for a call, on a stream of its own: all that is held of it while people think. No function of
 * its own waits with it, for there may be thousands.
 */
export class Waiting implements WaitEnd, StreamOwner {
  readonly rpcId: RpcId;
  readonly wait: CallWait;
  readonly stream: EventStream;
  private readonly voice: CallStream;

  constructor(
    res: ServerResponse,
    { rpcId, plan }: { readonly rpcId: RpcId; readonly plan: WaitPlan },
    private readonly owner: WaitingOwner,
  ) {
    const { kind, progressToken } = plan;
    this.rpcId = rpcId;
    this.stream = new EventStream(res, owner.streaming, this);
    this.voice = new CallStream({ kind, rpcId, progressToken }, this.stream, owner.voicing);
    this.wait = owner.answerer.wait(plan, this.voice);
  }

  begin(): void {
    this.wait.run(this);
  }

  /** From a place that was given out before. */
  goOn(place: CallPlace): void {
    this.voice.resume(place);
  }

  /** Its agent does not read what it gets, or is not to. */
  cut(): void {
    this.stream.cut();
  }

  /** We stop: who can come back is told to, who cannot gets what can be said now. */
  stop(): void {
    if (this.voice.hasPlace) return this.stream.interrupt(comeBackMs);
    // Nothing is recorded that it could come back to.
    if (this.wait.id === null) return void this.voice.respond(stoppingReply, null);
    this.wait.hurry();
  }

  answered(answer: Answer): void {
    this.owner.settled(this);
    try {
      this.respond(answer);
    } catch (error) {
      this.owner.failed(this.wait.id, error);
      this.cut();
    }
  }

  private respond({ reply, delivers }: Answer): void {
    // MCP wants no response to a cancelled request; its stream ends.
    if (reply === null || this.wait.cancelled) return this.stream.end();
    if (!this.voice.respond(reply, this.wait.id ?? delivers)) return;
    if (delivers !== null) this.stream.whenTaken(() => this.owner.delivered(delivers));
  }

  failed(error: unknown): void {
    this.owner.failed(this.wait.id, error);
    this.answered({ reply: failedReply, delivers: null });
  }

  streamClosed(stream: EventStream): void {
    this.owner.closed(this);
    if (!stream.wasTaken) this.owner.broken(this);
  }
}
