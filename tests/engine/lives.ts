import type { JsonObject } from '@/lib/domain/json';
import type { Clock } from '@/server/engine/ports/clock';
import type { Settings } from '@/server/engine/ports/servers';
import type { ConnectionFacts } from '@/server/engine/ports/upstream';
import { type ScriptedConnection, ScriptedUpstream } from '@/tests/engine/scripted-upstream';
import { must, Workplace } from '@/tests/engine/workplace';
import { ruleOf } from '@/tests/support/desk';

export { must };

/** An engine with a real store, whose servers do what the test says. */
export interface Scripted {
  readonly upstream: ScriptedUpstream;
  readonly place: Workplace;
}

export interface LifeOptions {
  readonly settings?: Partial<Settings>;
  /** Nothing is allowed by itself. */
  readonly holds?: true;
  readonly clock?: Clock;
  readonly trusted?: boolean;
  readonly repeatable?: readonly string[];
  readonly transport?: 'http' | 'stdio';
  readonly facts?: Partial<ConnectionFacts>;
  readonly tools?: readonly JsonObject[];
  /** Each connection, before the engine has it. */
  readonly prepare?: (connection: ScriptedConnection) => void;
}

const allowAll = ruleOf({ id: 'all', decision: 'allow' });

export function tools(annotations: JsonObject): readonly JsonObject[] {
  return [{ name: 'work', inputSchema: { type: 'object' }, annotations }];
}

export function setUp(options: LifeOptions = {}): Promise<Scripted> {
  return open(options, null);
}

/** The next process on the same folder. */
export function openFor(folder: string, options: LifeOptions = {}): Promise<Scripted> {
  return open(options, folder);
}

export function connection(life: Scripted): ScriptedConnection {
  return life.upstream.to();
}

async function open(options: LifeOptions, folder: string | null): Promise<Scripted> {
  const upstream = new ScriptedUpstream();
  if (options.tools !== undefined) upstream.tools = options.tools;
  upstream.facts = options.facts ?? {};
  upstream.onConnection = options.prepare ?? (() => {});
  const transport =
    options.transport === 'stdio'
      ? { kind: 'stdio' as const, command: 'server', args: [], env: {}, cwd: null }
      : { kind: 'http' as const, url: 'http://127.0.0.1:1/mcp', headers: {}, sign: null };
  const { trusted = false, repeatable = [] } = options;
  const place = await Workplace.open({
    servers: [{ name: 'kitchen', transport, trusted, repeatable }],
    settings: { rules: options.holds === true ? [] : [allowAll], ...options.settings },
    upstream,
    ...(options.clock === undefined ? {} : { clock: options.clock }),
    ...(folder === null ? {} : { folder }),
  });
  return { upstream, place };
}
