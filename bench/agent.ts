import { setMaxListeners } from 'node:events';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { FetchLike, Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { CallToolResultSchema, ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { Agent, fetch, type RequestInit } from 'undici';
import { questionOf } from './benched-server';
import { patienceMs } from './patience';

/** Where an agent calls, and whether its own client answers. */
export interface AgentPlace {
  readonly url: string;
  readonly tool: string;
  readonly apiKey: string | null;
  readonly answersItself: boolean;
}

/** One agent's session: what both sides are measured through. */
export interface BenchAgent {
  /** One round trip: call, question, answer, result. Throws when the result is not the answer to its own question. */
  trip(trip: number): Promise<void>;
  close(): Promise<void>;
}

const dispatcher = new Agent({ headersTimeout: 0, bodyTimeout: 0 });
/** Not 0: undici asks for the limit, and Node 20 takes 0 for none at all. */
const listenersMost = 1_000_000;
const patientFetch: FetchLike = async (url, init) => {
  // The SDK's client passes one signal to all its requests; Node warns of a leak after 1,500 of them.
  if (init?.signal) setMaxListeners(listenersMost, init.signal);
  return (await fetch(url, { ...init, dispatcher } as RequestInit)) as unknown as Response;
};

export async function connectAgent(place: AgentPlace): Promise<BenchAgent> {
  const client = new Client(
    { name: 'bench', version: '1.0.0' },
    { capabilities: place.answersItself ? { elicitation: {} } : {} },
  );
  if (place.answersItself) {
    client.setRequestHandler(ElicitRequestSchema, (request) => ({
      action: 'accept',
      content: { word: request.params.message },
    }));
  }
  const headers: Record<string, string> = place.apiKey === null ? {} : { authorization: `Bearer ${place.apiKey}` };
  const transport = new StreamableHTTPClientTransport(new URL(place.url), {
    requestInit: { headers },
    fetch: patientFetch,
  });
  // The cast: the SDK's class is not written for exactOptionalPropertyTypes.
  await client.connect(transport as Transport);
  return {
    async trip(trip) {
      const params = { name: place.tool, arguments: { trip } };
      const result = await client.request({ method: 'tools/call', params }, CallToolResultSchema, {
        timeout: patienceMs,
      });
      const [block] = result.content;
      const text = block?.type === 'text' ? block.text : '';
      if (text !== questionOf(trip))
        throw new Error(`Trip ${trip} through ${place.url} came back with ${JSON.stringify(result).slice(0, 300)}`);
    },
    async close() {
      await transport.terminateSession();
      await client.close();
    },
  };
}
