import { Agent } from 'undici';
import type { ServerReach } from '@/server/engine/ports/servers';
import { lookupFor } from './reach';

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

/** `reach` null: servers of the configuration file, which stand where they stand. */
export function createDispatcher(connectMs: number, reach: ServerReach | null = null): Agent {
  const connect = { timeout: connectMs, keepAlive: true, keepAliveInitialDelay };
  return new Agent({
    ...dispatcherOptions,
    connect: reach === null ? connect : { ...connect, lookup: lookupFor(reach) },
  });
}
