import type { AuditEntry } from '@/lib/domain/audit';
import type { AuditEnds, AuditHealth } from '@/lib/domain/audit-look';

/** What the server said of one page. */
export interface AuditRead {
  readonly entries: readonly AuditEntry[];
  readonly next: number | null;
  readonly ends: AuditEnds | null;
  readonly health: AuditHealth;
}

/**
 * What is known of the log. All of it has numbers without gaps, so any place of it is shown and read where it is seen;
 * what a filter finds is known in one piece, from the newest or around an entry that was gone to, as far as it was read.
 */
export type AuditKnown =
  | {
      readonly is: 'all';
      readonly ends: AuditEnds;
      readonly entries: ReadonlyMap<number, AuditEntry>;
      /** Pages that were read, by their numbers divided by their size; the one used last comes last. */
      readonly pages: readonly number[];
      readonly health: AuditHealth;
    }
  | {
      readonly is: 'found';
      readonly entries: readonly AuditEntry[];
      /** Where to read on; null when all is read. */
      readonly next: number | null;
      /** Where to read what is newer than these; null when they begin with the newest. */
      readonly newer: number | null;
      readonly health: AuditHealth;
    };

/** One line of the list. `missing`: the log was read there and does not hold it, or not so that it can be read. */
export type AuditLine =
  | { readonly is: 'entry'; readonly seq: number; readonly entry: AuditEntry }
  | { readonly is: 'unread'; readonly seq: number }
  | { readonly is: 'missing'; readonly seq: number };

export const pageSize = 100;
/** Those used last stay: whoever goes through a long log fills no memory. */
const pagesMost = 60;

/** From the newest page of a look. */
export function begun(read: AuditRead, look: 'all' | 'found'): AuditKnown {
  const { ends, health, entries, next } = read;
  if (look === 'found' || ends === null) return { is: 'found', entries, next, newer: null, health };
  return readInto({ is: 'all', ends, entries: new Map(), pages: [], health }, read, ends.last);
}

/** What a filter finds around an entry: the page that begins with it, and the one of those newer. */
export function begunAround(older: AuditRead, newer: AuditRead): AuditKnown {
  const entries = [...newer.entries, ...older.entries];
  return { is: 'found', entries, next: older.next, newer: newer.next, health: older.health };
}

/** The newest page was read again: what is new is on top, and what was read stays. */
export function refreshed(known: AuditKnown, read: AuditRead): AuditKnown {
  const { ends, health } = read;
  if (known.is === 'all') {
    if (ends === null || ends.last < known.ends.last) return begun(read, 'all');
    const same = ends.last === known.ends.last && ends.first === known.ends.first;
    if (same && sameHealth(known.health, health)) return known;
    // The last page of before may have been read only in part.
    const pages = known.pages.filter((page) => page !== pageOf(known.ends.last));
    return readInto({ ...known, ends, health, pages }, read, ends.last);
  }
  const top = known.entries[0]?.seq ?? 0;
  // What is new does not follow upon what is shown.
  if (known.newer !== null) return sameHealth(known.health, health) ? known : { ...known, health };
  const fresh = read.entries.filter(({ seq }) => seq > top);
  if (fresh.length === 0) return sameHealth(known.health, health) ? known : { ...known, health };
  // More came than a page holds: what lies between is not known.
  if (fresh.length === read.entries.length && known.entries.length > 0 && read.next !== null)
    return begun(read, 'found');
  return { ...known, entries: [...fresh, ...known.entries], health };
}

/** Further entries: a page by its number, or what follows what was found. */
export function grown(known: AuditKnown, read: AuditRead, before: number): AuditKnown {
  if (known.is === 'all') return readInto({ ...known, health: read.health }, read, before - 1);
  const last = known.entries.at(-1)?.seq ?? Number.POSITIVE_INFINITY;
  // Not the next of what is there: the look changed meanwhile.
  if (known.next !== before) return known;
  const older = read.entries.filter(({ seq }) => seq < last);
  return { ...known, entries: [...known.entries, ...older], next: read.next, health: read.health };
}

