import { isIP } from 'node:net';
import { isLoopback } from '@/server/net/address-guard';
import { type LocalAddresses, mayConnect } from './local-addresses';

const longestUrl = 2_048;
/** A path at least this long is recognised by its last characters. */
const tellingPath = 24;

export type UrlReading =
  | { readonly ok: true; readonly url: string; readonly shown: string }
  | { readonly ok: false; readonly message: string };

/** An address to post to: https, a public host, nothing in it that would be sent elsewhere. */
export function readEndpointUrl(text: string, local: LocalAddresses): UrlReading {
  const url = text.length > longestUrl ? null : URL.parse(text.trim());
  if (url === null) return { ok: false, message: 'This is not an address. It looks like https://example.com/path.' };
  if (url.username !== '' || url.password !== '')
    return { ok: false, message: 'An address here has no name and password in it.' };
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const isLocal = host === 'localhost' || isLoopback(host);
  const mayBePlain = url.protocol === 'http:' && isLocal && local === 'allow-local';
  if (url.protocol !== 'https:' && !mayBePlain) return { ok: false, message: 'The address must begin with https://.' };
  const refused = isIP(host) !== 0 ? !mayConnect(host, local) : isLocal && local === 'refuse-local';
  if (refused) return { ok: false, message: 'This address is not on the public internet, so nothing is posted there.' };
  url.hash = '';
  return { ok: true, url: url.href, shown: shownUrl(url) };
}

/** Enough to recognise it by: a path is often the only secret. */
function shownUrl(url: URL): string {
  const rest = `${url.pathname}${url.search}`;
  if (rest === '/') return url.origin;
  return `${url.origin}/…${rest.length >= tellingPath ? rest.slice(-4) : ''}`;
}
