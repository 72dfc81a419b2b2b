/** Time to pixels and back, and where the axis has its marks. */
export interface Scale {
  readonly from: number;
  readonly to: number;
  readonly width: number;
}

export function pxOf(scale: Scale, at: number): number {
  return ((at - scale.from) / (scale.to - scale.from)) * scale.width;
}

export function atOf(scale: Scale, px: number): number {
  return scale.from + (px / scale.width) * (scale.to - scale.from);
}

export interface AxisTick {
  readonly at: number;
  readonly px: number;
  readonly label: string;
}

const second = 1_000;
const minute = 60_000;
const hour = 3_600_000;
const steps: readonly number[] = [
  ...[1, 2, 5, 10, 15, 30].map((count) => count * second),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * minute),
  ...[1, 2, 3, 6, 12, 24, 48, 168].map((count) => count * hour),
];

/** Marks at round local times, at least `roomPx` apart. */
export function ticksOf(scale: Scale, roomPx: number): readonly AxisTick[] {
  const span = scale.to - scale.from;
  if (span <= 0 || scale.width <= 0) return [];
  const least = (span / scale.width) * roomPx;
  const step = steps.find((candidate) => candidate >= least) ?? Math.ceil(least / (168 * hour)) * 168 * hour;
  const zoneMs = new Date(scale.from).getTimezoneOffset() * minute;
  const ticks: AxisTick[] = [];
  for (let at = Math.ceil((scale.from - zoneMs) / step) * step + zoneMs; at <= scale.to; at += step) {
    ticks.push({ at, px: pxOf(scale, at), label: labelOf(at, step) });
  }
  return ticks;
}

function labelOf(at: number, step: number): string {
  const date = new Date(at);
  const two = (value: number): string => String(value).padStart(2, '0');
  if (step >= 24 * hour) return `${date.getDate()}.${date.getMonth() + 1}.`;
  const time = `${two(date.getHours())}:${two(date.getMinutes())}`;
  return step < minute ? `${time}:${two(date.getSeconds())}` : time;
}
