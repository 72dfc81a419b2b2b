import { endManyMost } from '@/lib/domain/end-many';
import { type EndItemsLook, endItemsMost, endItemShows } from '@/lib/domain/end-operation';
import { endingHref } from './ending-words';

/** As an address says it: `?show=failed&page=3`. What it does not know it leaves aside. */
export function readEndingLook(query: URLSearchParams): EndItemsLook {
  const page = /^[1-9]\d{0,4}$/.exec(query.get('page') ?? '')?.[0];
  const from = (Number(page ?? 1) - 1) * endItemsMost;
  return {
    show: endItemShows.find((show) => show === query.get('show')) ?? 'all',
    from: from < endManyMost ? from : 0,
  };
}

export function endingLookHref(id: string, { show, from }: EndItemsLook): string {
  const page = Math.floor(from / endItemsMost) + 1;
  const query = new URLSearchParams({
    ...(show === 'all' ? {} : { show }),
    ...(page === 1 ? {} : { page: String(page) }),
  }).toString();
  return query === '' ? endingHref(id) : `${endingHref(id)}?${query}`;
}
