import type { LaneId, ServerGroup, Timeline } from '@/lib/domain/timeline';
import type { Lane } from '@/lib/domain/timeline/lane-model';
import { isTall } from './lane-marks';
import { rowAt } from './use-window';

export type TimelineRow =
  | { readonly kind: 'head'; readonly key: string; readonly group: ServerGroup }
  | { readonly kind: 'lane'; readonly key: string; readonly lane: Lane };

export type Room = 'wide' | 'phone';

const heights = { wide: { head: 26, lane: 28, tall: 44 }, phone: { head: 44, lane: 52, tall: 52 } } as const;

/** Rows that stand together: a head, or a chunk of lanes with the top of each within it. */
interface Block {
  readonly group: ServerGroup;
  /** Null for the head. */
  readonly lanes: readonly Lane[] | null;
  readonly tops: readonly number[];
}

const topsOfChunk = {
  wide: new WeakMap<readonly Lane[], readonly number[]>(),
  phone: new WeakMap<readonly Lane[], readonly number[]>(),
};

/**
 * Where head rows and lanes stand, from top to bottom. What a chunk of lanes takes is reckoned once, so that a change
 * costs by what it touches and not by how many lanes there are. Servers nobody called stay out.
 */
export class Layout {
  readonly count: number;
  readonly totalPx: number;
  private readonly blocks: readonly Block[];
  private readonly firsts: readonly number[];
  private readonly tops: readonly number[];

  constructor(timeline: Pick<Timeline, 'groups'>, room: Room) {
    this.blocks = timeline.groups.flatMap((group) => blocksOf(group, room));
    const firsts: number[] = [];
    const tops: number[] = [];
    let count = 0;
    let top = 0;
    for (const { tops: own } of this.blocks) {
      firsts.push(count);
      tops.push(top);
      count += own.length - 1;
      top += own.at(-1) ?? 0;
    }
    this.firsts = [...firsts, count];
    this.tops = [...tops, top];
    this.count = count;
    this.totalPx = top;
  }

  row(index: number): TimelineRow | undefined {
    const at = rowAt(this.firsts, index);
    const block = this.blocks[at];
    if (block === undefined || index < 0 || index >= this.count) return undefined;
    if (block.lanes === null) return { kind: 'head', key: `server ${block.group.server}`, group: block.group };
    const lane = block.lanes[index - (this.firsts[at] ?? 0)];
    return lane === undefined ? undefined : { kind: 'lane', key: lane.id, lane };
  }

  topOf(index: number): number {
    const at = rowAt(this.firsts, index);
    const block = this.blocks[at];
    return (this.tops[at] ?? 0) + (block?.tops[index - (this.firsts[at] ?? 0)] ?? 0);
  }

  /** The row at a pixel: the last one that does not begin after it. */
  rowAt(px: number): number {
    const at = rowAt(this.tops, px);
    const block = this.blocks[at];
    return block === undefined ? 0 : (this.firsts[at] ?? 0) + rowAt(block.tops, px - (this.tops[at] ?? 0));
  }

  /** Where the row of this key stands; null when there is none. */
  placeOf(key: string, seq: number | null): number | null {
    for (const [at, { group, lanes }] of this.blocks.entries()) {
      const first = this.firsts[at] ?? 0;
      if (lanes === null) {
        if (key === `server ${group.server}`) return first;
        continue;
      }
      if (seq !== null && (seq < (lanes[0]?.seq ?? 0) || seq > (lanes.at(-1)?.seq ?? 0))) continue;
      const found = lanes.findIndex(({ id }) => id === key);
      if (found >= 0) return first + found;
    }
    return null;
  }

  /** The lane after or before another, past heads; null at an end. */
  laneBeside(id: LaneId, seq: number, step: 1 | -1): Lane | null {
    const place = this.placeOf(id, seq);
    if (place === null) return null;
    for (let at = place + step; at >= 0 && at < this.count; at += step) {
      const row = this.row(at);
      if (row?.kind === 'lane') return row.lane;
    }
    return null;
  }
}

function blocksOf(group: ServerGroup, room: Room): readonly Block[] {
  if (group.lanes.size === 0 && !group.rails.some(isTelling)) return [];
  const head: Block = { group, lanes: null, tops: [0, heights[room].head] };
  return [head, ...group.lanes.chunks.map((lanes): Block => ({ group, lanes, tops: topsOf(lanes, room) }))];
}

function topsOf(lanes: readonly Lane[], room: Room): readonly number[] {
  const known = topsOfChunk[room].get(lanes);
  if (known !== undefined) return known;
  const tops = [0];
  let at = 0;
  for (const lane of lanes) tops.push((at += isTall(lane) ? heights[room].tall : heights[room].lane));
  topsOfChunk[room].set(lanes, tops);
  return tops;
}

/** A connection without calls is drawn when something happened to it. */
function isTelling(rail: ServerGroup['rails'][number]): boolean {
  return rail.end === 'lost' || rail.parts.some((part) => part.state === 'reattaching');
}
