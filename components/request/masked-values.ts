import type { TreeModel } from '@/components/ui/tree-model';
import { masked } from '@/lib/domain/masking/masked';
import { readPointer } from '@/lib/domain/policy/pointer';
import type { BarCommit } from './answer-bar-props';

const namedMost = 3;

/** The values that are masked from who judges them, by name: "key, patient.ssn and 2 more"; null when none is. */
export function maskedNames({ rows }: TreeModel): string | null {
  const names = rows.flatMap((row) =>
    row.kind === 'masked' || (row.kind === 'text' && row.text.includes(masked)) ? [nameOf(row.path)] : [],
  );
  return fewOf(names);
}

/** "key, patient.ssn and 2 more"; null of none. */
export function fewOf(names: readonly string[]): string | null {
  if (names.length === 0) return null;
  const more = names.length - namedMost;
  return more > 0 ? `${names.slice(0, namedMost).join(', ')} and ${more} more` : names.join(', ');
}

function nameOf(path: string): string {
  return (readPointer(path) ?? []).join('.') || 'all of it';
}

/** What was not seen is named where it is committed: nobody approves it without knowing. */
export function withMasked(commit: BarCommit, names: string | null): BarCommit {
  if (names === null) return commit;
  return {
    ...commit,
    armed: commit.armed.replace(/\?$/, ' unseen?'),
    question: `${commit.question} You have not seen ${names}.`,
    seen: 'Reveal it above, on record.',
  };
}
