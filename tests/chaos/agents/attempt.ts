import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport, StreamableHTTPError } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { McpError, ResultSchema } from '@modelcontextprotocol/sdk/types.js';

/** Longer than any round, and within what a timer can hold. */
const patienceMs = 2_000_000_000;
/** A reply that came right before its stream broke is still read. */
const lastWordsMs = 50;

/** An agent's session, as it would keep it on disk. */
export interface AgentSession {
  readonly id: string;
  readonly version: string;
}

export interface AttemptOrder {
  readonly url: string;
  readonly key: string;
  readonly session: AgentSession;
  /** JSON-RPC ids are the agent's own: never twice in a session, and the old one for a stream taken up again. */
  readonly rpcId: number;
  readonly params: Record<string, unknown>;
  readonly headers: Readonly<Record<string, string>>;
  readonly manner: 'progress' | 'plain';
  /** Null sends the request; else only its stream is asked for, after this event. */
  readonly resumeAfter: string | null;
  readonly onCursor: (cursor: string) => void;
  /** The agent is dropped, or the round is over. */
  readonly stopped: Promise<string>;
}

export type AttemptOutcome =
  | { readonly kind: 'reply'; readonly result: Readonly<Record<string, unknown>> }
  | { readonly kind: 'error'; readonly code: number; readonly words: string; readonly dataCode: string | null }
  /** `status`: the HTTP status that refused it; null when the connection broke. */
  | { readonly kind: 'broken'; readonly status: number | null; readonly words: string };

/** One HTTP exchange for a `tools/call`, by an SDK client of its own, so that its end is its own. */
export async function attempt(order: AttemptOrder): Promise<AttemptOutcome> {
  const { session, resumeAfter } = order;
  let brake: (outcome: AttemptOutcome) => void = () => undefined;
  const broken = new Promise<AttemptOutcome>((resolve) => {
    brake = resolve;
  });
  const transport = makeTransport(order.url, order.key, {
    headers: order.headers,
    sessionId: session.id,
    fetch: async (input, init) => {
      const response = await fetch(input, init);
      // On a GET the SDK would hide both: the refusal to resume, and that nothing follows.
      if (init?.method === 'GET' && (!response.ok || response.status === 204)) {
        brake({ kind: 'broken', status: response.status, words: await response.clone().text() });
      }
      return response;
    },
  });
  const client = new Client({ name: 'chaos-agent', version: '1.0.0' });
  client.onerror = (error) => {
    setTimeout(() => brake({ kind: 'broken', status: statusOf(error), words: error.message }), lastWordsMs);
  };
  await client.connect(transport);
  transport.setProtocolVersion(session.version);
  Reflect.set(client, '_requestMessageId', order.rpcId);
  const request = client.request({ method: 'tools/call', params: order.params }, ResultSchema, {
    timeout: patienceMs,
    onresumptiontoken: order.onCursor,
    ...(order.manner === 'progress' ? { onprogress: () => undefined } : {}),
    ...(resumeAfter === null ? {} : { resumptionToken: resumeAfter }),
  });
  const replied = request.then(
    (result): AttemptOutcome => ({ kind: 'reply', result }),
    (error: unknown): AttemptOutcome => outcomeOfError(error),
  );
  const stopped = order.stopped.then((words): AttemptOutcome => ({ kind: 'broken', status: null, words }));
  const outcome = await Promise.race([replied, broken, stopped]);
  await client.close();
  return outcome;
}

export function makeTransport(
  url: string,
  key: string,
  {
    headers,
    ...more
  }: { readonly headers: Readonly<Record<string, string>>; readonly sessionId?: string; readonly fetch?: typeof fetch },
): StreamableHTTPClientTransport {
  return new StreamableHTTPClientTransport(new URL(url), {
    requestInit: { headers: { ...headers, Authorization: `Bearer ${key}` } },
    // The agent takes streams up again itself: the SDK forgets its place at the second break in a row.
    reconnectionOptions: {
      maxRetries: 0,
      initialReconnectionDelay: 100,
      maxReconnectionDelay: 100,
      reconnectionDelayGrowFactor: 1,
    },
    ...more,
  });
}

function outcomeOfError(error: unknown): AttemptOutcome {
  if (error instanceof McpError && !error.message.endsWith('Connection closed')) {
    const data: unknown = error.data;
    const dataCode = typeof data === 'object' && data !== null && 'code' in data ? String(data.code) : null;
    return { kind: 'error', code: error.code, words: error.message, dataCode };
  }
  const words = error instanceof Error ? error.message : String(error);
  return { kind: 'broken', status: statusOf(error), words };
}

function statusOf(error: unknown): number | null {
  return error instanceof StreamableHTTPError && error.code !== undefined && error.code > 0 ? error.code : null;
}
