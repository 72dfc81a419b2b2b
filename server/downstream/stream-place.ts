import { type CallId, readId, type SessionId } from '@/lib/domain/ids';
import { isRpcId, type RpcId } from './message';

/** What a request that waits for a call is: the call itself, its making as a task, or the collecting of its outcome. */
export type WaitKind = 'call' | 'create_task' | 'await' | 'collect_task';

/**
 * A place in the stream of a request that waits for a call. It says all that is needed to go on from there, so that
 * nothing of a stream has to be kept: the call is durable, its stream is not.
 */
export interface CallPlace {
  /** The session whose stream it is; JSON-RPC ids mean something only there. */
  readonly sessionId: SessionId;
  readonly callId: CallId;
  readonly kind: WaitKind;
  readonly rpcId: RpcId;
  readonly progressToken: RpcId | null;
  /** The last progress figure before it: what follows must be above. */
  readonly figure: number | null;
  /** Its response stands before it: nothing follows. */
  readonly isEnd: boolean;
}

/** A place in a session's standalone stream, whose messages live in the memory of one process. */
export interface StandalonePlace {
  readonly epoch: string;
  readonly seq: number;
}

const kinds: readonly WaitKind[] = ['call', 'create_task', 'await', 'collect_task'];
const textMost = 512;
const eventIdMost = 1_024;

/** The event id of a place; null when the agent's own ids are too long to carry, and its stream cannot be resumed. */
export function callEventId(place: CallPlace): string | null {
  const { sessionId, callId, kind, rpcId, progressToken, figure, isEnd } = place;
  const text = JSON.stringify([
    sessionId,
    callId,
    kinds.indexOf(kind),
    rpcId,
    progressToken,
    figure,
    ...(isEnd ? [1] : []),
  ]);
  return text.length > textMost ? null : bounded(`c.${Buffer.from(text).toString('base64url')}`);
}

/** A text of many bytes a character can still be too long. */
function bounded(id: string): string | null {
  return id.length > eventIdMost ? null : id;
}

export function standaloneEventId({ epoch, seq }: StandalonePlace): string {
  return `s.${epoch}.${seq}`;
}

export type StreamPlace =
  | { readonly stream: 'call'; readonly place: CallPlace }
  | { readonly stream: 'standalone'; readonly place: StandalonePlace };

/** Reads a `Last-Event-ID`; null when none of ours looks like it. It proves nothing: whose call it is, is asked elsewhere. */
export function readEventId(id: string): StreamPlace | null {
  if (id.length > eventIdMost) return null;
  const standalone = /^s\.([\w-]{1,32})\.(\d{1,15})$/.exec(id);
  if (standalone !== null) {
    return { stream: 'standalone', place: { epoch: standalone[1] ?? '', seq: Number(standalone[2]) } };
  }
  const call = /^c\.([\w-]+)$/.exec(id);
  const place = call === null ? null : readCallPlace(call[1] ?? '');
  return place === null ? null : { stream: 'call', place };
}

function readCallPlace(encoded: string): CallPlace | null {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(encoded, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
  if (!Array.isArray(value) || value.length < 6 || value.length > 7) return null;
  const [session, call, kindAt, rpcId, progressToken, figure, end] = value as readonly unknown[];
  const sessionId = readId('session', session);
  const callId = readId('call', call);
  const kind = typeof kindAt === 'number' ? kinds[kindAt] : undefined;
  if (sessionId === null || callId === null || kind === undefined || !isRpcId(rpcId)) return null;
  if (progressToken !== null && !isRpcId(progressToken)) return null;
  if (figure !== null && !(typeof figure === 'number' && Number.isFinite(figure))) return null;
  return { sessionId, callId, kind, rpcId, progressToken, figure, isEnd: end === 1 };
}
