import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Directory } from '@/server/engine/ports/directory';
import type { Log } from '@/server/engine/ports/log';
import { mayReadFigures } from './figures-door';
import { developmentPolicy, sendWithPolicy } from './page-policy';

export interface FrontPorts {
  readonly directory: Directory;
  readonly log: Log;
  /** `/mcp` and `/mcp/{server}`. */
  readonly agents: (req: IncomingMessage, res: ServerResponse) => Promise<void>;
  /** `/api/…`. */
  readonly api: (req: IncomingMessage, res: ServerResponse) => Promise<void>;
  /** Every page and asset. */
  readonly pages: (req: IncomingMessage, res: ServerResponse) => Promise<void>;
  /** `/metrics`, for who may read them. */
  readonly figures: (req: IncomingMessage, res: ServerResponse) => void;
  /** Opens `/metrics`; null: only to programs of this machine. */
  readonly figuresToken: string | null;
  /** Whether answers can be saved right now. */
  readonly storageOk: () => boolean;
  /** What operators should know although it is ready; told to who may read the figures. */
  readonly trouble: () => string | null;
  readonly secure: boolean;
  readonly dev: boolean;
}

/** Open to who is not signed in: the ways in, and what has no private data. */
const openPages: readonly RegExp[] = [
  /^\/(sign-in|welcome|join|reset)\/?$/,
  /^\/_next\//,
  /^\/(icon|favicon|apple-icon|robots)[^/]*$/,
];

/** What signing in goes back to at the most. */
const longestWayBack = 2_000;

/** What each path is, who may have it, and the headers that all but agents' answers carry. */
export function createFront(ports: FrontPorts): RequestListener {
  return (req, res) => {
    route(ports, req, res).catch((error: unknown) => {
      ports.log.error({ err: error, path: pathOf(req) }, 'a request failed');
      if (res.headersSent) return void res.destroy();
      setSafeHeaders(res, ports.secure);
      sendText(res, 500, 'Something went wrong on the server. Try again in a moment.');
    });
  };
}

async function route(ports: FrontPorts, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const path = pathOf(req);
  // What a browser is told about pages is nothing to an agent, and its streams would hold it for as long as people think.
  if (path === '/mcp' || path?.startsWith('/mcp/') === true) return ports.agents(req, res);
  setSafeHeaders(res, ports.secure);
  if (path === null) return sendText(res, 400, 'This address cannot be read.');
  if (path.startsWith('/api/')) return ports.api(req, res);
  if (path === '/healthz') return sendText(res, 200, 'ok');
  if (path === '/readyz')
    return ports.storageOk()
      ? sendText(res, 200, readyWords(ports, req))
      : sendText(res, 503, 'The database cannot be written.');
  if (path === '/metrics') {
    res.setHeader('cache-control', 'no-store');
    return mayReadFigures(req, ports.figuresToken) ? ports.figures(req, res) : sendText(res, 404, 'Nothing is here.');
  }
  return page(ports, { req, res, path });
}

/** That the record was tampered with is not for whoever did it: nobody else learns whether it was found. */
function readyWords({ trouble, figuresToken }: FrontPorts, req: IncomingMessage): string {
  const note = mayReadFigures(req, figuresToken) ? trouble() : null;
  return note === null ? 'ready' : `ready\n${note}`;
}

async function page(
  ports: FrontPorts,
  ask: { readonly req: IncomingMessage; readonly res: ServerResponse; readonly path: string },
): Promise<void> {
  const { req, res, path } = ask;
  // Its address holds a one-time link.
  if (/^\/(welcome|join|reset)\/?$/.test(path)) res.setHeader('referrer-policy', 'strict-origin');
  if (req.method !== 'GET' && req.method !== 'HEAD') return sendText(res, 405, 'Pages are only read.');
  const visitor = openPages.some((pattern) => pattern.test(path)) ? 'welcome' : await visitorOf(ports, req);
  if (visitor === 'unknown') {
    res.setHeader('retry-after', '5');
    return sendText(res, 503, 'The database cannot be reached right now. Nothing is lost; try again in a moment.');
  }
  if (visitor === 'signed_out') {
    res.setHeader('cache-control', 'no-store');
    res.writeHead(302, { location: `/sign-in?next=${encodeURIComponent(wayBack(path, req))}` });
    res.end();
    return;
  }
  if (ports.dev) {
    res.setHeader('content-security-policy', developmentPolicy);
  } else if (!path.startsWith('/_next/')) {
    delete req.headers['accept-encoding'];
    sendWithPolicy(res);
  }
  await ports.pages(req, res);
}

/** With what the address says of the page: a filter, a view, an entry that a link names. */
function wayBack(path: string, { url = '' }: IncomingMessage): string {
  const [whole = ''] = url.split('#', 1);
  return whole.startsWith(path) && whole.length <= longestWayBack ? whole : path;
}

async function visitorOf(ports: FrontPorts, req: IncomingMessage): Promise<'welcome' | 'signed_out' | 'unknown'> {
  const headers = new Headers();
  if (req.headers.cookie !== undefined) headers.set('cookie', req.headers.cookie);
  try {
    return (await ports.directory.personOf(headers)) === null ? 'signed_out' : 'welcome';
  } catch (error) {
    ports.log.error({ err: error }, 'a visitor could not be recognised');
    return 'unknown';
  }
}

function setSafeHeaders(res: ServerResponse, secure: boolean): void {
  res.setHeader('x-content-type-options', 'nosniff');
  res.setHeader('referrer-policy', 'same-origin');
  res.setHeader('x-frame-options', 'DENY');
  res.setHeader('cross-origin-opener-policy', 'same-origin');
  res.setHeader('permissions-policy', 'camera=(), microphone=(), geolocation=()');
  if (secure) res.setHeader('strict-transport-security', 'max-age=31536000');
}

/** Null for what the pages' own router might read as another path: it gets the address as it came. */
function pathOf(req: IncomingMessage): string | null {
  const [path = ''] = (req.url ?? '').split(/[?#]/, 1);
  const url = path.startsWith('/') ? URL.parse(path, 'http://localhost') : null;
  return url?.host === 'localhost' && url.pathname === path ? path : null;
}

function sendText(res: ServerResponse, status: number, text: string): void {
  res.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' });
  res.end(`${text}\n`);
}
