import { type LookupAddress, type LookupOptions, lookup } from 'node:dns';
import { BlockList, isIP, isIPv4 } from 'node:net';

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

/** Where no server of anybody's is, and much may be read: this host's metadata, the link, everyone at once, no host. */
const hostless = new BlockList();
for (const [net, prefix, family] of [
  ['0.0.0.0', 8, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['224.0.0.0', 4, 'ipv4'],
  ['240.0.0.0', 4, 'ipv4'],
  // Metadata of Alibaba Cloud, Azure and Oracle Cloud outside the link-local range.
  ['100.100.100.200', 32, 'ipv4'],
  ['168.63.129.16', 32, 'ipv4'],
  ['192.0.0.192', 32, 'ipv4'],
  ['::', 128, 'ipv6'],
  ['fe80::', 10, 'ipv6'],
  ['ff00::', 8, 'ipv6'],
  // Metadata of Amazon EC2.
  ['fd00:ec2::', 32, 'ipv6'],
] as const)
  hostless.addSubnet(net, prefix, family);

/** An IPv4 address inside an IPv6 one: mapped, compatible, by NAT64 or by 6to4. */
const carried: readonly { readonly before: string; readonly groups: readonly [number, number] }[] = [
  { before: '0:0:0:0:0:ffff:', groups: [6, 7] },
  { before: '0:0:0:0:0:0:', groups: [6, 7] },
  { before: '64:ff9b:0:0:0:0:', groups: [6, 7] },
  { before: '2002:', groups: [1, 2] },
];

/** Whether a server added in the browser may stand there: anything but where no server is. */
export function mayBeServer(address: string): boolean {
  if (isIPv4(address)) return !hostless.check(address, 'ipv4');
  if (isIP(address) !== 6 || address.includes('%') || hostless.check(address, 'ipv6')) return false;
  const inside = carriedBy(address);
  return inside === null || !hostless.check(inside, 'ipv4');
}

function carriedBy(address: string): string | null {
  const groups = groupsOf(address);
  const text = `${groups.map((group) => group.toString(16)).join(':')}:`;
  const way = carried.find(({ before }) => text.startsWith(before));
  if (way === undefined) return null;
  return way.groups
    .map((at) => groups[at] ?? 0)
    .flatMap((group) => [group >> 8, group & 255])
    .join('.');
}

/** The eight groups of an IPv6 address, in whatever of its forms. */
function groupsOf(address: string): readonly number[] {
  const plain = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  const [head = '', tail] = plain.split('::', 2);
  const read = (part: string | undefined): readonly number[] =>
    part === undefined || part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16));
  const [before, after] = [read(head), read(tail)];
  return [...before, ...Array.from({ length: 8 - before.length - after.length }, () => 0), ...after];
}

export class RefusedAddress extends Error {
  readonly code = 'REFUSED_ADDRESS';

  constructor(message = 'its name stands for an address that is not on the public internet') {
    super(message);
  }
}

type Found = (error: Error | null, address: string | LookupAddress[], family?: number) => void;
export type Resolve = (
  host: string,
  options: LookupOptions,
  found: (error: Error | null, addresses: LookupAddress[]) => void,
) => void;

const resolveAll: Resolve = (host, options, found) => lookup(host, { ...options, all: true }, found);

/**
 * Looks a name up for a connection about to be made, and refuses it when any address may not be connected to: what is
 * checked is what is connected to, so a name that changes its mind in between gains nothing.
 */
export function guardedLookup(
  guard: { readonly may: (address: string) => boolean; readonly refused: () => RefusedAddress },
  resolve: Resolve = resolveAll,
): (host: string, options: LookupOptions, found: Found) => void {
  return (host, options, found) =>
    resolve(host, options, (error, addresses) => {
      const [first] = addresses ?? [];
      if (error !== null) return found(error, '');
      if (first === undefined || addresses.some(({ address }) => !guard.may(address)))
        return found(guard.refused(), '');
      return options.all === true ? found(null, addresses) : found(null, first.address, first.family);
    });
}
