import { expect, test } from 'vitest';
import { knownInvariants, unknownInvariants } from '@/tests/support/invariant-ids';
import { readSourceTree } from '@/tests/support/source-tree';

test('every invariant that a test cites exists', () => {
  expect(unknownInvariants(readSourceTree())).toEqual([]);
});

test('the invariants are I1 to I15', () => {
  expect([knownInvariants[0], knownInvariants.at(-1), knownInvariants.length]).toEqual(['I1', 'I15', 15]);
});

test('an unknown invariant is found in a title, a table and a template', () => {
  const unknown = `I${16}`;
  const texts = [`test('${unknown}: no', () => {});`, `test.each([['${unknown}']])`, `describe(\`I1 and ${unknown}\``];
  const files = texts.map((text, index) => ({ path: `tests/a${index}.test.ts`, text }));
  expect(unknownInvariants(files)).toEqual(files.map((file) => `${file.path}: there is no ${unknown}`));
});

test('a number below the first, and code that is no test, are told apart', () => {
  const zero = `I${0}`;
  expect(unknownInvariants([{ path: 'tests/a.test.ts', text: `test('${zero}')` }])).toHaveLength(1);
  expect(unknownInvariants([{ path: 'lib/domain/a.ts', text: zero }])).toEqual([]);
});
