import type { PersonRef } from '@/lib/domain/event';
import type { PersonId } from '@/lib/domain/ids';

/** What is being typed after an @, up to the cursor; null when it is no mention. */
export function mentionAt(text: string, cursor: number): { readonly from: number; readonly search: string } | null {
  const from = text.lastIndexOf('@', cursor - 1);
  if (from < 0 || (from > 0 && !/\s/.test(text.charAt(from - 1)))) return null;
  const search = text.slice(from + 1, cursor);
  return /\n/.test(search) || search.length > 40 ? null : { from, search };
}

const mostShown = 6;

/** People whose name, or a word of it, begins with what was typed. */
export function matchingPeople(people: readonly PersonRef[], search: string): readonly PersonRef[] {
  const wanted = search.trim().toLocaleLowerCase();
  return people
    .filter(({ name }) => {
      const lower = name.toLocaleLowerCase();
      return lower.startsWith(wanted) || lower.split(/[\s._-]+/).some((word) => word.startsWith(wanted));
    })
    .slice(0, mostShown);
}

/** The text with the mention written out, and where the cursor stands after it. */
export function withMention(
  text: string,
  at: { readonly from: number; readonly search: string },
  name: string,
): { readonly text: string; readonly cursor: number } {
  const before = `${text.slice(0, at.from)}@${name} `;
  return { text: before + text.slice(at.from + 1 + at.search.length).replace(/^ /, ''), cursor: before.length };
}

/** Who is named with an @ in a text. */
export function mentionsIn(text: string, people: readonly PersonRef[]): readonly PersonId[] {
  return people.filter(({ name }) => indexOfMention(text, name, people) >= 0).map(({ id }) => id);
}

/** A longer name that begins the same is another person. */
function indexOfMention(text: string, name: string, people: readonly PersonRef[]): number {
  const longer = people.map((other) => other.name).filter((other) => other !== name && other.startsWith(name));
  let at = text.indexOf(`@${name}`);
  while (at >= 0) {
    const here = at;
    const after = text.charAt(at + 1 + name.length);
    const isWhole = after === '' || !/[\p{L}\p{N}]/u.test(after);
    if (isWhole && !longer.some((other) => text.startsWith(`@${other}`, here))) return at;
    at = text.indexOf(`@${name}`, at + 1);
  }
  return -1;
}

export type TextPiece = { readonly kind: 'text' | 'mention'; readonly text: string };

/** A note's text with the people it names picked out. */
export function piecesOf(text: string, mentions: readonly PersonRef[]): readonly TextPiece[] {
  const names = mentions.map(({ name }) => `@${name}`).sort((a, b) => b.length - a.length);
  const pieces: TextPiece[] = [];
  let rest = text;
  while (rest !== '') {
    const found = names
      .map((name) => ({ name, at: rest.indexOf(name) }))
      .filter(({ at }) => at >= 0)
      .sort((a, b) => a.at - b.at || b.name.length - a.name.length)[0];
    if (found === undefined) return [...pieces, { kind: 'text', text: rest }];
    if (found.at > 0) pieces.push({ kind: 'text', text: rest.slice(0, found.at) });
    pieces.push({ kind: 'mention', text: found.name });
    rest = rest.slice(found.at + found.name.length);
  }
  return pieces;
}
