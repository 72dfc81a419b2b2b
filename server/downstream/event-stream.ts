import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { SessionId } from '@/lib/domain/ids';
import { safeHead } from './head';
import type { KeepAlive } from './keep-alive';

/** When so much waits for an agent that does not read, what can be left out is left out. */
const unreadBytesMost = 64 * 1024;

/** What the streams of one session have in common. */
export interface StreamPorts {
  readonly sessionId: SessionId;
  readonly keepAlive: KeepAlive;
}

/** Whose it is. */
export interface StreamOwner {
  streamClosed(stream: EventStream): void;
}

/** A response of server-sent events, opened by its first word. Writing to one that is over does nothing. */
export class EventStream {
  /** Whoever follows `res` says when that closed. */
  constructor(
    private readonly res: ServerResponse,
    private readonly ports: StreamPorts,
    private readonly owner: StreamOwner,
  ) {
    ports.keepAlive.add(this);
    forgetHeaders(res.req);
  }

  /** Its response closed, whole or not. */
  closed(): void {
    this.ports.keepAlive.remove(this);
    this.owner.streamClosed(this);
  }

  /** All of it was said, and the operating system took it. */
  get wasTaken(): boolean {
    return this.res.writableFinished;
  }

  /** Calls back when all of it was taken, if that comes about. */
  whenTaken(then: () => void): void {
    this.res.once('finish', then);
  }

  /** Written, and not yet taken by the operating system. */
  get unreadBytes(): number {
    return this.res.writableLength;
  }

  /** The agent does not read what it gets. */
  get isBehind(): boolean {
    return this.unreadBytes > unreadBytesMost;
  }

  /** The agent learns that it was heard, before there is anything to say. */
  flush(): void {
    if (!this.isOver) this.open();
  }

  /** A place to come back to, and no message. */
  prime(id: string): void {
    this.write(`id: ${id}\ndata: \n\n`);
  }

  /** `text` is one line of JSON. */
  message(id: string | null, text: string): void {
    this.write(`event: message\n${id === null ? '' : `id: ${id}\n`}data: ${text}\n\n`);
  }

  beat(): void {
    if (!this.isBehind) this.write(': keepalive\n\n');
  }

  end(): void {
    if (this.isOver) return;
    this.open();
    this.res.end();
  }

  /** Ends it without its last message: the agent is to come back for that after `retryMs`. */
  interrupt(retryMs: number): void {
    this.write(`retry: ${retryMs}\n\n`);
    this.end();
  }

  /** For one that is not read: what waits for it is let go too. */
  cut(): void {
    this.res.destroy();
  }

  get isOver(): boolean {
    return this.res.writableEnded || this.res.destroyed;
  }

  private write(text: string): void {
    if (this.isOver) return;
    const { res } = this;
    if (res.headersSent) return void res.write(text);
    const { socket } = res;
    // One packet, although the head is sent by itself.
    socket?.cork();
    this.open();
    res.write(text);
    socket?.uncork();
  }

  private open(): void {
    if (this.res.headersSent) return;
    this.res.writeHead(200, {
      ...safeHead,
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
      'mcp-session-id': this.ports.sessionId,
    });
    // By itself: Node keeps the head's text, and one that was joined to other text in dozens of pieces.
    this.res.flushHeaders();
  }
}

const noHeaders: IncomingHttpHeaders = Object.freeze({});

/** A response holds on to its request, for days when people think so long: what came with that, a key too, is let go. */
function forgetHeaders(req: IncomingMessage): void {
  req.headers = noHeaders;
  req.rawHeaders = [];
}
