import type { ConfigSource, Entry, Property } from './config-source';
import { expand, type Variables } from './variables';

export interface ServerContext {
  readonly source: ConfigSource;
  readonly variables: Variables;
  /** The folder of the configuration file: a relative `cwd` starts here. */
  readonly folder: string;
}

export type Fields = ReadonlyMap<string, Property>;

export interface TextField {
  readonly text: string;
  readonly entry: Property;
}

/** A text with its variables replaced; null (and noted) when it is not one. */
export function expandText(context: ServerContext, entry: Entry, expected: string): string | null {
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

/** The texts of an object, by name. */
export function readTexts(context: ServerContext, property: Property | undefined): ReadonlyMap<string, TextField> {
  const properties =
    property === undefined ? [] : (context.source.properties(property, 'an object of names and texts') ?? []);
  const found = new Map<string, TextField>();
  for (const entry of properties) {
    const text = expandText(context, entry, 'text in quotes');
    if (text !== null) found.set(entry.name, { text, entry });
  }
  return found;
}

/** The headers of an entry, each fit to be sent. */
export function readHeaders(context: ServerContext, property: Property | undefined): ReadonlyMap<string, TextField> {
  const headers = readTexts(context, property);
  for (const [name, { text, entry }] of headers) {
    if (!/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(name))
      context.source.reportName(entry, 'this cannot be the name of a header.');
    // Anything else is refused by fetch, at the first call instead of here.
    else if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(text))
      context.source.report(entry, 'a header holds one line of text without control characters.');
  }
  return headers;
}

export function toRecord(fields: ReadonlyMap<string, TextField>): Readonly<Record<string, string>> {
  return Object.fromEntries([...fields].map(([name, field]) => [name, field.text]));
}
