import { createServer, type Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Environment } from '../config/environment';
import type { AgentEndpoint } from '../downstream/endpoint';
import type { Gateway } from '../gateway/gateway';
import { StartProblem } from './start-problem';

const keepAliveMs = 65_000;
/** How long a request's own bytes may take to come in; its answer may take any time. */
const wholeRequestMs = 120_000;
/** For the last bytes of streams that were ended. */
const farewellMs = 500;

export function openPort(): Server {
  const http = createServer({ keepAlive: true, keepAliveTimeout: keepAliveMs, requestTimeout: wholeRequestMs });
  // No limit on how long an answer takes: people think as long as they like.
  http.timeout = 0;
  return http;
}

/** Resolved when it listens; a StartProblem in words when it cannot. */
export function listen(http: Server, { port, host }: Pick<Environment, 'port' | 'host'>): Promise<void> {
  return new Promise((resolve, reject) => {
    http.once('error', (error: NodeJS.ErrnoException) => reject(new StartProblem(listenWords(error, { host, port }))));
    http.listen(port, host, resolve);
  });
}

/** What is open behind the port. */
interface Doors {
  readonly gateway: Pick<Gateway, 'stop'>;
  readonly agents: Pick<AgentEndpoint, 'stop'>;
}

/**
 * Closes the doors: nobody new comes in, streams are ended, then what still holds on is cut. Node does not count
 * sockets that became WebSockets among its connections, so they are counted here.
 */
export function closing(http: Server, doors: Doors): () => Promise<void> {
  const sockets = new Set<Socket>();
  http.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return async () => {
    // Ends only when the last socket is gone.
    const closed = doors.gateway.stop();
    http.closeIdleConnections();
    await doors.agents.stop();
    const cut = setTimeout(() => {
      for (const socket of sockets) socket.destroy();
    }, farewellMs);
    await closed;
    clearTimeout(cut);
  };
}

function listenWords(
  error: NodeJS.ErrnoException,
  { host, port }: { readonly host: string; readonly port: number },
): string {
  switch (error.code) {
    case 'EADDRINUSE':
      return `Port ${port} is in use. Stop what uses it, or set PORT to another.`;
    case 'EACCES':
      return `Port ${port} may not be opened by this user. Set PORT to one above 1023.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `HOST ${host} is not an address of this machine.`;
    default:
      return `Port ${port} on ${host} cannot be opened: ${error.message}`;
  }
}
