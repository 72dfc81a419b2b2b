import type { TransportKind } from '@/lib/domain/event';
import type { JsonObject } from '@/lib/domain/json';
import type { CloseOrder, CloseReport, SendOutcome, ServerProcess, StreamPlace } from '@/server/engine/ports/upstream';

/** What carries the messages of one connection: Streamable HTTP, or a child's pipes. */
export interface Leg {
  readonly kind: TransportKind;
  /** A credential (I14). */
  readonly mcpSessionId: string | null;
  readonly process: ServerProcess | null;
  /** Why it went down; null while it works. */
  readonly downWhy: string | null;
  start(): Promise<StartOutcome>;
  /** Sends a request whose answer will come as a message. No timer runs on it. */
  sendRequest(message: JsonObject, stream: RequestStream): Promise<SendOutcome>;
  /** Sends a notification, or an answer to the server. */
  sendOnly(message: JsonObject): Promise<SendOutcome>;
  /** The handshake agreed on this version: every request from now on names it. */
  agreed(protocolVersion: string): void;
  /** The handshake is through: from now on the server may speak by itself. */
  attach(): Promise<void>;
  /** Takes the streams of an earlier life up again, if this leg was made to. */
  resume(): void;
  /** A ping was not answered: the path to the server may be dead although nothing broke. */
  doubt(why: string): void;
  /** The request's outcome was taken: its stream need not be resumed. */
  settled(rpcId: string): void;
  /** Nobody waits for this request's outcome any more. */
  abandon(rpcId: string): void;
  close(how: CloseOrder): Promise<CloseReport>;
}

export type StartOutcome = { readonly ok: true } | { readonly ok: false; readonly message: string };

export interface RequestStream {
  readonly rpcId: string;
  /** `control`: everything that is not a tool call. */
  readonly kind: 'call' | 'control';
}

/** Where a message came in, and the places of its stream before and after it. */
export interface Origin {
  /** The name in the raw view: a call's rpc id, `standalone`, `control` or `stdio`. */
  readonly stream: string;
  readonly callRpcId: string | null;
  readonly place: StreamPlace | null;
  readonly before: StreamPlace | null;
  /** It came so soon after a stream was taken up again that it may be a replay. */
  readonly isReplay: boolean;
}

export type Down = { readonly code: 'gone' | 'exited' | 'unreachable'; readonly message: string };

/** What a leg tells the connection. */
export interface LegListener {
  /** Settles when the message's effect is recorded; false when it was not, then its place must not be passed. */
  message(text: string, origin: Origin): Promise<boolean>;
  sent(message: JsonObject, stream: string): void;
  /** A stream's place moved by an event that is no message. */
  placeMoved(place: StreamPlace): Promise<void>;
  streamLost(rpcId: string, why: string): Promise<void>;
  /** At most once. */
  down(why: Down): void;
  reattaching(why: string): Promise<void>;
  reattached(): Promise<void>;
}
