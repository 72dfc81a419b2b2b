import { readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import type { ServerEntry, Settings } from '@/server/engine/ports/servers';
import { agentDefaults, readAgents } from './agents-entry';
import { type ConfigProblem, ConfigSource, type Entry, type Property, problemText } from './config-source';
import { keepingDefaults, readKeeping } from './keeping-entry';
import { readRules } from './rule-entry';
import { readModels } from './models-entry';
import { readMail } from './notify-entry';
import { readServer } from './server-entry';
import type { ServerContext } from './server-text';
import { byteSizeSetting, countSetting, durationSetting } from './setting';
import type { Variables } from './variables';

export type ConfigReading =
  | { readonly ok: true; readonly settings: Settings }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] };

/** What the file at hand came to, with words for the person who starts Holdpoint. */
export type ConfigFileReading =
  | { readonly ok: true; readonly settings: Settings; readonly notice: string | null }
  | { readonly ok: false; readonly problems: readonly string[] };

/** `mcpServers` is what Claude Desktop and Cursor write, `servers` and `inputs` what VS Code writes. */
const known = ['mcpServers', 'servers', 'inputs', 'holdpoint', '$schema'];
const ownKeys = [
  'rules',
  'idleSession',
  'requestDeadline',
  'heartbeat',
  'endingGrace',
  'agents',
  'models',
  'mail',
  'limits',
  'keeping',
];
const limitKeys = ['sessionsPerAgent', 'openCallsPerSession', 'requestsPerSecond', 'argumentsBytes'];
const largestFileBytes = 1_048_576;

const defaults = {
  idleSessionMs: 15 * 60_000,
  requestDeadlineMs: 30 * 60_000,
  heartbeatMs: 10_000,
  endingGraceMs: 5_000,
  agents: agentDefaults,
  models: [],
  mail: null,
  keeping: keepingDefaults,
  limits: { sessionsPerAgent: 50, openCallsPerSession: 200, requestsPerSecond: 100, argumentsBytes: 1_048_576 },
} as const;

/** Settings without any server or rule. */
export function emptySettings(): Settings {
  return { ...defaults, servers: [], rules: [] };
}

/**
 * Reads the file. One that is missing is an error when it was asked for by name, and else means that
 * no server is configured yet.
 */
export async function readConfigFile(
  file: { readonly path: string; readonly explicit: boolean },
  variables: Variables,
): Promise<ConfigFileReading> {
  let text: string;
  try {
    text = await readFile(file.path, 'utf8');
  } catch (error) {
    return isMissing(error) && !file.explicit
      ? { ok: true, settings: emptySettings(), notice: missingNotice(file.path) }
      : { ok: false, problems: [unreadable(file.path, error)] };
  }
  if (text.length > largestFileBytes)
    return { ok: false, problems: [`${file.path}: a configuration file has at most 1 MB.`] };
  const reading = parseConfig({ path: file.path, text }, variables);
  if (!reading.ok) return { ok: false, problems: reading.problems.map(problemText) };
  const notice =
    reading.settings.servers.length === 0 ? `${file.path} names no server, so agents find no tools.` : null;
  return { ok: true, settings: reading.settings, notice };
}

/** Reads the text of a file; `path` is for messages and for relative folders in it. */
export function parseConfig(
  file: { readonly path: string; readonly text: string },
  variables: Variables,
): ConfigReading {
  const source = new ConfigSource(basename(file.path), file.text);
  const root = source.root();
  const fields = root === null ? null : source.record(root, { known, expected: '{ "mcpServers": { … } }' });
  if (root === null || fields === null) return { ok: false, problems: source.problems };
  const context = { source, variables, folder: dirname(resolve(file.path)) };
  const { servers, names } = readServers(context, root, fields);
  const own = readOwnSettings(context, fields.get('holdpoint'), names);
  if (source.problems.length > 0) return { ok: false, problems: source.problems };
  return { ok: true, settings: { ...own, servers } };
}

type Fields = ReadonlyMap<string, Property>;

function readServers(
  context: { readonly source: ConfigSource; readonly variables: Variables; readonly folder: string },
  root: Entry,
  fields: Fields,
): { readonly servers: readonly ServerEntry[]; readonly names: readonly string[] } {
  const property = fields.get('mcpServers') ?? fields.get('servers');
  if (property === undefined) {
    if (!fields.has('holdpoint')) context.source.report(root, 'expected "mcpServers", an object of servers by name.');
    return { servers: [], names: [] };
  }
  if (fields.has('mcpServers') && fields.has('servers')) {
    context.source.report(root, 'expected either "mcpServers" or "servers", found both.');
  }
  const entries = context.source.properties(property, 'an object of servers by name') ?? [];
  const readings = entries.map((entry) => readServer(context, entry));
  return {
    servers: readings.flatMap((reading) => (reading.kind === 'server' ? [reading.server] : [])),
    names: entries.map((entry) => entry.name),
  };
}

function readOwnSettings(
  context: ServerContext,
  property: Property | undefined,
  serverNames: readonly string[],
): Omit<Settings, 'servers'> {
  const { source } = context;
  const shape = { known: ownKeys, expected: `an object with ${ownKeys.join(', ')}` };
  const fields = property === undefined ? null : source.record(property, shape);
  const duration = (name: string, fallbackMs: number): number => {
    const field = fields?.get(name);
    return field === undefined ? fallbackMs : (durationSetting(source, field) ?? fallbackMs);
  };
  return {
    rules: readRules(source, fields?.get('rules'), serverNames),
    idleSessionMs: duration('idleSession', defaults.idleSessionMs),
    requestDeadlineMs: duration('requestDeadline', defaults.requestDeadlineMs),
    heartbeatMs: duration('heartbeat', defaults.heartbeatMs),
    endingGraceMs: duration('endingGrace', defaults.endingGraceMs),
    agents: readAgents(source, fields?.get('agents')),
    models: readModels(context, fields?.get('models')),
    mail: readMail(context, fields?.get('mail')),
    limits: readLimits(source, fields?.get('limits')),
    keeping: readKeeping(source, fields?.get('keeping')),
  };
}

function readLimits(source: ConfigSource, property: Property | undefined): Settings['limits'] {
  const shape = { known: limitKeys, expected: `an object with ${limitKeys.join(', ')}` };
  const fields = property === undefined ? null : source.record(property, shape);
  const count = (name: 'sessionsPerAgent' | 'openCallsPerSession' | 'requestsPerSecond'): number => {
    const field = fields?.get(name);
    const range = { least: 1, most: 100_000 };
    return field === undefined ? defaults.limits[name] : (countSetting(source, field, range) ?? defaults.limits[name]);
  };
  const bytes = fields?.get('argumentsBytes');
  const range = { least: 1_024, most: 64 * 1_048_576 };
  return {
    sessionsPerAgent: count('sessionsPerAgent'),
    openCallsPerSession: count('openCallsPerSession'),
    requestsPerSecond: count('requestsPerSecond'),
    argumentsBytes:
      bytes === undefined
        ? defaults.limits.argumentsBytes
        : (byteSizeSetting(source, bytes, range) ?? defaults.limits.argumentsBytes),
  };
}

function missingNotice(path: string): string {
  return `There is no ${path}, so agents find no tools. Make one like this: { "mcpServers": { "name": { "url": "https://…/mcp" } } }`;
}

function unreadable(path: string, error: unknown): string {
  return isMissing(error)
    ? `HOLDPOINT_CONFIG: expected a configuration file, but there is no ${path}.`
    : `${path}: this file cannot be read (${error instanceof Error ? error.message : String(error)}).`;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
