import { describe, expect, it } from 'vitest';
import { dayWords } from '@/lib/domain/form/date-words';
import { localInput, withLocalOffset } from '@/lib/domain/form/local-time';
import { isDateTime } from '@/lib/domain/form/text-formats';

describe('dates in words', () => {
  it.each([
    ['2026-12-01', '2026-11-17', 'Tuesday, in 14 days'],
    ['2026-11-17', '2026-11-17', 'Tuesday, today'],
    ['2026-11-18', '2026-11-17', 'Wednesday, tomorrow'],
    ['2026-11-16', '2026-11-17', 'Monday, yesterday'],
    ['1969-12-31', '1970-01-03', 'Wednesday, 3 days ago'],
    ['2026-02-30', '2026-11-17', ''],
  ])('%s seen on %s: %s', (date, today, words) => {
    expect(dayWords(date, today)).toBe(words);
  });
});

describe('local times and offsets', () => {
  it.each(['2026-12-01T14:30', '2026-07-01T00:00', '2026-12-01T14:30:15', '0099-01-02T03:04'])(
    '%s comes back as typed',
    (local) => {
      const sent = withLocalOffset(local);
      expect(sent !== null && isDateTime(sent)).toBe(true);
      expect(sent === null ? '' : localInput(sent)).toBe(local);
    },
  );

  it('a default with an offset is the same instant', () => {
    const shown = localInput('2026-12-01T14:30:00Z');
    expect(Date.parse(withLocalOffset(shown) ?? '')).toBe(Date.parse('2026-12-01T14:30:00Z'));
  });

  it.each(['', 'x', '2026-12-01', '2026-13-45T99:99'])('%j is no time', (text) => {
    expect(localInput(text)).toBe('');
  });
});
