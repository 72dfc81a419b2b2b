import { createInterface } from 'node:readline';
import { type AgentPlace, connectAgent, resumeBare } from './agent';
import { forEach } from './for-each';
import { type Parked, parkCalls } from './parked';
import { type RunningProcess, startProcess } from './process';
import { TripNumbers } from './rounds';
import type { Spread } from './spread';

/** What the bare process can be told to do; each is answered when it is done. */
type Order =
  | { readonly do: 'trips'; readonly count: number }
  | { readonly do: 'park'; readonly spread: Spread }
  | { readonly do: 'drop' }
  /** Answered with the instant at which it began, epoch milliseconds. */
  | { readonly do: 'resume' };

/** The bare SDK's client in a process of its own, which does nothing but this. */
export interface BareClient {
  readonly process: RunningProcess;
  tell(order: Order): Promise<number>;
}

export async function startBare(benchFile: string, mcpUrl: string): Promise<BareClient> {
  const running = startProcess({
    words: 'the bare client',
    args: [benchFile, 'bare', mcpUrl],
    env: { NODE_ENV: 'production' },
  });
  await running.said(/^ready$/m);
  let last = 0;
  return {
    process: running,
    async tell(order) {
      last += 1;
      running.tell(JSON.stringify(order));
      const [, value] = await running.said(new RegExp(`^done ${last}: (\\d+)$`, 'm'));
      return Number(value);
    },
  };
}

/** The other end of it: reads orders from stdin until that is closed. */
export async function runBare(mcpUrl: string): Promise<void> {
  const client = new BareClients(mcpUrl);
  process.stdout.write('ready\n');
  let number = 0;
  for await (const line of createInterface({ input: process.stdin })) {
    number += 1;
    const value = await client.obey(JSON.parse(line) as Order);
    process.stdout.write(`done ${number}: ${value}\n`);
  }
}

class BareClients {
  readonly #numbers = new TripNumbers();
  #parked: Parked | null = null;
  /** Each session with the places of its streams. */
  #places: readonly { readonly sessionId: string; readonly cursors: readonly string[] }[] = [];

  constructor(private readonly url: string) {}

  async obey(order: Order): Promise<number> {
    switch (order.do) {
      case 'trips':
        await this.#trips(order.count);
        return 0;
      case 'park':
        this.#parked = await parkCalls({
          place: this.#place(() => new Promise(() => undefined)),
          spread: order.spread,
          numbers: this.#numbers,
          onResumed: null,
        });
        return 0;
      case 'drop':
        this.#places = (this.#parked?.agents ?? []).map(({ sessionId, cursors }) => ({
          sessionId,
          cursors: [...cursors.values()],
        }));
        await this.#parked?.drop();
        return 0;
      case 'resume':
        return this.#resume();
    }
  }

  #place(answer: (question: string) => string | Promise<string>): AgentPlace {
    return { url: this.url, tool: 'ask', apiKey: null, answer };
  }

  async #trips(count: number): Promise<void> {
    const agent = await connectAgent(this.#place((question) => question));
    await forEach({ count, atOnce: 1 }, () => agent.trip(this.#numbers.next()));
    await agent.close();
  }

  async #resume(): Promise<number> {
    const beganAt = Date.now();
    await Promise.all(this.#places.map(({ sessionId, cursors }) => resumeBare(this.url, sessionId, cursors)));
    return beganAt;
  }
}
