import { setMaxListeners } from 'node:events';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { FetchLike, Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { CallToolResultSchema, ElicitRequestSchema, LATEST_PROTOCOL_VERSION } from '@modelcontextprotocol/sdk/types.js';
import { Agent, fetch, type RequestInit } from 'undici';
import { questionOf } from './benched-server';
import { clientName } from './holdpoint';
import { patienceMs } from './patience';

/** Where an agent calls, and whether its own client answers. */
export interface AgentPlace {
  readonly url: string;
  readonly tool: string;
  readonly apiKey: string | null;
  /** What its own client answers to a question; null where a person at Holdpoint does. */
  readonly answer: ((question: string) => string | Promise<string>) | null;
}

/** Told when a stream is there again from its last place on. */
export type OnResumed = () => void;

/** One agent's session: what both sides are measured through. */
export interface BenchAgent {
  readonly sessionId: string;
  /** One round trip: call, question, answer, result. Throws when the result is not the answer to its own question. */
  trip(trip: number): Promise<void>;
  /** The last event's id on the stream of each trip that got one. */
  readonly cursors: ReadonlyMap<number, string>;
  /** Closes its streams and leaves its session as it is. */
  drop(): Promise<void>;
  close(): Promise<void>;
}

const dispatcher = new Agent({ headersTimeout: 0, bodyTimeout: 0 });
/** Not 0: undici asks for the limit, and Node 20 takes 0 for none at all. */
const listenersMost = 1_000_000;
/** It comes back to a stream that broke, for as long as it takes. */
const reconnectionOptions = {
  initialReconnectionDelay: 250,
  maxReconnectionDelay: 1_000,
  reconnectionDelayGrowFactor: 1.5,
  maxRetries: 1_000,
};

function patientFetch(onResumed: OnResumed | null): FetchLike {
  return async (url, init) => {
    // The SDK's client passes one signal to all its requests; Node warns of a leak after 1,500 of them.
    if (init?.signal) setMaxListeners(listenersMost, init.signal);
    const response = (await fetch(url, { ...init, dispatcher } as RequestInit)) as unknown as Response;
    if (onResumed !== null && response.ok && new Headers(init?.headers).has('last-event-id')) onResumed();
    return response;
  };
}

export async function connectAgent(place: AgentPlace, onResumed: OnResumed | null = null): Promise<BenchAgent> {
  const { answer } = place;
  const client = new Client(
    { name: clientName, version: '1.0.0' },
    { capabilities: answer === null ? {} : { elicitation: {} } },
  );
  if (answer !== null) {
    client.setRequestHandler(ElicitRequestSchema, async (request) => ({
      action: 'accept',
      content: { word: await answer(request.params.message) },
    }));
  }
  const headers: Record<string, string> = place.apiKey === null ? {} : { authorization: `Bearer ${place.apiKey}` };
  const transport = new StreamableHTTPClientTransport(new URL(place.url), {
    requestInit: { headers },
    fetch: patientFetch(onResumed),
    reconnectionOptions,
  });
  // The cast: the SDK's class is not written for exactOptionalPropertyTypes.
  await client.connect(transport as Transport);
  const cursors = new Map<number, string>();
  return {
    sessionId: transport.sessionId ?? '',
    cursors,
    async trip(trip) {
      const params = { name: place.tool, arguments: { trip } };
      const result = await client.request({ method: 'tools/call', params }, CallToolResultSchema, {
        timeout: patienceMs,
        onresumptiontoken: (eventId) => void cursors.set(trip, eventId),
      });
      const [block] = result.content;
      const text = block?.type === 'text' ? block.text : '';
      if (text !== questionOf(trip))
        throw new Error(`Trip ${trip} through ${place.url} came back with ${JSON.stringify(result).slice(0, 300)}`);
    },
    drop: () => client.close(),
    async close() {
      await transport.terminateSession();
      await client.close();
    },
  };
}

/** Takes streams of a session up again from their places, and its standalone stream anew; as a bare SDK client can. */
export async function resumeBare(url: string, sessionId: string, places: readonly string[]): Promise<void> {
  const transport = new StreamableHTTPClientTransport(new URL(url), { sessionId, fetch: patientFetch(null) });
  transport.setProtocolVersion(LATEST_PROTOCOL_VERSION);
  await transport.start();
  // Without a place it is the standalone stream.
  await Promise.all(['', ...places].map((place) => transport.resumeStream(place)));
}
