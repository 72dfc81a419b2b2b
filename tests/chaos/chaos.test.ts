import { expect, test } from 'vitest';
import { attack, nothingFound } from '@/tests/chaos/attack';

test('I1 I2 I3 I4 I5 I7 I9: under 14 rounds of attack no answer is lost or altered, nothing runs twice, nothing hangs (seed npm test)', async () => {
  expect(await attack({ seed: 'npm test', from: 7, rounds: 14 })).toEqual(nothingFound);
});