/** Entries that are newer than all that was found so far. */
export function raised(known: AuditKnown, read: AuditRead, after: number): AuditKnown {
  // Not the next of what is there: the look changed meanwhile.
  if (known.is === 'all' || known.newer !== after) return known;
  const first = known.entries[0]?.seq ?? 0;
  const newer = read.entries.filter(({ seq }) => seq > first);
  return { ...known, entries: [...newer, ...known.entries], newer: read.next, health: read.health };
}

type All = Extract<AuditKnown, { readonly is: 'all' }>;

/** `from`: the highest number that was asked for. Pages that lie between it and the end of the reply are read. */
function readInto(known: All, { entries, next }: AuditRead, from: number): All {
  const all = new Map(known.entries);
  for (const entry of entries) all.set(entry.seq, entry);
  const lowest = Math.max(next ?? known.ends.first, known.ends.first);
  const read = pagesBetween(lowest, Math.min(from, known.ends.last), known.ends);
  const pages = [...known.pages.filter((page) => !read.includes(page)), ...read];
  const kept = pages.slice(-pagesMost);
  if (kept.length < pages.length) {
    const wanted = new Set(kept);
    for (const seq of all.keys()) if (!wanted.has(pageOf(seq))) all.delete(seq);
  }
  return { ...known, entries: all, pages: kept };
}

/** Pages of which every number that the log has lies within. */
function pagesBetween(lowest: number, highest: number, { first, last }: AuditEnds): readonly number[] {
  const pages: number[] = [];
  for (let page = pageOf(lowest); page <= pageOf(highest); page += 1) {
    const from = Math.max(page * pageSize, first);
    const to = Math.min(page * pageSize + pageSize - 1, last);
    if (from >= lowest && to <= highest) pages.push(page);
  }
  return pages;
}

export function pageOf(seq: number): number {
  return Math.floor(seq / pageSize);
}

/** The number to read a page before. */
export function beforeOf(page: number): number {
  return (page + 1) * pageSize;
}

/** The pages of lines in sight that are not read yet, the one in sight first on top. */
export function wantedPages(known: All, lines: { readonly first: number; readonly end: number }): readonly number[] {
  if (lines.end <= lines.first) return [];
  const { last, first } = known.ends;
  const top = pageOf(Math.max(first, last - lines.first));
  const bottom = pageOf(Math.max(first, last - lines.end + 1));
  const wanted: number[] = [];
  for (let page = top; page >= bottom; page -= 1) if (!known.pages.includes(page)) wanted.push(page);
  return wanted;
}

/** The list as it is drawn, newest first. */
export interface AuditLines {
  readonly length: number;
  at(index: number): AuditLine | undefined;
  /** Where a number stands, or -1. */
  placeOf(seq: number): number;
}

export function linesOf(known: AuditKnown): AuditLines {
  if (known.is === 'found') {
    const { entries } = known;
    const places = new Map(entries.map(({ seq }, at): [number, number] => [seq, at]));
    return {
      length: entries.length,
      at: (index) => {
        const entry = entries[index];
        return entry === undefined ? undefined : { is: 'entry', seq: entry.seq, entry };
      },
      placeOf: (seq) => places.get(seq) ?? -1,
    };
  }
  const { ends, entries } = known;
  const pages = new Set(known.pages);
  return {
    length: ends.last - ends.first + 1,
    at: (index) => {
      const seq = ends.last - index;
      if (index < 0 || seq < ends.first) return undefined;
      const entry = entries.get(seq);
      if (entry !== undefined) return { is: 'entry', seq, entry };
      return { is: pages.has(pageOf(seq)) ? 'missing' : 'unread', seq };
    },
    placeOf: (seq) => (seq < ends.first || seq > ends.last ? -1 : ends.last - seq),
  };
}

function sameHealth(a: AuditHealth, b: AuditHealth): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
