import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Record<string, string>;
}

/** A real HTTP server that keeps what it got and answers as it is told; null: not at all. */
export class Receiver {
  readonly received: Received[] = [];
  answer: (received: Received) => Answer | null = () => ({ status: 200 });

  private constructor(
    readonly url: string,
    private readonly end: () => Promise<void>,
  ) {}

  static async start(): Promise<Receiver> {
    let receiver: Receiver | null = null;
    const server = createServer((req, res) => {
      const chunks: Buffer[] = [];
      req.on('data', (chunk: Buffer) => chunks.push(chunk));
      req.on('end', () => {
        const received = { path: req.url ?? '', headers: req.headers, body: Buffer.concat(chunks).toString('utf8') };
        receiver?.received.push(received);
        const answer = receiver?.answer(received) ?? null;
        if (answer !== null) res.writeHead(answer.status, answer.headers).end('{"secret":"of the receiver"}');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    receiver = new Receiver(`http://127.0.0.1:${port}`, async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => void server.close(() => resolve()));
    });
    return receiver;
  }

  /** Waits until so many came; the test's own time limit ends it. */
  async until(count: number): Promise<readonly Received[]> {
    while (this.received.length < count) await new Promise((resolve) => setTimeout(resolve, 5));
    return this.received;
  }

  stop(): Promise<void> {
    return this.end();
  }
}
