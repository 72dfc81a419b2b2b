const home = '/queue';
const longest = 2_000;

/**
 * Where to go after signing in: a path of ours, or the queue. `next` comes from the address, so anyone can
 * write it: `//evil`, `/\evil` and `/\t/evil` are addresses elsewhere to a browser.
 */
export function safeNext(next: string | null, origin: string): string {
  if (next === null || next.length > longest || !next.startsWith('/') || /[\\\p{Cc}]/u.test(next)) return home;
  if (!URL.canParse(next, origin)) return home;
  const url = new URL(next, origin);
  const path = `${url.pathname}${url.search}${url.hash}`;
  const isPage = !/^\/(?:api|mcp|sign-in|welcome|join|reset)(?:\/|$)/.test(url.pathname);
  return url.origin === origin && path.startsWith('/') && !path.startsWith('//') && isPage ? path : home;
}
