import { describe, expect, it } from 'vitest';
import { maskedNames, withMasked } from '@/components/request/masked-values';
import { treeModel } from '@/components/ui/tree-model';
import type { Json } from '@/lib/domain/json';

const namesOf = (value: Json): string | null => maskedNames(treeModel(value, new Map()));
const commit = {
  words: 'Approve',
  later: 'Accept when online',
  look: 'primary',
  armed: 'Approve?',
  question: 'Write it, now?',
  seen: 'All the arguments are shown above.',
  goes: 'Releases the call to bank',
} as const;

describe('I6 I14 what is masked from who approves', () => {
  it.each([
    [{ key: 'open', note: 'small' }, null],
    [{ key: '[masked]' }, 'key'],
    [{ patient: { ssn: '[masked]', name: 'Jo' }, text: 'of [masked], born' }, 'patient.ssn, text'],
    [{ 'a/b~c': ['[masked]'] }, 'a/b~c.0'],
    [{ a: '[masked]', b: '[masked]', c: '[masked]', d: '[masked]', e: '[masked]' }, 'a, b, c and 2 more'],
  ] as const)('%j is named: %s', (value, names) => {
    expect(namesOf(value as Json)).toBe(names);
  });

  it('is said where it is committed, and the button says that it was not seen', () => {
    expect(withMasked(commit, null)).toBe(commit);
    const { armed, question, seen } = withMasked(commit, 'key');
    expect([armed, question]).toEqual(['Approve unseen?', 'Write it, now? You have not seen key.']);
    expect(seen).not.toContain('All the arguments are shown');
  });
});
