import type { ConfigSource, Property } from './config-source';
import { expand, type Variables } from './variables';

/** Where mail is handed in, and from whom it is. */
export interface MailEntry {
  readonly host: string;
  readonly port: number;
  /** From the first byte; by STARTTLS or not at all; by STARTTLS where the server offers it. */
  readonly tls: 'always' | 'start' | 'offered';
  readonly auth: { readonly user: string; readonly password: string } | null;
  readonly from: { readonly name: string; readonly address: string };
  /** Certificates to trust in place of the system's; null for those. */
  readonly ca: string | null;
}

const known = ['smtp', 'from'];
const smtpWords = 'an address such as "smtps://user:${SMTP_PASSWORD}@mail.example.com:465"';
const fromWords = 'a sender such as "Holdpoint <holdpoint@example.com>"';
const loopback = ['localhost', '127.0.0.1', '::1'];
const portOf = { 'smtps:': 465, 'smtp:': 587 } as const;

interface Context {
  readonly source: ConfigSource;
  readonly variables: Variables;
}

/** `holdpoint.mail`: null when it is left out or cannot be used, the latter noted. Values are never in a message. */
export function readMail(context: Context, property: Property | undefined): MailEntry | null {
  if (property === undefined) return null;
  const { source } = context;
  const fields = source.record(property, { known, expected: 'an object with smtp, from' });
  if (fields === null) return null;
  const smtp = fields.get('smtp');
  const from = fields.get('from');
  if (smtp === undefined) source.report(property, `expected "smtp", ${smtpWords}.`);
  if (from === undefined) source.report(property, `expected "from", ${fromWords}.`);
  const server = smtp === undefined ? null : readServer(context, smtp);
  const sender = from === undefined ? null : readSender(context, from);
  return server === null || sender === null ? null : { ...server, from: sender, ca: null };
}

function text({ source, variables }: Context, property: Property, expected: string): string | null {
  const found = source.text(property, expected);
  if (found === null) return null;
  const expansion = expand(found, variables);
  if (expansion.ok) return expansion.text;
  source.report(property, expansion.message);
  return null;
}

function readServer(context: Context, property: Property): Omit<MailEntry, 'from' | 'ca'> | null {
  const { source } = context;
  const url = parseSmtp(context, property);
  if (url === null) return null;
  const { protocol, hostname, port } = url;
  const secure = protocol === 'smtps:';
  if (!secure && protocol !== 'smtp:') {
    source.report(property, 'expected an address that begins with smtps:// or smtp://.');
    return null;
  }
  if (hostname === '' || url.search !== '' || url.hash !== '' || !['', '/'].includes(url.pathname)) {
    source.report(property, 'expected a host and a port alone, without a path or a query.');
    return null;
  }
  const auth = readAuth(source, property, url);
  if (auth === undefined) return null;
  const host = hostname.replace(/^\[|\]$/g, '');
  // A password never goes over the network in the clear.
  const plain = auth !== null && !loopback.includes(host) ? 'start' : 'offered';
  return { host, port: port === '' ? portOf[protocol] : Number(port), tls: secure ? 'always' : plain, auth };
}

/** Variables are put in after the address is taken apart, so that a password may hold any character. */
function parseSmtp(context: Context, property: Property): URL | null {
  const written = context.source.text(property, smtpWords);
  if (written === null) return null;
  const [, before = '', userinfo, after = ''] = /^([a-z]*:\/\/)(?:(.*)@)?([^@]*)$/is.exec(written) ?? [];
  const parts = [before, userinfo ?? '', after].map((part) => expand(part, context.variables));
  const bad = parts.find((part) => !part.ok);
  if (bad !== undefined && !bad.ok) {
    context.source.report(property, bad.message);
    return null;
  }
  const [scheme, , place] = parts.map((part) => (part.ok ? part.text : ''));
  const url = URL.parse(`${scheme}${userinfo === undefined ? '' : `${encodedUserinfo(context, userinfo)}@`}${place}`);
  if (url === null) context.source.report(property, `expected ${smtpWords}.`);
  return url;
}

function encodedUserinfo({ variables }: Context, userinfo: string): string {
  const [user = '', ...rest] = splitOutsideVariables(userinfo);
  const encode = (part: string): string => {
    const expansion = expand(part, variables);
    if (!expansion.ok) return '';
    // What is written in the file is encoded as in any URL; what a variable holds is taken as it is.
    return expansion.text === part ? part : encodeURIComponent(expansion.text);
  };
  return rest.length === 0 ? encode(user) : `${encode(user)}:${encode(rest.join(':'))}`;
}

/** At each colon that is not inside `${…}`. */
function splitOutsideVariables(userinfo: string): readonly string[] {
  return userinfo.match(/(?:\$\{[^}]*\}|[^:])+/g) ?? [];
}

/** Null without a name; undefined (and noted) when it cannot be used. */
function readAuth(source: ConfigSource, property: Property, url: URL): MailEntry['auth'] | undefined {
  if (url.username === '' && url.password === '') return null;
  try {
    const user = decodeURIComponent(url.username);
    const password = decodeURIComponent(url.password);
    if (user !== '' && password !== '' && !/\p{Cc}/u.test(`${user}${password}`)) return { user, password };
    source.report(property, 'expected both a name and a password before the "@", or neither.');
  } catch {
    source.report(property, 'the name or the password before the "@" is not encoded as in a URL. Use a variable.');
  }
  return undefined;
}

function readSender(context: Context, property: Property): MailEntry['from'] | null {
  const written = text(context, property, fromWords);
  if (written === null) return null;
  const named = /^\s*(?:"?([^"<>\p{C}]*?)"?\s*)<([^<>]+)>\s*$/u.exec(written);
  const address = (named?.[2] ?? written).trim();
  if (/^[^\s@<>(),;:\\"[\]\p{C}]{1,64}@[^\s@<>(),;:\\"[\]\p{C}]{1,255}$/u.test(address))
    return { name: (named?.[1] ?? '').trim(), address };
  context.source.report(property, `expected ${fromWords}.`);
  return null;
}
