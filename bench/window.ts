import { randomBytes } from 'node:crypto';
import { io, type Socket } from 'socket.io-client';
import { mintId } from '@/lib/domain/ids';
import type { Result } from '@/lib/domain/refusal';
import type { HoldRequest } from '@/lib/domain/request';
import type { Command } from '@/lib/protocol/commands';
import type { ReplyOf } from '@/lib/protocol/replies';
import { type Push, readPush } from '@/lib/protocol/pushes';
import { protocolVersion } from '@/lib/protocol/version';

const ackTimeoutMs = 30_000;

/** Where someone is signed in. */
export interface Seat {
  readonly origin: string;
  /** The cookie of a person who is signed in. */
  readonly cookie: string;
}

/** A browser's window: a real WebSocket of someone signed in. It may say 50 commands a second. */
export class OpenWindow {
  private constructor(private readonly socket: Socket) {}

  static async open({ origin, cookie }: Seat): Promise<OpenWindow> {
    const socket = io(origin, {
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      extraHeaders: { cookie },
    });
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('connect_error', reject);
    });
    const window = new OpenWindow(socket);
    await window.say({ type: 'hello', version: protocolVersion });
    return window;
  }

  async say<C extends Command>(command: C): Promise<ReplyOf[C['type']]> {
    const reply = (await this.socket.timeout(ackTimeoutMs).emitWithAck('command', command)) as Result<
      ReplyOf[C['type']]
    >;
    if (!reply.ok) throw new Error(`${command.type} was refused: ${reply.message}`);
    return reply.value;
  }

  /** Until the returned function is called. */
  onPush(hear: (push: Push) => void): () => void {
    const listener = (message: unknown): void => {
      const push = readPush(message);
      if (push !== null) hear(push);
    };
    this.socket.on('push', listener);
    return () => void this.socket.off('push', listener);
  }

  /** The question itself is the answer, so that the agent can tell whose it got. */
  async answer(request: HoldRequest): Promise<void> {
    await this.say({
      type: 'request.answer',
      requestId: request.requestId,
      operationId: mintId('operation', randomBytes),
      revision: request.revision,
      action: 'accept',
      reason: null,
      content: { word: request.title },
      tookMs: null,
      remember: null,
    });
  }

  close(): void {
    this.socket.disconnect();
  }
}
