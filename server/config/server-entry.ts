import { resolve } from 'node:path';
import type { ServerEntry, ServerLimits } from '@/server/engine/ports/servers';
import type { ConfigSource, Entry, Property } from './config-source';
import { serverNameProblem } from './server-name';
import { durationSetting } from './setting';
import { expand, type Variables } from './variables';

export interface ServerContext {
  readonly source: ConfigSource;
  readonly variables: Variables;
  /** The folder of the configuration file: a relative `cwd` starts here. */
  readonly folder: string;
}

type Fields = ReadonlyMap<string, Property>;
type Transport = ServerEntry['transport'];

const known = ['type', 'url', 'headers', 'command', 'args', 'env', 'cwd', 'disabled', 'holdpoint'];
const types = ['http', 'streamable-http', 'streamableHttp', 'stdio'];
const httpOnly = ['url', 'headers'];
const stdioOnly = ['command', 'args', 'env', 'cwd'];
const noLimits: ServerLimits = { requestMs: null, idleMs: null, lifetimeMs: null };

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
  const own = readOwnKeys(source, fields.get('holdpoint'));
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
  const isHttp = fields.has('url');
  if (isHttp && fields.has('command')) {
    source.report(property, 'expected either "url" or "command", found both.');
    return null;
  }
  if (!isHttp && !fields.has('command')) {
    source.report(property, 'expected "url" for a server on the network, or "command" for one to start here.');
    return null;
  }
  const misplaced = (isHttp ? stdioOnly : httpOnly).flatMap((name) => fields.get(name) ?? []);
  for (const field of misplaced) source.reportName(field, `this key does not go with "${isHttp ? 'url' : 'command'}".`);
  if (type !== null && (type === 'stdio') === isHttp) {
    source.report(fields.get('type') ?? property, `"${type}" does not go with "${isHttp ? 'url' : 'command'}".`);
  }
  return isHttp ? readHttp(context, fields) : readStdio(context, fields);
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
  const headers = readTexts(context, fields.get('headers'));
  for (const [name, value] of headers) checkHeader(context.source, { name, ...value });
  if (property === undefined) return null;
  const url = expandText(context, property, 'an address such as "https://example.com/mcp"');
  if (url === null || !isUsableUrl(context.source, property, url)) return null;
  return { kind: 'http', url, headers: toRecord(headers) };
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

function checkHeader(
  source: ConfigSource,
  header: { readonly name: string; readonly text: string; readonly entry: Property },
): void {
  if (!/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(header.name))
    source.reportName(header.entry, 'this cannot be the name of a header.');
  // Anything else is refused by fetch, at the first call instead of here.
  else if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(header.text))
    source.report(header.entry, 'a header holds one line of text without control characters.');
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

interface TextField {
  readonly text: string;
  readonly entry: Property;
}

function readTexts(context: ServerContext, property: Property | undefined): ReadonlyMap<string, TextField> {
  const properties =
    property === undefined ? [] : (context.source.properties(property, 'an object of names and texts') ?? []);
  const found = new Map<string, TextField>();
  for (const entry of properties) {
    const text = expandText(context, entry, 'text in quotes');
    if (text !== null) found.set(entry.name, { text, entry });
  }
  return found;
}

function toRecord(fields: ReadonlyMap<string, TextField>): Readonly<Record<string, string>> {
  return Object.fromEntries([...fields].map(([name, field]) => [name, field.text]));
}

function expandText(context: ServerContext, entry: Entry, expected: string): string | null {
  const text = context.source.text(entry, expected);
  if (text === null) return null;
  const expansion = expand(text, context.variables);
  if (expansion.ok) {
    if (!expansion.text.includes('\0')) return expansion.text;
    context.source.report(entry, 'text may not contain a null character.');
    return null;
  }
  context.source.report(entry, expansion.message);
  return null;
}

function readOwnKeys(
  source: ConfigSource,
  property: Property | undefined,
): { readonly trusted: boolean; readonly limits: ServerLimits } {
  const shape = { known: ['trusted', 'limits'], expected: 'an object with "trusted" or "limits"' };
  const fields = property === undefined ? null : source.record(property, shape);
  const trusted = fields?.get('trusted');
  return {
    trusted: trusted === undefined ? false : (source.truth(trusted) ?? false),
    limits: readLimits(source, fields?.get('limits')),
  };
}

function readLimits(source: ConfigSource, property: Property | undefined): ServerLimits {
  if (property === undefined) return noLimits;
  const fields = source.record(property, {
    known: ['request', 'idle', 'lifetime'],
    expected: 'an object of durations',
  });
  const limit = (name: string): number | null => {
    const field = fields?.get(name);
    return field === undefined ? null : durationSetting(source, field);
  };
  return { requestMs: limit('request'), idleMs: limit('idle'), lifetimeMs: limit('lifetime') };
}
