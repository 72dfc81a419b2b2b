import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readTeamId, type TeamId } from '@/lib/domain/ids';
import { longestDurationMs, readDurationText, writeDurationText } from '@/lib/domain/policy/duration-text';
import { usualTerms } from '@/lib/domain/policy/rule';
import {
  approversWords,
  deadlineWords,
  nameProblem,
  placeAt,
  routeWords,
  ruleName,
  termFieldWords,
} from '@/lib/domain/policy/words';

function team(text: string): TeamId {
  const id = readTeamId(text);
  if (id === null) throw new Error(text);
  return id;
}
const names = (id: TeamId): string => ({ payments: 'Payments', security: 'Security' })[id as string] ?? id;

describe('terms in words', () => {
  test('who approves, thresholds apart', () => {
    const terms = {
      ...usualTerms,
      approvals: [
        { count: 2, role: null, team: team('payments') },
        { count: 1, role: 'admin' as const, team: null },
      ],
      ownerMayApprove: false,
      reasonRequired: true,
      denials: 2,
    };
    expect(approversWords(terms, names)).toBe(
      '2 of Payments, or 1 admin; 2 to deny; not the agent’s owner; with a reason',
    );
    expect(approversWords(usualTerms, names)).toBe('1 person');
  });

  test('I7 what happens at the deadline is said with it', () => {
    expect(deadlineWords(usualTerms)).toBe('usual time, then denied');
    expect(deadlineWords({ ...usualTerms, deadlineMs: 900_000, atDeadline: 'allow' })).toBe('15 min, then allowed');
  });

  test('the way of a request through teams', () => {
    const terms = {
      ...usualTerms,
      team: team('payments'),
      escalation: { afterMs: 600_000, team: team('security') },
      fallbackTeam: team('gone'),
    };
    expect(routeWords(terms, names)).toBe('Payments; after 10 min also Security; gone when nobody is there');
  });

  test('the empty pointer is everything', () => {
    expect(termFieldWords({ ...usualTerms, editable: [''] }, 'editable', names)).toBe('all of them');
    expect(termFieldWords({ ...usualTerms, safeFields: ['/to', '/a~1b'] }, 'safeFields', names)).toBe('/to, /a~1b');
  });

  test('names', () => {
    expect(nameProblem('prod-writes', ['reads'])).toBeNull();
    expect(nameProblem('reads', ['reads'])).toBe('Another rule is called reads.');
    expect(nameProblem('', [])).toMatch(/^Give/);
    expect(nameProblem('no spaces', [])).toMatch(/^Letters/);
    expect(nameProblem('default-hold', [])).toMatch(/always there/);
    expect(ruleName('default-allow')).toBe('Default: allow');
  });
});

describe('the place of an error', () => {
  test('the line it lies in, and its word', () => {
    expect(placeAt('tool.name == "x" &&\nargz.amount > 5', 20)).toEqual({
      line: 2,
      column: 1,
      before: '',
      at: 'argz',
      after: '.amount > 5',
    });
    expect(placeAt('a +', 3)).toEqual({ line: 1, column: 4, before: 'a +', at: ' ', after: '' });
  });

  test('is inside the text whatever the offset, and the pieces make up the line', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z .\n]{0,30}$/), fc.integer({ min: -2, max: 40 }), (text, offset) => {
        const { line, column, before, at, after } = placeAt(text, offset);
        const whole = text.split('\n')[line - 1] ?? '';
        expect(before.length).toBe(column - 1);
        expect(`${before}${at}${after}`.trimEnd()).toBe(whole.trimEnd());
        expect(at.length).toBeGreaterThan(0);
      }),
      { seed: 4 },
    );
  });
});

describe('durations as people type them', () => {
  test.each([
    ['15m', 900_000],
    ['15 min', 900_000],
    ['1h 30m', 5_400_000],
    ['2H', 7_200_000],
    ['500ms', 500],
    ['30d', longestDurationMs],
  ])('%s', (text, ms) => {
    expect(readDurationText(text)).toBe(ms);
  });

  test.each(['', '15', '0m', '-5m', '1.5h', 'soon', '15m later', '31d', 'm', '9999999999d'])('not %s', (text) => {
    expect(readDurationText(text)).toBeNull();
  });

  test('what is written reads back the same', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: longestDurationMs }), (ms) => {
        expect(readDurationText(writeDurationText(ms))).toBe(ms);
      }),
      { seed: 4 },
    );
  });
});
