import type { ServerResponse } from 'node:http';
import type { Clock } from '@/server/engine/ports/clock';
import type { BoundedEventStore, KeptEvent } from './event-store';
import type { RpcId } from './message';

export const keepAliveMs = 15_000;

export interface Resumption {
  readonly stream: string;
  readonly after: readonly KeptEvent[];
  readonly ended: boolean;
}

/**
 * A stream taken up again after `Last-Event-ID`: what was missed, then what comes, closed after its last
 * message. The SDK's own replay leaves a finished stream open for ever, and can lose a message that comes
 * while it replays; here reading and following are one step.
 */
export class ResumedStream {
  private readonly answered: RpcId[] = [];
  private stopFollowing: (() => void) | null = null;
  private stopKeepAlive: (() => void) | null = null;

  constructor(
    private readonly res: ServerResponse,
    private readonly ports: {
      readonly clock: Clock;
      readonly events: BoundedEventStore;
      readonly onHandedOver: (ids: readonly RpcId[]) => void;
    },
  ) {}

  run(resumption: Resumption, sessionId: string): void {
    const { res, ports } = this;
    res.once('close', () => this.letGo());
    res.once('finish', () => ports.onHandedOver(this.answered));
    res.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
      'mcp-session-id': sessionId,
    });
    res.flushHeaders();
    for (const event of resumption.after) this.write(event);
    if (resumption.ended) return this.end();
    this.stopFollowing = ports.events.follow(resumption.stream, (event) => {
      this.write(event);
      if (event.isLast) this.end();
    });
    this.keepAlive();
  }

  end(): void {
    this.letGo();
    this.res.end();
  }

  /** For one that does not read: what waits for it is let go too. */
  cut(): void {
    this.letGo();
    this.res.destroy();
  }

  private write(event: KeptEvent): void {
    this.res.write(`event: message\nid: ${event.id}\ndata: ${event.text}\n\n`);
    if (event.answers !== null) this.answered.push(event.answers);
  }

  private keepAlive(): void {
    this.stopKeepAlive = this.ports.clock.after(keepAliveMs, () => {
      this.res.write(': keepalive\n\n');
      this.keepAlive();
    });
  }

  private letGo(): void {
    this.stopFollowing?.();
    this.stopKeepAlive?.();
    this.stopFollowing = null;
    this.stopKeepAlive = null;
  }
}
