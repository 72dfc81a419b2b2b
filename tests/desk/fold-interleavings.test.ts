import { describe, expect, it } from 'vitest';
import { type Driven, type Fold, Interleaving } from './fold/drive';
import { sabotages } from './fold/sabotage';

const seed = process.env['HOLDPOINT_DESK_SEED'] ?? 'desk';
const interleavings = 12_000;

interface Found {
  readonly first: { readonly seed: string; readonly violations: readonly string[] } | null;
  readonly ends: Readonly<Record<string, number>>;
  readonly taken: number;
  readonly refused: number;
}

/** Runs until the first violation; its seed alone brings it back. */
function runAll(count: number, fold?: Fold): Found {
  const ends: Record<string, number> = {};
  let taken = 0;
  let refused = 0;
  for (let index = 0; index < count; index += 1) {
    const name = `${seed}/${index}`;
    const driven: Driven = new Interleaving(name, fold).run();
    if (driven.violations.length > 0)
      return { first: { seed: name, violations: driven.violations }, ends, taken, refused };
    ends[driven.end] = (ends[driven.end] ?? 0) + 1;
    taken += driven.taken;
    refused += driven.refused;
  }
  return { first: null, ends, taken, refused };
}

describe('any interleaving of what people, time and the agent do to a held call', () => {
  it(`I1 I6 I7 I12 I15 ends in the one state the model has (${interleavings} interleavings)`, () => {
    const found = runAll(interleavings);
    expect(found.first).toBeNull();
    // The schedule reaches every end, and is refused often enough to mean something.
    for (const end of ['completed', 'rejected', 'expired', 'cancelled'])
      expect({ end, count: found.ends[end] ?? 0 }).toSatisfy(
        ({ count }: { count: number }) => count > interleavings / 50,
      );
    expect(found.taken).toBeGreaterThan(interleavings * 5);
    expect(found.refused).toBeGreaterThan(interleavings);
  });

  it.each(Object.entries(sabotages))('the comparison notices when %s', (_guard, fold) => {
    expect(runAll(600, fold).first).not.toBeNull();
  });
});
