import type { Lane, LogMark, Tick } from '@/lib/domain/timeline/lane-model';
import { amount } from '@/lib/domain/timeline/phrases';
import type { DrawnAt } from './lane-marks';
import { atOf, pxOf, type Scale } from './scale';

export interface TickMark {
  readonly seq: number;
  readonly left: number;
}

export interface StageText {
  readonly seq: number;
  readonly left: number;
  readonly room: number;
  readonly count: string;
  readonly text: string;
}

/** Progress over time. `points`: as SVG takes them, within `width` and `curveHeight`. */
export interface Curve {
  readonly left: number;
  readonly width: number;
  readonly points: string;
}

/** A log message, by how loud it is: the loudest of those that would lie on each other. */
export interface LogDot {
  readonly seq: number;
  readonly left: number;
  readonly look: 'quiet' | 'warning' | 'error';
}

export const curveHeight = 20;
const letterPx = 6;
const tickRoomPx = 4;
const leastStagePx = 30;
const logRoomPx = 8;
const curveStepPx = 2;
const leastCurvePx = 24;

/** Ticks that would lie on each other are one: it costs by the marks there is room for, not by the ticks there are. */
export function ticksOf(ticks: readonly Tick[], scale: Scale): readonly TickMark[] {
  const marks: TickMark[] = [];
  for (let index = firstAfter(ticks, scale.from); index < ticks.length; ) {
    const tick = ticks[index];
    if (tick === undefined || tick.at > scale.to) break;
    const left = pxOf(scale, tick.at);
    marks.push({ seq: tick.seq, left });
    index = Math.max(index + 1, firstAfter(ticks, atOf(scale, left + tickRoomPx)));
  }
  return marks;
}

/** What it was at, by name, as far as there is room for the names. */
export function stagesOf(lane: Lane, drawn: DrawnAt): readonly StageText[] {
  const { scale } = drawn;
  const named = lane.stages;
  const stages: StageText[] = [];
  const edge = lane.to === null ? pxOf(scale, drawn.endAt) : scale.width;
  let taken = 0;
  // The one that was under way when the window begins is named at its edge.
  for (let index = Math.max(0, firstAfter(named, scale.from) - 1); index < named.length; index += 1) {
    const tick = named[index];
    if (tick === undefined || tick.at > scale.to) break;
    const next = named[index + 1];
    const nextPx = next === undefined ? null : pxOf(scale, next.at);
    if (nextPx !== null && nextPx - 6 < taken + leastStagePx && nextPx < scale.width && index < named.length - 1) {
      const narrow = nextPx - 6 - Math.max(taken, pxOf(scale, tick.at)) < wordsPx(tick);
      if (narrow) continue;
    }
    const limit = nextPx === null ? Math.min(scale.width, Math.max(edge, 0)) : Math.min(scale.width, nextPx - 6);
    const start = Math.max(0, pxOf(scale, tick.at));
    const wanted = wordsPx(tick);
    const left =
      next === undefined && start + wanted > limit ? Math.max(taken, Math.min(start, limit - wanted)) : start;
    const room = limit - left;
    if (left < taken || room < Math.min(leastStagePx, wanted)) continue;
    // The last is as far as it came, whatever it was called when it began.
    const count = countOf(next === undefined ? (lane.ticks.at(-1) ?? tick) : tick);
    stages.push({ seq: tick.seq, left, room, count, text: tick.message ?? '' });
    taken = left + Math.min(room, wanted) + 6;
  }
  return stages;
}

function wordsPx(tick: Tick): number {
  return (countOf(tick).length + (tick.message?.length ?? 0) + 1) * letterPx;
}

function countOf(tick: Tick): string {
  return tick.total === null ? amount(tick.progress) : `${amount(tick.progress)}/${amount(tick.total)}`;
}

/** Where no total is told, the furthest it came is the height of it. */
export function curveOf(lane: Lane, { scale, endAt }: DrawnAt): Curve | null {
  const first = lane.ticks[0];
  const last = lane.ticks.at(-1);
  if (first === undefined || last === undefined || first === last) return null;
  const [from, to] = [pxOf(scale, first.at), Math.min(pxOf(scale, lane.to ?? endAt), scale.width)];
  if (to < 0 || from > scale.width || to - from < leastCurvePx) return null;
  const left = Math.max(0, from);
  const most = lane.furthest;
  if (most <= 0) return null;
  const points: string[] = [];
  const end = lane.ticks.length - 1;
  for (let index = Math.max(0, firstAfter(lane.ticks, scale.from) - 1); index <= end; ) {
    const tick = lane.ticks[index];
    if (tick === undefined) break;
    const px = Math.max(0, pxOf(scale, tick.at) - left);
    if (px > to - left) break;
    const share = Math.min(1, Math.max(0, tick.progress / most));
    points.push(`${px.toFixed(1)},${((1 - share) * (curveHeight - 2) + 1).toFixed(1)}`);
    if (index === end) break;
    // The last is drawn wherever it stands.
    index = Math.min(end, Math.max(index + 1, firstAfter(lane.ticks, atOf(scale, left + px + curveStepPx))));
  }
  return points.length < 2 ? null : { left, width: to - left, points: points.join(' ') };
}

const looks: { readonly [L in LogMark['level']]: LogDot['look'] } = {
  debug: 'quiet',
  info: 'quiet',
  notice: 'quiet',
  warning: 'warning',
  error: 'error',
  critical: 'error',
  alert: 'error',
  emergency: 'error',
};
const loudness = { quiet: 0, warning: 1, error: 2 } as const;

export function logsOf(logs: readonly LogMark[], scale: Scale): readonly LogDot[] {
  const dots: LogDot[] = [];
  for (let index = firstAfter(logs, scale.from); index < logs.length; index += 1) {
    const log = logs[index];
    if (log === undefined || log.at > scale.to) break;
    const left = pxOf(scale, log.at);
    const look = looks[log.level];
    const last = dots.at(-1);
    if (last === undefined || left - last.left >= logRoomPx) dots.push({ seq: log.seq, left, look });
    else if (loudness[look] > loudness[last.look]) dots[dots.length - 1] = { ...last, seq: log.seq, look };
  }
  return dots;
}

/** The first at or after an instant; they stand in the order they came. */
function firstAfter(marks: readonly { readonly at: number }[], at: number): number {
  let low = 0;
  let high = marks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((marks[middle]?.at ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}
