import type { LaneId, Timeline } from '@/lib/domain/timeline';
import type { EventRow } from '@/lib/domain/timeline/row';
import type { RowGroup } from '@/lib/domain/timeline/words';

export interface EventFilter {
  readonly group: RowGroup | 'all';
  readonly search: string;
  readonly laneId: LaneId | null;
}

export const noEventFilter: EventFilter = { group: 'all', search: '', laneId: null };

export const groupNames: { readonly [G in RowGroup | 'all']: string } = {
  all: 'All kinds',
  calls: 'Calls',
  people: 'People',
  progress: 'Progress',
  logs: 'Logs',
  connections: 'Connections',
  session: 'Session',
};

/** The lane an event is drawn on; null when it is drawn on none. */
export function laneOfRow(timeline: Timeline, row: EventRow): LaneId | null {
  if (row.callId !== null && timeline.lanes.has(row.callId)) return row.callId;
  return row.requestId !== null && timeline.lanes.has(row.requestId) ? row.requestId : null;
}

/** The rows a filter lets through, newest first. */
export function filteredRows(timeline: Timeline, filter: EventFilter): readonly EventRow[] {
  const search = filter.search.trim().toLowerCase();
  const rows: EventRow[] = [];
  for (let index = timeline.rows.length - 1; index >= 0; index -= 1) {
    const row = timeline.rows[index];
    if (row === undefined) continue;
    if (filter.group !== 'all' && row.group !== filter.group) continue;
    if (filter.laneId !== null && laneOfRow(timeline, row) !== filter.laneId) continue;
    if (search !== '' && !matches(row, search)) continue;
    rows.push(row);
  }
  return rows;
}

function matches(row: EventRow, search: string): boolean {
  const person = row.person?.name.toLowerCase() ?? '';
  return (
    row.words.toLowerCase().includes(search) ||
    (row.subject ?? '').toLowerCase().includes(search) ||
    person.includes(search) ||
    row.event.type.includes(search) ||
    String(row.seq) === search
  );
}
