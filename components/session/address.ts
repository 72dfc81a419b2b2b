import { rowGroups } from '@/lib/domain/timeline/find';
import type { LaneId } from '@/lib/domain/timeline';
import { type EventFilter, noEventFilter } from './event-filter';

/** What a session's address says beside which session it is: `?at=…&kind=…&find=…&lane=…#123`. */
export interface SessionAddress {
  /** The event that is chosen. */
  readonly seq: number | null;
  /** The instant it was opened at. */
  readonly at: number | null;
  readonly filter: EventFilter;
}

/** Whatever is not understood is left out: an old or a mangled link opens the session all the same. */
export function readAddress({ search, hash }: { readonly search: string; readonly hash: string }): SessionAddress {
  const query = new URLSearchParams(search);
  const seq = /^#([1-9]\d{0,9})$/.exec(hash)?.[1];
  const kind = query.get('kind');
  return {
    seq: seq === undefined ? null : Number(seq),
    at: readAt(query.get('at')),
    filter: {
      ...noEventFilter,
      group: rowGroups.find((group) => group === kind) ?? 'all',
      search: (query.get('find') ?? '').slice(0, 200),
      laneId: readLane(query.get('lane')),
    },
  };
}

export function writeAddress({ seq, at, filter }: SessionAddress): string {
  const query = new URLSearchParams();
  if (at !== null) query.set('at', new Date(at).toISOString());
  if (filter.group !== 'all') query.set('kind', filter.group);
  if (filter.search.trim() !== '') query.set('find', filter.search.trim());
  if (filter.laneId !== null) query.set('lane', filter.laneId);
  const text = query.toString().replaceAll('%3A', ':');
  return `${text === '' ? '' : `?${text}`}${seq === null ? '' : `#${seq}`}`;
}

/** Milliseconds, or an instant as it is written. */
function readAt(text: string | null): number | null {
  if (text === null) return null;
  if (/^\d{10,14}$/.test(text)) return Number(text);
  const at = /^\d{4}-\d{2}-\d{2}T/.test(text) ? Date.parse(text) : Number.NaN;
  return at >= 0 ? Math.trunc(at) : null;
}

function readLane(text: string | null): LaneId | null {
  return text !== null && /^(call|req)_\w{1,64}$/.test(text) ? (text as LaneId) : null;
}
