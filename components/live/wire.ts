import type { Result } from '@/lib/domain/refusal';
import type { Command } from '@/lib/protocol/commands';
import type { ReplyOf } from '@/lib/protocol/replies';

/** No answer came: the line was away, or went away before it. Whether the command was heard is unknown. */
export interface Offline {
  readonly ok: false;
  readonly code: 'offline';
  readonly message: string;
}

export const offline: Offline = { ok: false, code: 'offline', message: 'Holdpoint cannot be reached right now.' };

export type Reply<T> = Result<T> | Offline;
export type ReplyTo<C extends Command> = Reply<ReplyOf[C['type']]>;
export type Send = <C extends Command>(command: C) => Promise<ReplyTo<C>>;

export interface WireListener {
  opened(): void;
  /** The line went away; the wire tries to come back by itself. */
  lost(): void;
  /** The other side does not want this page, and said why in a word. The wire does not try again by itself. */
  refused(code: string): void;
  pushed(message: unknown): void;
}

/** The line to the server, as the rest of this folder knows it; `socket.ts` is the real one. */
export interface Wire {
  open(listener: WireListener): void;
  /** Tries now: after `refused`, or instead of waiting for the next try. Nothing when the line is there. */
  again(): void;
  close(): void;
  readonly send: Send;
}
