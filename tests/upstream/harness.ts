import { afterEach } from 'vitest';
import { mintId } from '@/lib/domain/ids';
import type { JsonObject } from '@/lib/domain/json';
import type { Log } from '@/server/engine/ports/log';
import type { ServerEntry } from '@/server/engine/ports/servers';
import type { OpenOutcome, OutgoingCall, Upstream, UpstreamConnection } from '@/server/engine/ports/upstream';
import type { UpstreamTiming } from '@/server/upstream/timing';
import { createUpstream } from '@/server/upstream/upstream';
import type { Command } from '@/tests/servers/child';
import { RecordingInbox } from '@/tests/upstream/recording-inbox';
import { learnedPace } from '@/server/engine/ports/servers';

export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly fields: object;
  readonly message: string;
}

export function recordingLog(lines: LogLine[]): Log {
  const at =
    (level: LogLine['level'], bound: object) =>
    (fields: object, message: string): void => {
      lines.push({ level, fields: { ...bound, ...fields }, message });
    };
  const make = (bound: object): Log => ({
    debug: at('debug', bound),
    info: at('info', bound),
    warn: at('warn', bound),
    error: at('error', bound),
    child: (fields) => make({ ...bound, ...fields }),
  });
  return make({});
}

const cleanups: (() => Promise<void>)[] = [];

/** Runs after the test, the last first. */
export function cleanUp(run: () => Promise<void>): void {
  cleanups.push(run);
}

afterEach(async () => {
  for (const run of cleanups.splice(0).reverse()) await run();
});

/** A server or a proxy of a test, closed after it. */
export async function during<T extends { close(): Promise<void> }>(starting: Promise<T>): Promise<T> {
  const started = await starting;
  cleanUp(() => started.close());
  return started;
}

export interface Opened {
  readonly upstream: Upstream;
  readonly inbox: RecordingInbox;
  readonly outcome: OpenOutcome;
  readonly logLines: readonly LogLine[];
}

export type Target = string | Command | ServerEntry['transport'];

export async function tryOpen(target: Target, timing: Partial<UpstreamTiming> = {}): Promise<Opened> {
  const logLines: LogLine[] = [];
  const upstream = createUpstream({ log: recordingLog(logLines), clientVersion: '0.1.0', timing });
  cleanUp(() => upstream.stop());
  const inbox = new RecordingInbox();
  const outcome = await upstream.open(orderFor(target), inbox);
  return { upstream, inbox, outcome, logLines };
}

export async function open(
  target: Target,
  timing: Partial<UpstreamTiming> = {},
): Promise<Omit<Opened, 'outcome'> & { readonly connection: UpstreamConnection }> {
  const { outcome, ...opened } = await tryOpen(target, timing);
  if (!outcome.ok) throw new Error(`${outcome.code}: ${outcome.message}`);
  return { ...opened, connection: outcome.connection };
}

let minted = 0;
const random = (count: number): Uint8Array => {
  minted += 1;
  return Uint8Array.from({ length: count }, (_, index) => (minted >> (index * 5)) & 31);
};

export function orderFor(target: Target): Parameters<Upstream['open']>[0] {
  return {
    connectionId: mintId('connection', random),
    sessionId: mintId('session', random),
    server: {
      name: 'kitchen',
      transport: transportOf(target),
      trusted: true,
      pace: learnedPace,
      repeatable: [],
      limits: { requestMs: null, idleMs: null, lifetimeMs: null, streamMs: null },
    },
  };
}

function transportOf(target: Target): ServerEntry['transport'] {
  if (typeof target === 'string') return { kind: 'http', url: target, headers: {}, sign: null };
  if ('kind' in target) return target;
  return { kind: 'stdio', command: target.command, args: target.args, env: target.env ?? {}, cwd: null };
}

export function call(tool: string, args: JsonObject = {}, rpcId = `call_${tool}`): OutgoingCall {
  return { rpcId, tool, arguments: args, meta: {} };
}

/** Sends a call, and waits for its result. */
export async function resultOf(
  { connection, inbox }: { connection: UpstreamConnection; inbox: RecordingInbox },
  outgoing: OutgoingCall,
): Promise<JsonObject> {
  const sent = await connection.sendCall(outgoing);
  if (!sent.ok) throw new Error(`${sent.code}: ${sent.message}`);
  return outcomeOf(inbox, outgoing.rpcId);
}

export async function outcomeOf(inbox: RecordingInbox, rpcId: string, timeoutMs = 10_000): Promise<JsonObject> {
  const find = (): JsonObject | undefined =>
    inbox.of('callResult').find(({ args: [result] }) => result.rpcId === rpcId)?.args[0].result;
  await inbox.until(() => find() !== undefined, `the result of ${rpcId}`, timeoutMs);
  const result = find();
  if (result === undefined) throw new Error('no result');
  return result;
}

/** The text of a result's first content. */
export function textOf(result: JsonObject): string {
  const content = result['content'] as readonly { readonly text?: string }[];
  return content[0]?.text ?? '';
}
