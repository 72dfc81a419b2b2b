import { type LookupAddress, type LookupOptions, lookup } from 'node:dns';
import { BlockList, isIP, isIPv4 } from 'node:net';

/** Whether places on this very machine may be posted to: for trying it out, never by default. */
export type LocalAddresses = 'refuse-local' | 'allow-local';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Not the public internet, by IANA's registries of special addresses. */
const special = new BlockList();
for (const [net, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const)
  special.addSubnet(net, prefix, 'ipv4');

/** Of IPv6 only global unicast is public, less what stands for something else. */
const global = new BlockList();
global.addSubnet('2000::', 3, 'ipv6');
const embedded = new BlockList();
for (const [net, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const)
  embedded.addSubnet(net, prefix, 'ipv6');

export function isLoopback(address: string): boolean {
  return isIP(address) !== 0 && loopback.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');
}

/** Whether an address is public, so that a message from inside our network may go there. */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !special.check(address, 'ipv4');
  if (isIP(address) !== 6 || address.includes('%')) return false;
  return global.check(address, 'ipv6') && !embedded.check(address, 'ipv6');
}

export function mayConnect(address: string, local: LocalAddresses): boolean {
  return isPublicAddress(address) || (local === 'allow-local' && isLoopback(address));
}

export class RefusedAddress extends Error {
  readonly code = 'REFUSED_ADDRESS';

  constructor() {
    super('its name stands for an address that is not on the public internet');
  }
}

type Found = (error: Error | null, address: string | LookupAddress[], family?: number) => void;
type Resolve = (
  host: string,
  options: LookupOptions,
  found: (error: Error | null, addresses: LookupAddress[]) => void,
) => void;

const resolveAll: Resolve = (host, options, found) => lookup(host, { ...options, all: true }, found);

/**
 * Looks a name up for a connection about to be made, and refuses it when any address is not public: what is checked
 * is what is connected to, so a name that changes its mind in between gains nothing.
 */
export function guardedLookup(
  local: LocalAddresses,
  resolve: Resolve = resolveAll,
): (host: string, options: LookupOptions, found: Found) => void {
  return (host, options, found) =>
    resolve(host, options, (error, addresses) => {
      const [first] = addresses ?? [];
      if (error !== null) return found(error, '');
      if (first === undefined || addresses.some(({ address }) => !mayConnect(address, local)))
        return found(new RefusedAddress(), '');
      return options.all === true ? found(null, addresses) : found(null, first.address, first.family);
    });
}
