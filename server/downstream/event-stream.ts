import type { ServerResponse } from 'node:http';
import type { SessionId } from '@/lib/domain/ids';
import type { KeepAlive } from './keep-alive';

/** When so much waits for an agent that does not read, what can be left out is left out. */
const unreadBytesMost = 64 * 1024;

/** A response of server-sent events, opened by its first word. Writing to one that is over does nothing. */
export class EventStream {
  constructor(
    private readonly res: ServerResponse,
    private readonly ports: { readonly sessionId: SessionId; readonly keepAlive: KeepAlive },
  ) {
    ports.keepAlive.add(this);
    res.once('close', () => ports.keepAlive.remove(this));
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
    if (this.isOver) return;
    this.open();
    this.res.flushHeaders();
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
    this.open();
    this.res.write(text);
  }

  private open(): void {
    if (this.res.headersSent) return;
    this.res.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
      'mcp-session-id': this.ports.sessionId,
    });
  }
}
