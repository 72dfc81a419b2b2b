import { createConnection, createServer, type AddressInfo, type Socket } from 'node:net';

export interface TcpProxy {
  /** The proxy's own address for an address behind it. */
  readonly url: string;
  /** TCP connections open right now. */
  readonly open: () => number;
  /** Cuts every connection and refuses new ones (accepted, then reset) until `restore`. */
  cut(): void;
  /** Cuts what is open; new connections pass. */
  drop(): void;
  restore(): void;
  close(): Promise<void>;
}

/** Stands on the way to `target` and breaks the network on demand. */
export async function startTcpProxy(target: string): Promise<TcpProxy> {
  const behind = new URL(target);
  const sockets = new Set<Socket>();
  let isCut = false;
  const server = createServer((near) => {
    if (isCut) {
      near.on('error', () => undefined);
      near.resetAndDestroy();
      return;
    }
    const far = createConnection({ host: behind.hostname, port: Number(behind.port) });
    join(near, far, sockets);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const drop = (): void => {
    for (const socket of [...sockets]) socket.destroy();
  };
  const url = new URL(target);
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    open: () => sockets.size / 2,
    drop,
    cut() {
      isCut = true;
      drop();
    },
    restore() {
      isCut = false;
    },
    async close() {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        drop();
      });
    },
  };
}

function join(near: Socket, far: Socket, sockets: Set<Socket>): void {
  for (const [from, to] of [
    [near, far],
    [far, near],
  ] as const) {
    sockets.add(from);
    from.setNoDelay(true);
    from.on('error', () => undefined);
    from.on('close', () => {
      sockets.delete(from);
      to.destroy();
    });
    from.pipe(to);
  }
}
