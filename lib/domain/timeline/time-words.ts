/** Times, spans and sizes as people read them: 14:36:12, 2 min 10 s, 04:12, 3.1 KB. */

const second = 1_000;
const minute = 60_000;
const hour = 3_600_000;
const day = 86_400_000;

function two(value: number): string {
  return String(value).padStart(2, '0');
}

/** "14:36:12", in the reader's time zone. */
export function clockTime(at: number): string {
  const date = new Date(at);
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** "14:36:12.114" */
export function clockTimeMs(at: number): string {
  return `${clockTime(at)}.${String(new Date(at).getMilliseconds()).padStart(3, '0')}`;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** "17 Nov 2026, 14:36:12.345" */
export function exactTime(at: number): string {
  const date = new Date(at);
  return `${date.getDate()} ${months[date.getMonth()] ?? ''} ${date.getFullYear()}, ${clockTimeMs(at)}`;
}

/** "17 Nov, 14:36", with the year when it is not this one. */
export function dayTime(at: number, now: number): string {
  const date = new Date(at);
  const year = date.getFullYear() === new Date(now).getFullYear() ? '' : ` ${date.getFullYear()}`;
  return `${date.getDate()} ${months[date.getMonth()] ?? ''}${year}, ${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** The clock time of today, the day and time of any other. */
export function whenWords(at: number, now: number): string {
  return sameDay(at, now) ? clockTime(at) : dayTime(at, now);
}

function sameDay(a: number, b: number): boolean {
  return new Date(a).toDateString() === new Date(b).toDateString();
}

/** "38 ms", "6 s", "2 min 10 s", "1 h 12 min", "2 d 3 h". A span is never negative. */
export function spanWords(spanMs: number): string {
  const ms = Math.max(0, spanMs);
  if (ms > 0 && ms < second) return `${Math.max(1, Math.round(ms))} ms`;
  if (ms < minute) return `${Math.floor(ms / second)} s`;
  if (ms < hour) return pair(ms, { unit: minute, name: 'min' }, { unit: second, name: 's' });
  if (ms < day) return pair(ms, { unit: hour, name: 'h' }, { unit: minute, name: 'min' });
  return pair(ms, { unit: day, name: 'd' }, { unit: hour, name: 'h' });
}

interface Unit {
  readonly unit: number;
  readonly name: string;
}

function pair(ms: number, big: Unit, small: Unit): string {
  const bigs = Math.floor(ms / big.unit);
  const smalls = Math.floor((ms - bigs * big.unit) / small.unit);
  return smalls === 0 ? `${bigs} ${big.name}` : `${bigs} ${big.name} ${smalls} ${small.name}`;
}

/** The larger unit alone, for a narrow column: "22 min", "1 h 12 min", "3 d". */
export function ageWords(spanMs: number): string {
  if (spanMs < minute) return `${Math.max(0, Math.floor(spanMs / second))} s`;
  if (spanMs < hour) return `${Math.floor(spanMs / minute)} min`;
  return spanWords(Math.floor(spanMs / minute) * minute);
}

/** A counting clock: "04:12", "1:04:12"; from a day on "2 d 3 h". */
export function countWords(spanMs: number): string {
  const total = Math.max(0, Math.floor(spanMs / second));
  if (total >= day / second) return spanWords(total * second);
  const hours = Math.floor(total / 3600);
  const rest = `${two(Math.floor((total % 3600) / 60))}:${two(total % 60)}`;
  return hours === 0 ? rest : `${hours}:${rest}`;
}

/** What fits in a small block: "6 s", "2:41", "1:04:12". */
export function shortSpan(spanMs: number): string {
  if (spanMs < minute) return spanWords(spanMs);
  return countWords(spanMs).replace(/^0/, '');
}

/** "812 B", "3.1 KB", "1.4 MB" */
export function sizeWords(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  if (bytes < 999_950) return `${(bytes / 1_000).toFixed(1)} KB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
