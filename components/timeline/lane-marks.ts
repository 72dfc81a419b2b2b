import { personAt } from '@/lib/domain/timeline/lane';
import type { Lane, LaneBreak, Segment, SegmentPerson } from '@/lib/domain/timeline/lane-model';
import { countWords, shortSpan } from '@/lib/domain/timeline/time-words';
import { paceAt, type ServerPace } from '@/lib/domain/pace';
import { liveLabel, outcomeLabel, type SideLabel } from './lane-words';
import {
  type Curve,
  curveOf,
  type LogDot,
  logsOf,
  type StageText,
  stagesOf,
  type TickMark,
  ticksOf,
} from './progress-marks';
import { pxOf, type Scale } from './scale';

/** A stretch of a lane in pixels. */
export interface Block {
  readonly key: string;
  readonly kind: Segment['kind'];
  readonly left: number;
  readonly width: number;
  readonly end: 'closed' | 'open';
  readonly person: SegmentPerson | null;
  /** Inside the block, as far as it fits. */
  readonly label: string | null;
  /** How much of it lies left of the window, so that its label stays in view. */
  readonly hidden: number;
  /** Where the line fades, for a server that went quiet. */
  readonly quiet: { readonly from: number; readonly pace: ServerPace } | null;
}

export interface PlacedLabel extends SideLabel {
  readonly side: 'left' | 'right';
  /** From the left edge, or from the right one for `left`. */
  readonly offset: number;
  readonly room: number;
}

/** Between two runs of a call, and the marks at its ends. */
export interface GapMark {
  readonly seq: number;
  readonly next: LaneBreak['next'];
  /** The dashes that link the runs; null where the run goes on unheard. */
  readonly link: { readonly left: number; readonly width: number } | null;
  readonly cut: number | null;
  readonly again: number | null;
}

export interface LaneMarks {
  readonly blocks: readonly Block[];
  readonly ticks: readonly TickMark[];
  readonly stages: readonly StageText[];
  readonly curve: Curve | null;
  readonly logs: readonly LogDot[];
  readonly gaps: readonly GapMark[];
  readonly outcome: number | null;
  readonly label: PlacedLabel | null;
  /** The time left, from now to the deadline or the edge. */
  readonly rest: {
    readonly left: number;
    readonly width: number;
    readonly text: string | null;
    readonly deadline: number | null;
  } | null;
}

/** What a lane is drawn at. */
export interface DrawnAt {
  readonly scale: Scale;
  readonly now: number;
  /** Where the lane's open stretches end: now, or the end of the session. */
  readonly endAt: number;
}

const letterPx = 6;
/** Wide enough for the widest system face: what is inside a block is never cut. */
const insideLetterPx = 7;
const markPx = 14;

export function isTall(lane: Lane): boolean {
  return lane.stages.length > 0;
}

/** Where everything of one lane stands. Marks that would lie on each other are left out, not squeezed. */
export function marksOf(lane: Lane, drawn: DrawnAt): LaneMarks {
  const { scale } = drawn;
  const inside = (px: number): boolean => px >= -1 && px <= scale.width + 1;
  const outcomePx = lane.outcome === null ? null : pxOf(scale, lane.outcome.at);
  return {
    blocks: lane.segments.flatMap((segment, index) =>
      isInGap(lane, segment) ? [] : blockOf(lane, segment, { drawn, index }),
    ),
    ticks: ticksOf(lane.ticks, scale),
    stages: stagesOf(lane, drawn),
    curve: curveOf(lane, drawn),
    logs: logsOf(lane.logs, scale),
    gaps: lane.breaks.flatMap((cut) => gapOf(lane, cut, drawn)),
    outcome: outcomePx !== null && inside(outcomePx) ? outcomePx : null,
    label: labelOf(lane, drawn),
    rest: restOf(lane, drawn),
  };
}

function blockOf(
  lane: Lane,
  segment: Segment,
  at: { readonly drawn: DrawnAt; readonly index: number },
): readonly Block[] {
  const { scale, now, endAt } = at.drawn;
  const left = pxOf(scale, segment.from);
  const right = pxOf(scale, Math.max(segment.from, segment.to ?? endAt));
  if (right < 0 || left > scale.width) return [];
  const from = Math.max(left, -8);
  const width = Math.max(
    segment.kind === 'people' || segment.kind === 'model' ? 4 : 3,
    Math.min(right, scale.width + 8) - from,
  );
  const person = personAt(segment, now);
  const open = segment.to === null && lane.to === null;
  const spent = shortSpan((segment.to ?? endAt) - segment.from);
  return [
    {
      key: `${segment.kind}${at.index}`,
      kind: segment.kind,
      left: from,
      width,
      end: open ? 'open' : 'closed',
      person,
      label: segment.kind === 'people' ? insideLabel(person, spent, width) : null,
      hidden: Math.max(0, -from),
      quiet: open && segment.kind === 'work' ? quietOf(lane, at.drawn, from) : null,
    },
  ];
}

