import Gauge from 'lucide-react/icons/gauge';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import { personAt } from '@/lib/domain/timeline/lane';
import type { Lane, LaneBreak, Segment } from '@/lib/domain/timeline/lane-model';
import { spentMs } from '@/lib/domain/timeline/spans';
import { standingOf } from '@/lib/domain/timeline/standing';
import { clockTime, countWords, shortSpan, spanWords } from '@/lib/domain/timeline/time-words';
import { agentLeftWords } from '@/lib/domain/timeline/call-words';
import { usualWords } from '@/lib/domain/timeline/verdict-words';
import { plainLine } from '@/lib/domain/form/plain-text';
import type { Risk } from '@/lib/domain/tool';
import { paceAt, type ServerPace } from '@/lib/domain/pace';
import { type StateLook, stateLooks } from './icons';

export const riskWords: { readonly [R in Risk]: string } = {
  read_only: 'read-only',
  writes: 'writes',
  destructive: 'destructive',
};

/** The state of a lane as its row says it; a server at work may be slow or stalled by `now`. */
export function laneLook(lane: Lane, now: number): StateLook {
  const standing = standingOf(lane);
  return standing === 'working' ? paceLooks[paceAt(lane.pace, lane.lastSignAt, now)] : stateLooks[standing];
}

const paceLooks: { readonly [P in ServerPace]: StateLook } = {
  busy: stateLooks.working,
  slow: { icon: Gauge, tone: 'quiet', words: 'slow' },
  stalled: { icon: TriangleAlert, tone: 'danger', words: 'stalled' },
};

/** Every exact value of a lane, for the line under the timeline and for screen readers. */
export function laneFacts(lane: Lane, now: number): readonly string[] {
  const facts = [lane.server, riskWords[lane.risk], `received ${clockTime(lane.from)}`];
  lane.breaks.forEach((cut, index) => facts.push(...breakFacts(cut, index + 1)));
  if (lane.agentLeft !== null && lane.deliveredAt === null) facts.push(agentLeftWords[lane.agentLeft]);
  for (const kind of ['people', 'model', 'work'] as const) {
    const ms = spentMs(lane.segments, kind, now);
    if (ms > 0) facts.push(`${kindWords[kind]} ${spanWords(ms)}`);
  }
  const open = lane.segments.find((segment) => segment.to === null && segment.request !== null);
  if (open !== undefined) facts.push(questionFacts(open, now));
  if (lane.state === 'working') {
    facts.push(`heard from ${spanWords(now - lane.lastSignAt)} ago`);
    const usual = usualWords(lane.pace);
    if (usual !== null) facts.push(usual);
  }
  if (lane.outcome !== null) facts.push(outcomeFacts(lane, now));
  return facts;
}

function breakFacts(cut: LaneBreak, run: number): readonly string[] {
  const lost = { result_lost: 'result lost', urls: `run ${run} turned back`, ask: cutOff(run), repeat: cutOff(run) }[
    cut.next
  ];
  const why = `${lost} ${clockTime(cut.at)}: ${plainLine(cut.why)}`;
  return cut.againAt === null ? [why] : [why, `sent again ${clockTime(cut.againAt)}`];
}

function cutOff(run: number): string {
  return `run ${run} cut off`;
}

const kindWords = { people: 'with people', model: 'with a model', work: 'at work' } as const;

function questionFacts(segment: Segment, now: number): string {
  const request = segment.request;
  if (request === null) return '';
  const person = personAt(segment, now);
  const who = person === null ? 'nobody on it' : `${person.name} is answering`;
  return `“${request.title}”, ${who}, ends ${clockTime(request.deadlineAt)} (${plainLine(request.deadlineReason)}), ${countWords(request.deadlineAt - now)} left`;
}

function outcomeFacts(lane: Lane, now: number): string {
  const outcome = lane.outcome;
  if (outcome === null) return '';
  const cause = outcome.cause === null ? '' : `: ${outcome.cause}`;
  return `${laneLook(lane, now).words} ${clockTime(outcome.at)} after ${spanWords(outcome.at - lane.from)}${cause}`;
}

export interface SideLabel {
  readonly text: string;
  readonly tone: 'bad' | 'quiet';
}

/** What stands beside the outcome's mark: how long it took, or why it went another way. */
export function outcomeLabel(lane: Lane): SideLabel | null {
  const outcome = lane.outcome;
  if (outcome === null) return null;
  const bad =
    outcome.isError || outcome.state === 'failed' || outcome.state === 'rejected' || outcome.state === 'indeterminate';
  const text = outcome.cause === null || outcome.cause === '' ? shortSpan(outcome.at - lane.from) : outcome.cause;
  return { text, tone: bad ? 'bad' : 'quiet' };
}

/** What stands beside a line that is still growing. */
export function liveLabel(lane: Lane, segment: Segment, now: number): SideLabel {
  const pace = paceAt(lane.pace, lane.lastSignAt, now);
  if (lane.breaks.at(-1)?.next === 'result_lost') return { text: 'result lost, it goes on unheard', tone: 'bad' };
  const away = lane.agentLeft === null ? '' : `, ${awayWords[lane.agentLeft]}`;
  if (pace === 'busy') return { text: `${shortSpan(now - segment.from)}, busy${away}`, tone: 'quiet' };
  return { text: `${pace}, quiet ${spanWords(now - lane.lastSignAt)}`, tone: pace === 'stalled' ? 'bad' : 'quiet' };
}

/** In a few words, for a narrow place; the whole is `agentLeftWords`. */
export const awayWords = {
  ticket: 'agent has a ticket',
  task: 'agent has a task',
  disconnected: 'agent is away',
} as const;
