import { guardedLookup, isLoopback, isPublicAddress, RefusedAddress, type Resolve } from '@/server/net/address-guard';

/** Whether places on this very machine may be posted to: for trying it out, never by default. */
export type LocalAddresses = 'refuse-local' | 'allow-local';

export function mayConnect(address: string, local: LocalAddresses): boolean {
  return isPublicAddress(address) || (local === 'allow-local' && isLoopback(address));
}

/** The lookup of a connection to a place that an admin named. */
export function publicLookup(local: LocalAddresses, resolve?: Resolve): ReturnType<typeof guardedLookup> {
  return guardedLookup({ may: (address) => mayConnect(address, local), refused: () => new RefusedAddress() }, resolve);
}
