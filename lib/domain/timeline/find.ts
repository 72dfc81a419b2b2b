import type { EventRow } from './row';
import type { RowGroup } from './words';

/** Which events of a session are looked for. */
export interface EventLook {
  readonly group: RowGroup | 'all';
  readonly search: string;
}

export const rowGroups = ['calls', 'people', 'progress', 'logs', 'connections', 'session'] as const;

/** Whether a row is looked for; the same on both sides, so that the server finds what the page would. */
export function isLookedFor(row: EventRow, { group, search }: EventLook): boolean {
  if (group !== 'all' && row.group !== group) return false;
  const wanted = search.trim().toLowerCase();
  return (
    wanted === '' ||
    row.words.toLowerCase().includes(wanted) ||
    (row.subject ?? '').toLowerCase().includes(wanted) ||
    (row.person?.name.toLowerCase().includes(wanted) ?? false) ||
    row.event.type.includes(wanted) ||
    String(row.seq) === wanted
  );
}
