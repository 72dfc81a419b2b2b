const loopback = ['localhost', '127.0.0.1', '[::1]'];

/** The origins a browser may act from. Loopback has several names, and people type any of them. */
export function trustedOrigins(baseUrl: string): readonly string[] {
  const url = new URL(baseUrl);
  if (!loopback.includes(url.hostname)) return [url.origin];
  return loopback.map((host) => new URL(`${url.protocol}//${host}${url.port === '' ? '' : `:${url.port}`}`).origin);
}
