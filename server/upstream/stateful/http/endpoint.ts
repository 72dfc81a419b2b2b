import { Headers } from 'undici';

/** Where a server is, and the configured headers that go with every request. */
export interface Endpoint {
  readonly url: URL;
  readonly headers: Headers;
  /** The address without anything secret, for words. */
  readonly shown: string;
}

export type EndpointOutcome =
  | { readonly ok: true; readonly endpoint: Endpoint }
  | { readonly ok: false; readonly message: string };

/** Reads the configured address. No message holds a header's value or the URL's credentials (I14). */
export function readEndpoint(address: string, configured: Readonly<Record<string, string>>): EndpointOutcome {
  const url = URL.parse(address);
  if (url === null) return { ok: false, message: 'Its url is not a URL.' };
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    return { ok: false, message: `Its url must begin with http:// or https://, not ${url.protocol}` };
  }
  const headers = new Headers();
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
  return { ok: true, endpoint: { url, headers, shown: `${url.origin}${url.pathname}` } };
}
