import type { LucideIcon } from 'lucide-react';

export interface PaletteEntry {
  readonly id: string;
  readonly label: string;
  readonly detail?: string;
  readonly icon?: LucideIcon;
  /** Its keys, where it has some. */
  readonly keys?: string;
  readonly run: () => void;
}

export interface PaletteGroup {
  readonly name: string;
  readonly entries: readonly PaletteEntry[];
}

/** What of the groups says every word that was typed; those whose name begins with it first. */
export function matching(groups: readonly PaletteGroup[], typed: string): readonly PaletteGroup[] {
  const words = typed
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return groups;
  const starts = ({ label }: PaletteEntry): number => (label.toLowerCase().startsWith(words[0] ?? '') ? 0 : 1);
  return groups.flatMap(({ name, entries }) => {
    const found = entries.filter(({ label, detail = '' }) => {
      const text = `${name} ${label} ${detail}`.toLowerCase();
      return words.every((word) => text.includes(word));
    });
    return found.length === 0 ? [] : [{ name, entries: found.toSorted((a, b) => starts(a) - starts(b)) }];
  });
}

/** The entry that many steps away, round the ends. */
export function stepped(count: number, at: number, step: number): number {
  return count === 0 ? 0 : (((at + step) % count) + count) % count;
}
