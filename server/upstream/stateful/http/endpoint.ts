import { Headers } from 'undici';
import type { ServerReach } from '@/server/engine/ports/servers';
import type { RequestSigner } from '../../aws/request-signer';
import { reachProblem } from './reach';
import { Turnstile } from './turnstile';

/** Where a server is, and the configured headers that go with every request. */
export interface Endpoint {
  readonly url: URL;
  /** By names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Null when requests are not signed. */
  readonly sign: RequestSigner | null;
  readonly habits: Habits;
  /** For the connections of an earlier life, which all come back at once. */
  readonly returning: Turnstile;
  /** The address without anything secret, for words. */
  readonly shown: string;
}

/** What was learnt of a server by watching it; lives as long as we do. */
export interface Habits {
  /** It was seen to write to a stream some time after that was resumed. */
  writesToResumed: boolean;
}

export interface EndpointOrder {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly sign: RequestSigner | null;
  /** Null where the server may stand anywhere. */
  readonly reach: ServerReach | null;
}

export type EndpointOutcome =
  | { readonly ok: true; readonly endpoint: Endpoint }
  | { readonly ok: false; readonly message: string };

/** Each with a few sockets; a server's queue of new ones holds 511 by Node's default, 128 by others'. */
const returningAtOnce = 32;

/** Ours alone: a configured one would speak for another session or stream. */
const protocolHeaders = ['last-event-id', 'mcp-session-id', 'mcp-protocol-version'] as const;

/** Reads the configured address. No message holds a header's value or the URL's credentials (I14). */
export function readEndpoint({ url: address, headers: configured, sign, reach }: EndpointOrder): EndpointOutcome {
  const url = URL.parse(address);
  if (url === null) return { ok: false, message: 'Its url is not a URL.' };
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    return { ok: false, message: `Its url must begin with http:// or https://, not ${url.protocol}` };
  }
  const refused = reach === null ? null : reachProblem(url, reach);
  if (refused !== null) return { ok: false, message: `${url.origin}: ${refused} (REFUSED_ADDRESS).` };
  const headers = new Headers({ 'user-agent': 'holdpoint' });
  for (const [name, value] of Object.entries(configured)) {
    try {
      headers.set(name, value);
    } catch {
      return {
        ok: false,
        message: `Its header ${JSON.stringify(name)} has a name or a value that HTTP does not allow.`,
      };
    }
  }
  if (url.username !== '' || url.password !== '') {
    const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
    if (!headers.has('authorization')) {
      headers.set('authorization', `Basic ${Buffer.from(credentials, 'utf8').toString('base64')}`);
    }
    url.username = '';
    url.password = '';
  }
  url.hash = '';
  for (const name of protocolHeaders) headers.delete(name);
  const shown = `${url.origin}${url.pathname}`;
  const habits = { writesToResumed: false };
  const returning = new Turnstile(returningAtOnce);
  return { ok: true, endpoint: { url, headers: Object.fromEntries(headers), sign, habits, returning, shown } };
}
