import { describe, expect, it } from 'vitest';
import { sweep } from './enumerate';
import { pagesFirst } from './scenarios';

/** What lies between the first sending and the second; other events may stand in the same commit. */
const landmarks = [
  /^before the commit of .*call\.turned_back \+ request\.opened \+ request\.opened$/m,
  /^after the commit of .*call\.turned_back \+ request\.opened \+ request\.opened$/m,
  /^after the commit of request\.answered$/m,
  /^before the commit of .*request\.answered \+ call\.urls_done$/m,
  /^after the commit of .*request\.answered \+ call\.urls_done$/m,
  /^before sendCall \(2\)$/m,
  /^the tool started \(2\)$/m,
  /^after sendCall \(2\)$/m,
];
const longMs = 180_000;

describe('killed at every boundary of a call that its server turns back, and started again', () => {
  it.each(pagesFirst)(
    'I2 I3 I4 I5 I15 $name',
    async (scenario) => {
      const { findings, killedAt } = await sweep(scenario);
      expect(findings).toEqual([]);
      const passed = [...killedAt].join('\n');
      for (const landmark of landmarks) expect(passed).toMatch(landmark);
    },
    longMs,
  );
});
