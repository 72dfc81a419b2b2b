import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Socket, Server } from 'socket.io';
import type { Person } from '@/lib/domain/permission';
import { noPauses } from '@/lib/domain/pause';
import { noCounts } from '@/lib/domain/queue-query';
import type { QueueItem } from '@/lib/domain/request-detail';
import { done, type Result } from '@/lib/domain/refusal';
import type { QueueWatchReply } from '@/lib/protocol/command/queue-watch';
import { type Command, type CommandOf, type CommandType, commandSchema } from '@/lib/protocol/commands';
import type { ReplyOf } from '@/lib/protocol/replies';
import type { Push } from '@/lib/protocol/pushes';
import { protocolVersion } from '@/lib/protocol/version';
import { ana } from './samples';

/** `silence`: no acknowledgement, and the line is cut in between. */
type Handler<T extends CommandType> = (command: CommandOf<T>) => Result<ReplyOf[T]> | 'silence';
type Handlers = { [T in CommandType]?: Handler<T> };

/** The first and only page of the queue. */
export function firstPage(items: readonly QueueItem[]): QueueWatchReply {
  return { items, more: false, counts: { ...noCounts, open: items.length }, presence: [] };
}

/** A real socket.io server that speaks our protocol and answers as a test says. */
export class DeskServer {
  readonly heard: Command[] = [];
  person: Person | null = ana;
  serverTime = (): number => Date.now();
  private readonly http = createServer();
  private readonly io = new Server(this.http, { transports: ['websocket'] });
  private readonly handlers: Handlers = {};
  private readonly waiting = new Set<() => void>();

  constructor() {
    this.on('hello', () =>
      done({
        version: protocolVersion,
        person: this.person ?? ana,
        now: this.serverTime(),
        storageOk: true,
        auditBroken: null,
        pauses: noPauses,
      }),
    );
    this.on('queue.watch', () => done(firstPage([])));
    this.on('queue.counts', () => done(noCounts));
    this.on('request.look', () => done(null));
    this.on('session.unwatch', () => done(null));
    this.io.use((_socket, next) => next(this.person === null ? new Error('not_signed_in') : undefined));
    this.io.on('connection', (socket) => {
      socket.on('command', (input: unknown, reply: (result: unknown) => void) =>
        this.hear(socket, commandSchema.parse(input), reply),
      );
    });
  }

  on<T extends CommandType>(type: T, handler: Handler<T>): void {
    Object.assign(this.handlers, { [type]: handler });
  }

  async listen(): Promise<string> {
    this.http.listen(0, '127.0.0.1');
    await once(this.http, 'listening');
    return `http://127.0.0.1:${(this.http.address() as AddressInfo).port}`;
  }

  push(...messages: readonly Push[]): void {
    for (const message of messages) this.io.emit('push', message);
  }

  /** Cuts every line as a broken network does: no word of farewell. */
  cut(): void {
    for (const socket of this.io.sockets.sockets.values()) socket.conn.close();
  }

  of<T extends CommandType>(type: T): readonly CommandOf<T>[] {
    return this.heard.filter((command): command is CommandOf<T> => command.type === type);
  }

  /** Waits until so many commands of a type were heard. */
  async hears(type: CommandType, count = 1): Promise<void> {
    while (this.of(type).length < count) await new Promise<void>((resolve) => this.waiting.add(resolve));
  }

  async close(): Promise<void> {
    await this.io.close();
  }

  private hear(socket: Socket, command: Command, reply: (result: unknown) => void): void {
    this.heard.push(command);
    const handler = this.handlers[command.type] as ((command: Command) => Result<unknown> | 'silence') | undefined;
    const result =
      handler === undefined
        ? { ok: false, code: 'bad_input', message: `The test does not answer ${command.type}.` }
        : handler(command);
    if (result === 'silence') socket.conn.close();
    else reply(result);
    const waiting = [...this.waiting];
    this.waiting.clear();
    for (const wake of waiting) wake();
  }
}
