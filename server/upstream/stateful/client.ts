import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { Log } from '@/server/engine/ports/log';
import type { ClientBridge } from './client-bridge';
import { wordsOf } from './words-of';

/** What we can do for a server. Sampling may bring tools; roots are none, and said to be none. */
const capabilities = {
  elicitation: { form: {}, url: {} },
  sampling: { tools: {} },
  roots: { listChanged: true },
};

/**
 * Results are handed on as they are, so nothing is validated here: by default each client would hold a validator of
 * its own, which costs more memory than all else of a connection.
 */
const jsonSchemaValidator = {
  getValidator: (): never => {
    throw new Error('Results are not validated here.');
  },
};

/** The SDK's client, for the handshake, lists, ping and the rest; tool calls go beside it. */
export function createClient(version: string, log: Log): Client {
  const client = new Client({ name: 'holdpoint', version }, { capabilities, jsonSchemaValidator });
  client.onerror = (error) => log.debug({ error: wordsOf(error) }, 'The SDK’s client reports an error');
  return client;
}

/** One client for all that is asked at the same time, let go when nothing is: most connections only wait. */
export class ClientLease {
  readonly #bridge: ClientBridge;
  readonly #create: () => Client;
  #client: Client | null = null;
  #uses = 0;

  constructor(bridge: ClientBridge, create: () => Client) {
    this.#bridge = bridge;
    this.#create = create;
  }

  async use<T>(run: (client: Client) => Promise<T>): Promise<T> {
    this.#client ??= this.#connected();
    this.#uses += 1;
    try {
      return await run(this.#client);
    } finally {
      this.#uses -= 1;
      if (this.#uses === 0) {
        this.#client = null;
        this.#bridge.release();
      }
    }
  }

  /** The handshake is through: its transport stands from the first statement of `connect` on. */
  #connected(): Client {
    const client = this.#create();
    void client.connect(this.#bridge);
    return client;
  }
}
