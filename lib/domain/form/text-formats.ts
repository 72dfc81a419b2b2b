import { emailCharactersMax, uriCharactersMax } from '@/lib/domain/form/form-limits';

// Every check here is one pass over the text. Each accepts a subset of what ajv-formats accepts, so that the browser never
// calls valid what the server then refuses; guarded by tests/form/agreement.test.ts.

const monthDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

export function isDate(text: string): boolean {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (match === null) return false;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = month === 2 && leap ? 29 : (monthDays[month - 1] ?? 0);
  return day >= 1 && day <= days;
}

export function isDateTime(text: string): boolean {
  const match = /^(\d{4}-\d{2}-\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.\d{1,9})?(?:[Zz]|[+-](\d{2}):(\d{2}))$/.exec(text);
  if (match === null || !isDate(match[1] ?? '')) return false;
  const below = (part: string | undefined, limit: number): boolean => Number(part ?? '0') < limit;
  return (
    below(match[2], 24) && below(match[3], 60) && below(match[4], 60) && below(match[5], 24) && below(match[6], 60)
  );
}

const mailNamePart = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+$/;

function isHostLabel(label: string): boolean {
  return /^[A-Za-z0-9-]{1,63}$/.test(label) && !label.startsWith('-') && !label.endsWith('-');
}

export function isEmail(text: string): boolean {
  if (text.length > emailCharactersMax) return false;
  const at = text.lastIndexOf('@');
  if (at < 1) return false;
  const labels = text.slice(at + 1).split('.');
  return (
    text
      .slice(0, at)
      .split('.')
      .every((part) => mailNamePart.test(part)) &&
    labels.length >= 2 &&
    labels.every(isHostLabel)
  );
}

const uriParts = /^([A-Za-z][A-Za-z0-9+.-]*):(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s;
const pathText = /^(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*$/;
const queryText = /^(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*$/;
const hostText = /^(?:[A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*$/;
const userText = /^(?:[A-Za-z0-9._~!$&'()*+,;=:-]|%[0-9A-Fa-f]{2})*$/;

function isAuthority(authority: string): boolean {
  const at = authority.lastIndexOf('@');
  const [host = '', port = '', ...rest] = authority.slice(at + 1).split(':');
  const user = at === -1 ? '' : authority.slice(0, at);
  return rest.length === 0 && userText.test(user) && hostText.test(host) && host !== '' && /^\d{0,5}$/.test(port);
}

/** An absolute address; IPv6 literals are left out. */
export function isUri(text: string): boolean {
  if (text.length > uriCharactersMax) return false;
  const parts = uriParts.exec(text);
  if (parts === null) return false;
  const [, , authority, path = '', query = '', fragment = ''] = parts;
  if (authority === undefined ? path === '' || path.startsWith('//') : !isAuthority(authority)) return false;
  return pathText.test(path) && queryText.test(query) && queryText.test(fragment);
}
