import { type LastDays, type Period, usualPeriod } from './period';

/** Words of a URL for the periods that follow today. */
const words: { readonly [word: string]: LastDays } = { today: 1, '7d': 7, '30d': 30 };

/** A period as a URL names it, `period` or `from` and `until`; null when it names none we know. */
export function readPeriod(query: URLSearchParams): Period | null {
  const [from, until, word] = [query.get('from'), query.get('until'), query.get('period')];
  if (from !== null || until !== null)
    return from === null || until === null || word !== null ? null : { is: 'dates', from, until };
  if (word === null) return usualPeriod;
  const days = Object.hasOwn(words, word) ? words[word] : undefined;
  return days === undefined ? null : { is: 'last', days };
}

/** The same as a URL's query, without the question mark; empty for the usual one. */
export function periodQuery(period: Period): string {
  if (period.is === 'dates') return new URLSearchParams({ from: period.from, until: period.until }).toString();
  const word = Object.keys(words).find((each) => words[each] === period.days) ?? '';
  return usualPeriod.is === 'last' && period.days === usualPeriod.days ? '' : `period=${word}`;
}
