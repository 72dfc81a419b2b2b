import type { ConnectionId, SessionId } from './ids';
import type { Json } from './json';

/** One JSON-RPC message of a session, masked, and cut when it is large. `seq` is per session, apart from the events'. */
export interface RawMessage {
  readonly sessionId: SessionId;
  readonly seq: number;
  readonly at: number;
  readonly side: 'agent' | 'server';
  /** From Holdpoint's point of view. */
  readonly direction: 'in' | 'out';
  readonly server: string | null;
  readonly connectionId: ConnectionId | null;
  readonly stream: string;
  readonly message: Json;
  /** Marks in it say what is missing. */
  readonly isCut?: true;
}

export interface RawPage {
  /** In order. */
  readonly messages: readonly RawMessage[];
  /** In the direction that was asked for. */
  readonly more: boolean;
}
