import type { RequestId } from '@/lib/domain/ids';
import type { Arrangement, QueueGroupKey } from '@/lib/domain/queue';

/** Heights in pixels, as the stylesheet draws them. */
export interface RowSizes {
  readonly row: number;
  readonly head: number;
}

export const wideSizes: RowSizes = { row: 52, head: 28 };
export const phoneSizes: RowSizes = { row: 60, head: 28 };

export interface GroupLayout {
  readonly group: QueueGroupKey;
  readonly ids: readonly RequestId[];
  readonly top: number;
  readonly height: number;
  readonly head: number;
  /** How many rows stand above the group. */
  readonly before: number;
}

export interface ListLayout {
  readonly groups: readonly GroupLayout[];
  readonly height: number;
  readonly count: number;
  readonly sizes: RowSizes;
}

const headless: ReadonlySet<QueueGroupKey> = new Set(['over', 'newest']);

/** Where each group stands. Rows are equal, so that nothing is counted row by row. */
export function layOut(shown: Arrangement, sizes: RowSizes): ListLayout {
  let top = 0;
  let before = 0;
  const groups = shown.map(({ group, ids }): GroupLayout => {
    const head = headless.has(group) ? 0 : sizes.head;
    const placed = { group, ids, top, height: head + ids.length * sizes.row, head, before };
    top += placed.height;
    before += ids.length;
    return placed;
  });
  return { groups, height: top, count: before, sizes };
}

export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Which rows of a group lie within pixels of the list. */
export function rowsWithin({ ids, top, head }: GroupLayout, { row }: RowSizes, span: Span): Span {
  const at = (px: number): number => Math.floor((px - top - head) / row);
  const from = Math.max(0, Math.min(ids.length, at(span.from)));
  return { from, to: Math.max(from, Math.min(ids.length, at(span.to) + 1)) };
}

/** The top of a request's row; null when it is not in the list. */
export function topOfRow({ groups, sizes }: ListLayout, id: RequestId): number | null {
  for (const { ids, top, head } of groups) {
    const index = ids.indexOf(id);
    if (index !== -1) return top + head + index * sizes.row;
  }
  return null;
}

/** The row at a pixel, or the first one under it. */
export function rowAtPx({ groups, sizes }: ListLayout, px: number): RequestId | null {
  for (const group of groups) {
    if (px >= group.top + group.height) continue;
    const index = Math.max(0, Math.floor((px - group.top - group.head) / sizes.row));
    return group.ids[Math.min(index, group.ids.length - 1)] ?? null;
  }
  return null;
}

const soonRows = 30;

/** Whether the eye is near a place where rows of a further page would stand: the end, or that of the live calls. */
export function isNearMore({ groups, height, sizes }: ListLayout, span: Span): boolean {
  const margin = soonRows * sizes.row;
  if (span.to + margin >= height) return true;
  const live = groups.find(({ group }) => group === 'live');
  if (live === undefined) return false;
  const end = live.top + live.height;
  return span.from <= end && span.to + margin >= end;
}
