import type { OriginOf } from '@/server/engine/ports/origin';
import { clientAddress } from './client-address';

/** Longer than any browser's; what a client says of itself must not fill the audit log. */
const longestClient = 200;

/** From where someone acts, behind this many proxies of our own. */
export function originsBehind(trustedProxies: number): OriginOf {
  return (arrival, by) => ({
    address: clientAddress(arrival, trustedProxies),
    by,
    client: arrival.userAgent === null ? null : arrival.userAgent.slice(0, longestClient),
  });
}
