const secondMs = 1_000;
const minuteMs = 60_000;
const hourMs = 3_600_000;
const dayMs = 86_400_000;

const two = (value: number): string => String(value).padStart(2, '0');

/** An instant as 14:36:12, in the person's own time zone. */
export function clockTime(at: number): string {
  const date = new Date(at);
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** An instant as 14:36:12, with the day in front when it is not `now`'s day. */
export function clockTimeFrom(at: number, now: number): string {
  const date = new Date(at);
  if (date.toDateString() === new Date(now).toDateString()) return clockTime(at);
  const day = date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' });
  return `${day}, ${clockTime(at)}`;
}

/** Time left as 04:12, 1:04:12 from an hour on, 3 d from two days on. Never negative. */
export function leftText(leftMs: number): string {
  const left = Math.max(0, leftMs);
  if (left >= 2 * dayMs) return `${Math.floor(left / dayMs)} d`;
  const hours = Math.floor(left / hourMs);
  const minutes = Math.floor((left % hourMs) / minuteMs);
  const seconds = Math.floor((left % minuteMs) / secondMs);
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${two(minutes)}:${two(seconds)}`;
}

/** A coarse time left for what is safe to wait: 12 min, 3 h, 2 d. */
export function roughLeft(leftMs: number): string {
  const left = Math.max(0, leftMs);
  if (left >= dayMs) return `${Math.floor(left / dayMs)} d`;
  if (left >= hourMs) return `${Math.floor(left / hourMs)} h`;
  return `${Math.max(1, Math.floor(left / minuteMs))} min`;
}

/** A span as 2 min 10 s; its two largest units. */
export function spanWords(spanMs: number): string {
  const span = Math.max(0, spanMs);
  if (span < minuteMs) return `${Math.floor(span / secondMs)} s`;
  if (span < hourMs)
    return joined([Math.floor(span / minuteMs), 'min'], [Math.floor((span % minuteMs) / secondMs), 's']);
  if (span < dayMs) return joined([Math.floor(span / hourMs), 'h'], [Math.floor((span % hourMs) / minuteMs), 'min']);
  return joined([Math.floor(span / dayMs), 'd'], [Math.floor((span % dayMs) / hourMs), 'h']);
}

function joined(large: readonly [number, string], small: readonly [number, string]): string {
  const head = `${large[0]} ${large[1]}`;
  return small[0] === 0 ? head : `${head} ${small[0]} ${small[1]}`;
}

/** How long ago, in one unit: just now, 40 s ago, 12 minutes ago. */
export function agoWords(agoMs: number): string {
  if (agoMs < 5 * secondMs) return 'just now';
  if (agoMs < minuteMs) return `${Math.floor(agoMs / secondMs)} s ago`;
  const [count, unit] =
    agoMs < hourMs
      ? ([Math.floor(agoMs / minuteMs), 'minute'] as const)
      : agoMs < dayMs
        ? ([Math.floor(agoMs / hourMs), 'hour'] as const)
        : ([Math.floor(agoMs / dayMs), 'day'] as const);
  return `${count} ${unit}${count === 1 ? '' : 's'} ago`;
}
