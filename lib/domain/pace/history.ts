import type { Pace, Usual } from '../pace';
import { unknownPace } from '../pace';
import { emptyHistogram, type Histogram, merged, quantile, weightOf, withSpan } from './histogram';
import type { Heard } from './hearing';

/** What was learned of one tool of one server. */
export interface ToolHistory {
  /** Between signs of life, of calls that gave any. */
  readonly gaps: Histogram;
  /** At work from the sending to the result, of calls that succeeded. */
  readonly durations: Histogram;
  /** Calls that gave signs, and calls that gave none; old ones count less and less. */
  readonly talked: number;
  readonly silent: number;
}

export const emptyHistory: ToolHistory = { gaps: emptyHistogram, durations: emptyHistogram, talked: 0, silent: 0 };

/** What the configuration says of a tool; null: nothing. Ceilings of what is learned. */
export interface PaceLimits {
  readonly slowAfterMs: number | null;
  readonly stalledAfterMs: number | null;
}

/** However many messages one call sends, it counts as no more than this many gaps. */
const mostGapsOfCall = 16;
const mostCalls = 64;

/** Before this many calls nothing is usual. */
const leastCalls = 4;
/** Of a tool that is usually heard from; a single gap a call says little. */
const leastGaps = 12;
/** Whoever exceeds what nine of ten did not by this much is slow, by that much stalled. */
const usualShare = 0.9;
const slowTimes = 3;
const stalledTimes = 10;
/** A tool that is usually done at once is not slow for a hiccup. */
const leastSlowMs = 5_000;
const leastStalledMs = 60_000;
/** What is learned never lets a server be quiet for longer, unless the configuration does. */
const mostStalledMs = 3_600_000;

/** A call's end, as far as it says what is usual. */
export function learn(history: ToolHistory, heard: Heard): ToolHistory {
  const gaps = merged(history.gaps, heard.gaps, mostGapsOfCall);
  const durations = heard.durationMs === null ? history.durations : withSpan(history.durations, heard.durationMs);
  if (weightOf(heard.gaps) === 0 && heard.durationMs === null) return history;
  const talked = history.talked + (heard.signs > 0 ? 1 : 0);
  const silent = history.silent + (heard.signs > 0 ? 0 : 1);
  const isMuch = talked + silent > mostCalls;
  return { gaps, durations, talked: isMuch ? talked / 2 : talked, silent: isMuch ? silent / 2 : silent };
}

/** How long a call of this tool may be quiet. Most of its calls decide whether it is judged by gaps or as a whole. */
export function paceOf(history: ToolHistory, limits: PaceLimits): Pace {
  const { gaps, durations, talked, silent } = history;
  if (talked + silent < leastCalls) return unlearned(limits);
  if (talked >= silent && weightOf(gaps) >= leastGaps) return learned('gap', gaps, limits);
  return weightOf(durations) >= leastCalls ? learned('duration', durations, limits) : unlearned(limits);
}

function unlearned({ slowAfterMs, stalledAfterMs }: PaceLimits): Pace {
  const stalled = stalledAfterMs ?? Math.max(unknownPace.stalledAfterMs, slowAfterMs ?? 0);
  const slow = slowAfterMs ?? Math.min(unknownPace.slowAfterMs, stalled / 2);
  return { usual: null, slowAfterMs: Math.min(slow, stalled), stalledAfterMs: stalled };
}

function learned(by: Usual['by'], spans: Histogram, { slowAfterMs, stalledAfterMs }: PaceLimits): Pace {
  const most = quantile(spans, usualShare) ?? 0;
  const ceiling = stalledAfterMs ?? mostStalledMs;
  const stalled = Math.min(ceiling, Math.max(leastStalledMs, most * stalledTimes));
  const slow = Math.min(slowAfterMs ?? stalled, stalled, Math.max(leastSlowMs, most * slowTimes));
  // "Every 4 s" is the middle one; "within 12 s" is true of most.
  const usual = { by, ms: rounded(by === 'gap' ? (quantile(spans, 0.5) ?? 0) : most) };
  return { usual, slowAfterMs: Math.round(slow), stalledAfterMs: Math.round(stalled) };
}

/** Two digits are all that is known. */
function rounded(ms: number): number {
  if (ms >= 1_000 && ms < 10_000) return Math.round(ms / 1_000) * 1_000;
  const step = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, ms))) - 1);
  return Math.round(ms / step) * step;
}
