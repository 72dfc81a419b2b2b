import { resolve } from 'node:path';
import type { ServerEntry } from '@/server/engine/ports/servers';
import { readAgentCore } from './agentcore-entry';
import type { ConfigSource, Property } from './config-source';
import { paceKeys, readPace } from './pace-entry';
import { type LimitPreset, readServerLimits } from './server-limits';
import { serverNameProblem } from './server-name';
import { expandText, type Fields, readHeaders, readTexts, type ServerContext, toRecord } from './server-text';

type Transport = ServerEntry['transport'];
/** The key that says what kind of server it is. */
type Kind = 'url' | 'command' | 'agentcore';

const known = ['type', 'url', 'agentcore', 'headers', 'command', 'args', 'env', 'cwd', 'disabled', 'holdpoint'];
const types = ['http', 'streamable-http', 'streamableHttp', 'stdio'];
const kinds: readonly Kind[] = ['url', 'command', 'agentcore'];
const stdioOnly = ['args', 'env', 'cwd'];

/** What one entry of `mcpServers` came to. */
export type ServerReading =
  | { readonly kind: 'server'; readonly server: ServerEntry }
  | { readonly kind: 'disabled' | 'wrong' };

export function readServer(context: ServerContext, property: Property): ServerReading {
  const { source } = context;
  const before = source.problems.length;
  const nameProblem = serverNameProblem(property.name);
  if (nameProblem !== null) source.reportName(property, nameProblem);
  const fields = source.record(property, { known, expected: 'an object with "url" or "command"' });
  if (fields === null) return { kind: 'wrong' };
  const disabled = fields.get('disabled');
  if (disabled !== undefined && source.truth(disabled) === true) return { kind: 'disabled' };
  const transport = readTransport(context, { property, fields });
  const own = readOwnKeys(source, fields.get('holdpoint'), fields.has('agentcore') ? 'agentcore' : 'default');
  if (transport === null || source.problems.length > before) return { kind: 'wrong' };
  return { kind: 'server', server: { name: property.name, transport, ...own } };
}

function readTransport(
  context: ServerContext,
  entry: { readonly property: Property; readonly fields: Fields },
): Transport | null {
  const { source } = context;
  const { property, fields } = entry;
  const type = readType(source, fields.get('type'));
  const [kind, ...more] = kinds.filter((name) => fields.has(name));
  if (kind === undefined) {
    source.report(
      property,
      'expected "url" for a server on the network, "command" for one to start here, or "agentcore" for a runtime of Amazon Bedrock.',
    );
    return null;
  }
  if (more.length > 0) {
    const found = more.length === 1 ? 'both' : 'all of them';
    source.report(property, `expected either ${listed([kind, ...more])}, found ${found}.`);
    return null;
  }
  const misplaced = (kind === 'command' ? ['headers'] : stdioOnly).flatMap((name) => fields.get(name) ?? []);
  for (const field of misplaced) source.reportName(field, `this key does not go with "${kind}".`);
  if (type !== null && (type === 'stdio') !== (kind === 'command')) {
    source.report(fields.get('type') ?? property, `"${type}" does not go with "${kind}".`);
  }
  switch (kind) {
    case 'url':
      return readHttp(context, fields);
    case 'command':
      return readStdio(context, fields);
    case 'agentcore':
      return readAgentCore(context, fields);
  }
}

function listed(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(' or ');
}

function readType(source: ConfigSource, property: Property | undefined): string | null {
  if (property === undefined) return null;
  const type = source.text(property, `one of ${types.join(', ')}`);
  if (type === null || types.includes(type)) return type;
  const hint = type === 'sse' ? " HTTP+SSE is the transport of 2024; give the server's Streamable HTTP address." : '';
  source.report(property, `expected one of ${types.join(', ')}, found "${type}".${hint}`);
  return null;
}

function readHttp(context: ServerContext, fields: Fields): Transport | null {
  const property = fields.get('url');
  const headers = readHeaders(context, fields.get('headers'));
  if (property === undefined) return null;
  const url = expandText(context, property, 'an address such as "https://example.com/mcp"');
  if (url === null || !isUsableUrl(context.source, property, url)) return null;
  return { kind: 'http', url, headers: toRecord(headers), sign: null };
}

function isUsableUrl(source: ConfigSource, property: Property, text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    source.report(property, 'expected an address that begins with http:// or https://.');
    return false;
  }
  if (url.username === '' && url.password === '') return true;
  source.report(property, 'a name or password in the address would be shown to people. Put it in "headers".');
  return false;
}

function readStdio(context: ServerContext, fields: Fields): Transport | null {
  const { source } = context;
  const command = fields.get('command');
  const env = readTexts(context, fields.get('env'));
  const args = readArgs(context, fields.get('args'));
  const cwdProperty = fields.get('cwd');
  const cwd = cwdProperty === undefined ? null : expandText(context, cwdProperty, 'a folder');
  if (command === undefined) return null;
  const program = expandText(context, command, 'a program to start');
  if (program === null) return null;
  if (program.trim() === '') {
    source.report(command, 'expected a program to start, found nothing.');
    return null;
  }
  return {
    kind: 'stdio',
    command: program,
    args,
    env: toRecord(env),
    cwd: cwd === null ? null : resolve(context.folder, cwd),
  };
}

function readArgs(context: ServerContext, property: Property | undefined): readonly string[] {
  if (property === undefined) return [];
  const items = context.source.items(property, 'a list of texts') ?? [];
  return items.flatMap((item) => expandText(context, item, 'text in quotes') ?? []);
}

function readOwnKeys(
  source: ConfigSource,
  property: Property | undefined,
  usual: LimitPreset,
): Pick<ServerEntry, 'trusted' | 'repeatable' | 'limits' | 'pace'> {
  const own = ['trusted', 'repeatable', 'limits', ...paceKeys];
  const shape = { known: own, expected: `an object with ${own.join(', ')}` };
  const fields = property === undefined ? null : source.record(property, shape);
  const trusted = fields?.get('trusted');
  return {
    trusted: trusted === undefined ? false : (source.truth(trusted) ?? false),
    repeatable: readPatterns(source, fields?.get('repeatable')),
    limits: readServerLimits(source, fields?.get('limits'), usual),
    pace: readPace(source, fields),
  };
}

function readPatterns(source: ConfigSource, property: Property | undefined): readonly string[] {
  if (property === undefined) return [];
  const expected = 'a name of a tool, in which "*" stands for any characters';
  return (source.items(property, 'a list of names of tools') ?? []).flatMap((item) => {
    const pattern = source.text(item, expected);
    if (pattern === '') source.report(item, `expected ${expected}, found nothing.`);
    return pattern ?? [];
  });
}
