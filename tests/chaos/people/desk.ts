import { io, type Socket } from 'socket.io-client';
import type { QueueItem } from '@/lib/domain/request-detail';
import type { Result } from '@/lib/domain/refusal';
import type { CommandOf, CommandType } from '@/lib/protocol/commands';
import type { ReplyOf } from '@/lib/protocol/replies';
import { readPush } from '@/lib/protocol/pushes';
import { protocolVersion } from '@/lib/protocol/version';
import { lookAt, pageAfter, watchOpen } from '@/tests/support/looks';
import type { QueuePageReply } from '@/lib/protocol/command/queue-watch';

const ackWithinMs = 3_000;

/** No reply came: nobody knows whether it was heard. */
export const unheard = Symbol('unheard');

/** A person's browser, as far as its socket goes: it comes back by itself and asks for the queue again. */
export class Desk {
  private readonly socket: Socket;
  private readonly waiting = new Set<() => void>();
  private greeted = false;
  private closed = false;

  constructor(
    url: string,
    cookie: string,
    private readonly onItem: (item: QueueItem) => void,
  ) {
    this.socket = io(url, {
      transports: ['websocket'],
      forceNew: true,
      extraHeaders: { cookie },
      reconnectionDelay: 60,
      reconnectionDelayMax: 250,
      timeout: 2_000,
    });
    this.socket.on('connect', () => void this.greet());
    this.socket.on('disconnect', () => {
      this.greeted = false;
      // A refusal by the server is not retried by the library.
      if (!this.closed && !this.socket.active) this.socket.connect();
    });
    this.socket.on('push', (value: unknown) => {
      const push = readPush(value);
      if (push?.type === 'request.changed') this.onItem(push.item);
    });
  }

  /** Resolves once the socket is through and the queue was read. */
  ready(): Promise<void> {
    return this.greeted ? Promise.resolve() : new Promise((resolve) => this.waiting.add(resolve));
  }

  /** Says it once; `unheard` when the socket broke or the reply did not come in time. */
  async say<T extends CommandType>(command: CommandOf<T>): Promise<Result<ReplyOf[T]> | typeof unheard> {
    await this.ready();
    return this.emit(command);
  }

  /** Asks until there is a reply: for questions that change nothing. */
  async ask<T extends CommandType>(command: CommandOf<T>): Promise<Result<ReplyOf[T]> | null> {
    while (!this.closed) {
      const reply = await this.say(command);
      if (reply !== unheard) return reply;
    }
    return null;
  }

  close(): void {
    this.closed = true;
    this.socket.disconnect();
    for (const go of this.waiting) go();
    this.waiting.clear();
  }

  private async greet(): Promise<void> {
    const hello = await this.emit({ type: 'hello', version: protocolVersion });
    const queue = hello === unheard || !hello.ok ? unheard : await this.readQueue();
    if (queue === unheard) {
      // Broken again, or Holdpoint is not ready to say: the next connection begins anew.
      if (this.socket.connected) this.socket.disconnect().connect();
      return;
    }
    for (const item of queue) this.onItem(item);
    this.greeted = true;
    for (const go of this.waiting) go();
    this.waiting.clear();
  }

  /** All that is open, and what was over last; asking for the look at it is also asking for what follows. */
  private async readQueue(): Promise<readonly QueueItem[] | typeof unheard> {
    const items: QueueItem[] = [];
    let page: Result<QueuePageReply> | typeof unheard = await this.emit(watchOpen);
    for (;;) {
      if (page === unheard || !page.ok) return unheard;
      items.push(...page.value.items);
      const last = page.value.items.at(-1);
      if (!page.value.more || last === undefined) break;
      page = await this.emit(pageAfter(last));
    }
    const recent = await this.emit({ type: 'queue.watch', look: lookAt('answered') });
    return recent === unheard || !recent.ok ? unheard : [...items, ...recent.value.items];
  }

  private emit<T extends CommandType>(command: CommandOf<T>): Promise<Result<ReplyOf[T]> | typeof unheard> {
    return new Promise((resolve) => {
      if (!this.socket.connected) return resolve(unheard);
      const broken = (): void => settle(unheard);
      const timer = setTimeout(broken, ackWithinMs);
      const settle = (reply: Result<ReplyOf[T]> | typeof unheard): void => {
        clearTimeout(timer);
        this.socket.off('disconnect', broken);
        resolve(reply);
      };
      this.socket.once('disconnect', broken);
      this.socket.emit('command', command, settle);
    });
  }
}
