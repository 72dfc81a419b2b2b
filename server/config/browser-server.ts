import { done, type Result, refuse } from '@/lib/domain/refusal';
import type { Limits, ServerWriting } from '@/lib/domain/server';
import type { ServerEntry, ServerReach } from '@/server/engine/ports/servers';
import { ConfigSource } from './config-source';
import { readServer } from './server-entry';

/** What an admin wrote, at its place: `url`, `headers.X-Key`, `holdpoint.limits.idle`. */
export interface FieldProblem {
  readonly field: string;
  readonly message: string;
}

/**
 * A server added in the browser, read as an entry of the file is, and only ever as one on the network: there is no way
 * to write a program to start. `${…}` stands for itself, for this machine's variables are none of the browser's.
 */
export function readBrowserServer(writing: ServerWriting, reach: ServerReach): Result<ServerEntry> {
  const source = new ConfigSource('', JSON.stringify({ [writing.name]: plain(entryOf(writing)) }));
  const root = source.root();
  const [property] = root === null ? [] : (source.properties(root, 'a server') ?? []);
  if (property === undefined) return refuse('bad_input');
  const reading = readServer({ source, variables: {}, folder: '/' }, property);
  const errors = source.problems.map(
    ({ path, message }): FieldProblem => ({
      field: path.slice(property.path.length).replace(/^\./, '') || 'name',
      message,
    }),
  );
  const [first] = errors;
  if (first !== undefined) return refuse('bad_input', `${first.field}: ${first.message}`, { errors });
  const { transport } = reading.kind === 'server' ? reading.server : { transport: null };
  if (reading.kind !== 'server' || transport?.kind !== 'http') return refuse('bad_input');
  return done({ ...reading.server, transport: { ...transport, reach } });
}

function entryOf({ target, headers, trusted, repeatable, limits }: ServerWriting): object {
  return {
    ...(target.kind === 'url'
      ? { type: 'http', url: target.url }
      : {
          agentcore: {
            arn: target.arn,
            auth: 'sigv4',
            ...(target.qualifier === null ? {} : { qualifier: target.qualifier }),
          },
        }),
    headers: Object.fromEntries(headers.map(({ name, value }) => [name, value])),
    holdpoint: { trusted, repeatable, limits: limitsOf(limits) },
  };
}

function limitsOf({ requestMs, idleMs, lifetimeMs, streamMs }: Limits): object {
  const words = (ms: number | null): number | 'unlimited' => ms ?? 'unlimited';
  return { request: words(requestMs), idle: words(idleMs), lifetime: words(lifetimeMs), stream: words(streamMs) };
}

/** Every text as it is, where the file would put a variable's value. */
function plain(value: unknown): unknown {
  if (typeof value === 'string') return value.split('${').join('$${');
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}
