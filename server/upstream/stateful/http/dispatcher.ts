import { Agent } from 'undici';

/**
 * No timer of the HTTP client may end a human wait: a quiet stream and a late first byte are both allowed for ever.
 * `connections: null` puts no bound on parallel streams, one per open call.
 */
export const dispatcherOptions = {
  bodyTimeout: 0,
  headersTimeout: 0,
  connections: null,
  pipelining: 1,
} as const satisfies Agent.Options;

/** A path that died without a word is noticed by the kernel: this long after the last byte, and ten probes. */
const keepAliveInitialDelay = 20_000;

export function createDispatcher(connectMs: number): Agent {
  return new Agent({ ...dispatcherOptions, connect: { timeout: connectMs, keepAlive: true, keepAliveInitialDelay } });
}