/** The link of a gap stands for what is merely held in it. */
function isInGap({ breaks }: Lane, { kind, from }: Segment): boolean {
  return (
    kind === 'held' &&
    breaks.some(({ next, at, againAt }) => next !== 'result_lost' && from >= at && from < (againAt ?? Infinity))
  );
}

function gapOf(lane: Lane, cut: LaneBreak, { scale, endAt }: DrawnAt): readonly GapMark[] {
  const from = pxOf(scale, cut.at);
  const to = pxOf(scale, cut.againAt ?? lane.to ?? endAt);
  if (to < 0 || from > scale.width) return [];
  const left = Math.max(-8, from);
  const inside = (px: number): number | null => (px >= -1 && px <= scale.width + 1 ? px : null);
  return [
    {
      seq: cut.seq,
      next: cut.next,
      link: cut.next === 'result_lost' ? null : { left, width: Math.max(3, Math.min(to, scale.width + 8) - left) },
      cut: inside(from),
      // Two marks that would lie on each other are one.
      again: cut.againAt === null || to - from < markPx ? null : inside(to),
    },
  ];
}

function insideLabel(person: SegmentPerson | null, spent: string, width: number): string | null {
  const free = width - (person === null ? 14 : 32);
  const first = person?.name.split(' ')[0] ?? '';
  const full = first === '' ? spent : `${first} ${spent}`;
  if (full.length * insideLetterPx <= free) return full;
  return spent.length * insideLetterPx <= free ? spent : null;
}

function quietOf(lane: Lane, drawn: DrawnAt, left: number): Block['quiet'] {
  const pace = paceAt(lane.pace, lane.lastSignAt, drawn.now);
  if (pace === 'busy') return null;
  return { from: Math.max(0, pxOf(drawn.scale, lane.lastSignAt + lane.pace.slowAfterMs / 4) - left), pace };
}

/** Beside the last mark: to its right, else left of the lane's beginning, else nowhere. */
function labelOf(lane: Lane, drawn: DrawnAt): PlacedLabel | null {
  const { scale } = drawn;
  const last = lane.segments[lane.segments.length - 1];
  const live = lane.outcome === null && last?.to === null && last.kind === 'work' ? last : null;
  const label = live === null ? outcomeLabel(lane) : liveLabel(lane, live, drawn.now);
  if (label === null) return null;
  const at = pxOf(scale, lane.outcome?.at ?? drawn.endAt);
  const start = pxOf(scale, lane.from);
  if (at < 0 || start > scale.width || at > scale.width) return null;
  const wanted = Math.min(280, label.text.length * letterPx + 6);
  const nowPx = pxOf(scale, drawn.endAt);
  const rightFrom = at + markPx;
  const fitsRight = rightFrom + wanted <= scale.width;
  const crosses = at <= nowPx && rightFrom + wanted > nowPx - 2 && nowPx < scale.width - 2;
  const fitsLeft = start - 16 >= wanted;
  if (fitsLeft && (crosses || !fitsRight))
    return { ...label, side: 'left', offset: scale.width - start + 8, room: start - 12 };
  const short = live === null ? null : (label.text.split(',')[0] ?? '');
  if (!fitsRight && short !== null) {
    if (rightFrom + short.length * letterPx > scale.width) return null;
    return { ...label, text: short, side: 'right', offset: rightFrom, room: scale.width - rightFrom };
  }
  if (!fitsRight && scale.width - rightFrom < 48) return null;
  return { ...label, side: 'right', offset: rightFrom, room: scale.width - rightFrom };
}

function restOf(lane: Lane, drawn: DrawnAt): LaneMarks['rest'] {
  const { scale, now } = drawn;
  const open =
    lane.to === null ? lane.segments.findLast((segment) => segment.to === null && segment.request !== null) : undefined;
  if (open?.request == null) return null;
  const left = Math.max(0, pxOf(scale, drawn.endAt));
  const deadline = pxOf(scale, open.request.deadlineAt);
  const width = Math.min(scale.width, deadline) - left;
  if (left > scale.width || width <= 0) return null;
  const text = `${countWords(open.request.deadlineAt - now)} left`;
  return {
    left,
    width,
    text: text.length * 7 + 14 <= width ? text : null,
    deadline: deadline <= scale.width ? deadline : null,
  };
}
