import { plainText } from './json-text';

/** PostgreSQL takes rows of an index up to 2,704 bytes: with what stands beside it, this is well within. */
export const longestSearchBytes = 1_800;

/** What people search by: in lower case, and so long that every database takes it, whatever names someone chose. */
export function searchText(words: readonly string[]): string {
  // No letter takes less than a byte: what is further is not looked at.
  const text = plainText(words.join(' ').toLowerCase().slice(0, longestSearchBytes));
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length <= longestSearchBytes) return text;
  let end = longestSearchBytes;
  // Not in the middle of a letter.
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.toString('utf8', 0, end);
}
