/** Judging a URL a server wants a person to open. Nothing here fetches it, or looks its name up. */

export type LinkRefusal = 'unreadable' | 'scheme' | 'hidden_characters' | 'too_long';

export type LinkWarning = 'http' | 'user_info' | 'ip_address' | 'punycode' | 'local' | 'port' | 'rewritten';

/** The URL exactly as a browser will open it, in the pieces people are shown. */
export interface LinkParts {
  /** `https://`, with user info after it where there is any. */
  readonly before: string;
  readonly host: string;
  /** Port, path, query and fragment. */
  readonly after: string;
}

export type LinkVerdict =
  | { readonly ok: true; readonly href: string; readonly parts: LinkParts; readonly warnings: readonly LinkWarning[] }
  | { readonly ok: false; readonly code: LinkRefusal; readonly words: string };

export const warningWords: { readonly [W in LinkWarning]: string } = {
  http: 'Not encrypted: others on the network can read and change what you type there.',
  user_info: 'It has a name before an @ sign. Only what follows the @ is the real address.',
  ip_address: 'It names a machine by number, not by name.',
  punycode: 'The name has letters from other alphabets, which can imitate a name you know.',
  local: 'It points to this computer or your own network.',
  port: 'It uses an unusual port.',
  rewritten: 'It was written in a way browsers read differently. This is what would open.',
};

const longest = 8_000;
/** Spaces, control characters, and characters that hide or reorder text. */
const hidden = /[\u0000-\u0020\u007f-\u00a0\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/;

const refused = (code: LinkRefusal, words: string): LinkVerdict => ({ ok: false, code, words });

/** Only http and https are ever offered for opening. */
export function checkLink(text: string): LinkVerdict {
  if (text.length > longest)
    return refused(
      'too_long',
      `The address has ${text.length.toLocaleString('en-US')} characters, more than can be judged.`,
    );
  if (hidden.test(text))
    return refused(
      'hidden_characters',
      'The address has spaces or invisible characters in it, which can hide where it leads.',
    );
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return refused('unreadable', 'This is not an address a browser can open.');
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    return refused('scheme', `Only web addresses are opened, and this one starts with “${url.protocol}”.`);
  }
  return { ok: true, href: url.href, parts: partsOf(url), warnings: warningsOf(url, text) };
}

function partsOf(url: URL): LinkParts {
  const at = url.href.indexOf(url.hostname, url.href.indexOf('//') + 2 + userInfoOf(url).length);
  return { before: url.href.slice(0, at), host: url.hostname, after: url.href.slice(at + url.hostname.length) };
}

function userInfoOf(url: URL): string {
  if (url.username === '' && url.password === '') return '';
  return url.password === '' ? `${url.username}@` : `${url.username}:${url.password}@`;
}

function warningsOf(url: URL, text: string): readonly LinkWarning[] {
  const warnings: LinkWarning[] = [];
  if (url.protocol === 'http:') warnings.push('http');
  if (userInfoOf(url) !== '') warnings.push('user_info');
  if (isNumeric(url.hostname)) warnings.push('ip_address');
  if (url.hostname.split('.').some((label) => label.startsWith('xn--'))) warnings.push('punycode');
  if (isLocal(url.hostname)) warnings.push('local');
  if (url.port !== '') warnings.push('port');
  if (hostAsWritten(text) !== url.host && !warnings.includes('punycode')) warnings.push('rewritten');
  return warnings;
}

/** The browser's parser has turned decimal, octal and hex forms into dotted ones by now. */
function isNumeric(host: string): boolean {
  return host.startsWith('[') || /^\d{1,3}(\.\d{1,3}){3}$/.test(host);
}

const localNames = /(^|\.)(localhost|local|internal|lan|home\.arpa)\.?$/;

function isLocal(host: string): boolean {
  if (localNames.test(host)) return true;
  if (host.startsWith('[')) return /^\[(::1?\]|::ffff:|f[cd]|fe[89ab])/.test(host);
  const [first = -1, second = -1] = isNumeric(host) ? host.split('.').map(Number) : [];
  if (first === 0 || first === 10 || first === 127) return true;
  return (
    (first === 192 && second === 168) ||
    (first === 172 && second >= 16 && second <= 31) ||
    (first === 169 && second === 254)
  );
}

/** Host and port as the server wrote them, lower-cased; null when they stand where nobody expects them. */
function hostAsWritten(text: string): string | null {
  const written = /^https?:\/\/(?:[^/?#\\@]*@)?([^/?#\\@]+)(?:[/?#]|$)/i.exec(text)?.[1]?.toLowerCase() ?? null;
  if (written === null) return null;
  return written.replace(text.toLowerCase().startsWith('https:') ? /:443$/ : /:80$/, '');
}
