import { isIP } from 'node:net';
import type { ServerReach } from '@/server/engine/ports/servers';
import { guardedLookup, isPublicAddress, mayBeServer, RefusedAddress } from '@/server/net/address-guard';

const rules: { readonly [R in ServerReach]: { readonly may: (address: string) => boolean; readonly words: string } } = {
  private: { may: mayBeServer, words: 'is where no server may be: a metadata service, a link-local or no host at all' },
  public: { may: isPublicAddress, words: 'is not on the public internet, as servers added in the browser must be' },
};

/** The lookup of connections to servers that may stand only there. */
export function lookupFor(reach: ServerReach): ReturnType<typeof guardedLookup> {
  const { may, words } = rules[reach];
  return guardedLookup({ may, refused: () => new RefusedAddress(`its host name stands for an address that ${words}`) });
}

/** Why an address that is written out may not be connected to; it is never looked up. Null when it may, or is a name. */
export function reachProblem(url: URL, reach: ServerReach): string | null {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const { may, words } = rules[reach];
  return isIP(host) === 0 || may(host) ? null : `its address ${words}`;
}
