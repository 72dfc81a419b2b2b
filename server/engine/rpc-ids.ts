import { type CallId, readId } from '@/lib/domain/ids';

/** The JSON-RPC id of a call's sending, and its progress token: never the same twice, as MCP wants it of a session. */
export function rpcIdOf(callId: CallId, run: number): string {
  return run === 1 ? callId : `${callId}.${run}`;
}

/** The call that such an id is of, whichever sending; null when it is none of ours. */
export function callOfRpcId(rpcId: string | null): CallId | null {
  return rpcId === null ? null : readId('call', rpcId.split('.', 1)[0]);
}
