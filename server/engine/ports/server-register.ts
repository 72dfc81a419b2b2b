import type { ServerEntry } from './servers';

/** The servers in force. They change while the engine runs: ask each time. */
export interface ServerRegister {
  get(name: string): ServerEntry | undefined;
  has(name: string): boolean;
  keys(): Iterable<string>;
  values(): Iterable<ServerEntry>;
  /** In force, or removed since the start: what runs on one of those goes on. */
  known(name: string): ServerEntry | undefined;
}

/** The same servers for ever. */
export function fixedServers(servers: readonly ServerEntry[]): ServerRegister {
  const byName = new Map(servers.map((server): [string, ServerEntry] => [server.name, server]));
  return {
    get: (name) => byName.get(name),
    has: (name) => byName.has(name),
    keys: () => byName.keys(),
    values: () => byName.values(),
    known: (name) => byName.get(name),
  };
}
