import { createServer, connect, type Server, type Socket } from 'node:net';

export interface BreakableLink {
  readonly port: number;
  /** Cuts every connection and refuses new ones. */
  cut(): Promise<void>;
  mend(): Promise<void>;
  /** Withholds all that the server says from now on, until the link is cut: it hears, and seems to say nothing. */
  mute(): void;
}

/** A TCP way to a server that can be cut and mended, as a network or a restart would. */
export async function breakableLink(target: { readonly host: string; readonly port: number }): Promise<BreakableLink> {
  const sockets = new Set<Socket>();
  const answers = new Set<() => void>();
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
  };
  const listen = (port: number): Promise<Server> =>
    new Promise((resolve, reject) => {
      const server = createServer((near) => {
        const far = connect(target);
        keep(near);
        keep(far);
        near.pipe(far).pipe(near);
        const silence = (): void => void far.unpipe(near);
        answers.add(silence);
        far.once('close', () => answers.delete(silence));
      });
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => resolve(server));
    });
  let server: Server | null = await listen(0);
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the link has no port');
  const { port } = address;
  return {
    port,
    async cut() {
      const closing = server;
      server = null;
      if (closing === null) return;
      const closed = new Promise<void>((resolve) => closing.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
    mute() {
      for (const silence of answers) silence();
    },
    async mend() {
      server ??= await listen(port);
    },
  };
}
