import { plainText } from './json-text';

const longestSearch = 200;

/** `%` and `_` are looked for as themselves. Empty when there is nothing to look for. */
export function likePattern(search: string): string {
  const text = plainText(search.trim().toLowerCase().slice(0, longestSearch));
  return text === '' ? '' : `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`;
}
