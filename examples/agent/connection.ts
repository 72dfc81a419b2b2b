import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport, StreamableHTTPError } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { FetchLike } from '@modelcontextprotocol/sdk/shared/transport.js';
import { CallToolResultSchema } from '@modelcontextprotocol/sdk/types.js';
import type { CallToolResult, Progress } from '@modelcontextprotocol/sdk/types.js';
import { Agent, fetch } from 'undici';
import type { RequestInit } from 'undici';
import { abortable } from '@/examples/agent/abortable';
import type { PlannedCall } from '@/examples/agent/plan';

export interface Endpoint {
  /** Holdpoint's `/mcp`, for example `http://localhost:3000/mcp`. */
  readonly url: string;
  readonly apiKey: string;
}

export interface CallWatch {
  readonly onProgress: (progress: Progress) => void;
  readonly signal: AbortSignal;
}

export interface AgentConnection {
  /** Throws SessionLost when Holdpoint no longer knows the session. */
  call(planned: PlannedCall, watch: CallWatch): Promise<CallToolResult>;
  close(): Promise<void>;
}

export class SessionLost extends Error {}

/** The longest a Node timer can run, about 24.8 days: a person may take their time. */
const patienceMs = 2_147_483_647;
const pingEveryMs = 15_000;

// fetch ends a response that is silent for 300 s, and a person may well be silent for longer.
const patientDispatcher = new Agent({ headersTimeout: 0, bodyTimeout: 0 });
const patientFetch: FetchLike = async (url, init) => {
  const options = { ...init, dispatcher: patientDispatcher } as RequestInit;
  return (await fetch(url, options)) as unknown as Response;
};

/** Opens one session at Holdpoint, and asks for progress so that a waiting call stays alive. */
export async function connectAgent({ url, apiKey }: Endpoint): Promise<AgentConnection> {
  const gone = new AbortController();
  const client = new Client({ name: 'example-agent', version: '1.0.0' });
  const transport = new StreamableHTTPClientTransport(new URL(url), {
    requestInit: { headers: { authorization: `Bearer ${apiKey}` } },
    fetch: patientFetch,
    // About two minutes: long enough for Holdpoint to restart.
    reconnectionOptions: {
      initialReconnectionDelay: 500,
      reconnectionDelayGrowFactor: 1.5,
      maxReconnectionDelay: 2_000,
      maxRetries: 60,
    },
  });
  // The SDK reports a lost session here but leaves the calls hanging.
  client.onerror = (error) => {
    const lost = lostSession(error);
    if (lost !== undefined) gone.abort(lost);
  };
  // The cast: the SDK's class is not written for exactOptionalPropertyTypes.
  await client.connect(transport as Parameters<Client['connect']>[0]);
  const pings = setInterval(() => void client.ping().catch(() => undefined), pingEveryMs);
  return {
    call: ({ tool, args }, { onProgress, signal }) =>
      abortable(
        client.request({ method: 'tools/call', params: { name: tool, arguments: { ...args } } }, CallToolResultSchema, {
          onprogress: onProgress,
          timeout: patienceMs,
          resetTimeoutOnProgress: true,
        }),
        AbortSignal.any([signal, gone.signal]),
      ),
    async close() {
      clearInterval(pings);
      try {
        if (!gone.signal.aborted) await transport.terminateSession();
      } finally {
        await client.close();
      }
    },
  };
}

function lostSession(error: Error): SessionLost | undefined {
  const status = error instanceof StreamableHTTPError ? error.code : undefined;
  if (status === 404 || (status === 400 && /session/i.test(error.message))) {
    return new SessionLost('the session has ended');
  }
  if (error.message.startsWith('Maximum reconnection attempts')) return new SessionLost('the connection was lost');
  return undefined;
}
