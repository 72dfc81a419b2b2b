import type { io as Io, Socket } from 'socket.io-client';
import type { Result } from '@/lib/domain/refusal';
import type { Command } from '@/lib/protocol/commands';
import type { ReplyOf } from '@/lib/protocol/replies';
import { offline, type ReplyTo, type Wire, type WireListener } from './wire';

const ackTimeoutMs = 10_000;
const returnFirstMs = 300;
const returnMostMs = 3_000;

export interface SocketOptions {
  /** Null: where the page came from. */
  readonly url: string | null;
  readonly ackTimeoutMs: number;
}

export const samePlace: SocketOptions = { url: null, ackTimeoutMs };

/** The only file that knows socket.io, which is loaded beside the page rather than ahead of it. */
export function createSocketWire(options: SocketOptions = samePlace): Wire {
  // Comes while the page is still being drawn for the first time; a failure is told when it is wanted.
  if (typeof window !== 'undefined') void import('socket.io-client').catch(() => undefined);
  let socket: Socket | null = null;
  let wanted: symbol | null = null;

  async function send<C extends Command>(command: C): Promise<ReplyTo<C>> {
    // socket.io would keep a command for later: what is sent later is this folder's decision, not its.
    if (socket === null || !socket.connected) return offline;
    try {
      const reply: unknown = await socket.timeout(options.ackTimeoutMs).emitWithAck('command', command);
      return isResult<ReplyOf[C['type']]>(reply) ? reply : offline;
    } catch {
      // The time ran out, or the line was lost first.
      return offline;
    }
  }

  async function load(listener: WireListener, mine: symbol): Promise<void> {
    try {
      const { io } = await import('socket.io-client');
      if (wanted !== mine) return;
      socket = connect(io, options, listener);
      socket.connect();
    } catch {
      if (wanted !== mine) return;
      listener.lost();
      setTimeout(() => wanted === mine && void load(listener, mine), returnMostMs);
    }
  }

  return {
    open(listener) {
      wanted = Symbol('line');
      void load(listener, wanted);
    },
    again() {
      if (socket === null || socket.connected) return;
      // Forgets the wait for the next try.
      socket.disconnect();
      socket.connect();
    },
    close() {
      wanted = null;
      socket?.removeAllListeners();
      socket?.disconnect();
      socket = null;
    },
    send,
  };
}

function connect(io: typeof Io, { url }: SocketOptions, listener: WireListener): Socket {
  const settings = {
    transports: ['websocket'],
    autoConnect: false,
    forceNew: true,
    withCredentials: true,
    reconnectionDelay: returnFirstMs,
    reconnectionDelayMax: returnMostMs,
  };
  const socket = url === null ? io(settings) : io(url, settings);
  socket.on('connect', () => listener.opened());
  socket.on('push', (message: unknown) => listener.pushed(message));
  socket.on('disconnect', (reason) => {
    listener.lost();
    // After a word from the server socket.io stays away; a server that stops comes back.
    if (reason === 'io server disconnect') socket.connect();
  });
  socket.on('connect_error', (error) => {
    if (socket.active) listener.lost();
    else listener.refused(error.message);
  });
  return socket;
}

function isResult<T>(value: unknown): value is Result<T> {
  return typeof value === 'object' && value !== null && 'ok' in value && typeof value.ok === 'boolean';
}
