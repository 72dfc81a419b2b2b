import { describe, expect, it } from 'vitest';
import { readRecovery, recoveryNoteMost } from '@/lib/domain/recovery';
import type { Json } from '@/lib/domain/json';

const longest = 'x'.repeat(recoveryNoteMost);

describe('a recovery decision (I4)', () => {
  it('to run again needs nothing else, and keeps nothing else', () => {
    expect(readRecovery({ choice: 'run_again' })).toEqual({ ok: true, decision: { choice: 'run_again' } });
    expect(readRecovery({ choice: 'run_again', note: 'twice' })).toEqual({
      ok: true,
      decision: { choice: 'run_again' },
    });
  });

  it.each([
    ['a note', 'I restarted it.', 'I restarted it.'],
    ['a note with space around it', ' \n I restarted it.\t', 'I restarted it.'],
    ['the longest note', longest, longest],
    ['the longest note with space around it', ` ${longest} `, longest],
    ['a note of one character', '✓', '✓'],
  ])('done by hand, with %s', (_name, note, kept) => {
    expect(readRecovery({ choice: 'done_by_hand', note })).toEqual({
      ok: true,
      decision: { choice: 'done_by_hand', note: kept },
    });
  });

  it.each<readonly [string, Json]>([
    ['no note', { choice: 'done_by_hand' }],
    ['an empty note', { choice: 'done_by_hand', note: '' }],
    ['a note of spaces', { choice: 'done_by_hand', note: ' \n\t ' }],
    ['a note that is no text', { choice: 'done_by_hand', note: 5 }],
    ['a note that is a list', { choice: 'done_by_hand', note: ['done'] }],
    ['a note one character too long', { choice: 'done_by_hand', note: `${longest}x` }],
  ])('is refused when done by hand with %s', (_name, content) => {
    expect(readRecovery(content)).toMatchObject({ ok: false, field: 'note', message: expect.stringMatching(/[.]$/) });
  });

  it.each<readonly [string, Json | null]>([
    ['nothing', null],
    ['no choice', {}],
    ['a choice nobody offers', { choice: 'give_up' }],
    ['a choice in another case', { choice: 'Run_Again' }],
    ['a choice that is no text', { choice: true }],
    ['a choice within a list', ['run_again']],
    ['a text', 'run_again'],
    ['a number', 1],
    ['a choice inherited from elsewhere', JSON.parse('{"__proto__":{"choice":"run_again"}}') as Json],
  ])('is refused with %s: nothing is run on a guess', (_name, content) => {
    expect(readRecovery(content)).toMatchObject({ ok: false, field: 'choice' });
  });

  it('says how long a note may be', () => {
    const reading = readRecovery({ choice: 'done_by_hand', note: `${longest}x` });
    expect(reading.ok ? '' : reading.message).toContain(String(recoveryNoteMost));
  });
});
