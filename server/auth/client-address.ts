import { isIP } from 'node:net';

/** Set by us on every request from its socket, whatever the client sent under this name. */
export const clientAddressHeader = 'x-holdpoint-client-address';

/**
 * The address a request came from: the socket's, or what our own proxies say. Each proxy appends the address
 * it saw, so with n of them the n-th from the right is the client's, and all before it is the client's own tale.
 */
export function clientAddress(
  request: { readonly socketAddress: string | null; readonly forwardedFor: string | null },
  trustedProxies: number,
): string | null {
  if (trustedProxies <= 0) return request.socketAddress;
  const hops = (request.forwardedFor ?? '').split(',').map((hop) => hop.trim());
  const hop = hops[hops.length - trustedProxies];
  return hop !== undefined && isIP(hop) !== 0 ? hop : request.socketAddress;
}
