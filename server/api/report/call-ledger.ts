import type { SessionEvent } from '@/lib/domain/event';
import type { RequestId } from '@/lib/domain/ids';
import type { LaneId } from '@/lib/domain/timeline';
import { callLane, type DraftLane, foldLane, type LaneEvent, questionLane } from '@/lib/domain/timeline/lane';
import type { Lane, Segment, SegmentKind } from '@/lib/domain/timeline/lane-model';
import { type LaneStanding, standingOf } from '@/lib/domain/timeline/standing';
import { foldLife, type SessionLife } from '@/lib/domain/timeline/session-life';
import type { Span } from '@/lib/domain/timeline/spans';
import { SpanUnion } from './span-union';

/** A stretch of a call; `to` is null while it lasts. */
export type Stretch = Pick<Segment, 'kind' | 'from' | 'to'>;

/** What a report says of one call, or of one question outside any. */
export interface LedgerCall extends Pick<Lane, 'seq' | 'tool' | 'server' | 'from' | 'to' | 'runs'> {
  readonly standing: LaneStanding;
  readonly cause: string;
  /** In the order they began; of a call with very many the first. */
  readonly stretches: readonly Stretch[];
  /** What its stretches of a kind cover, those that last and those that are left out included. */
  readonly spentMs: { readonly [K in SegmentKind]: number };
}

export const ledgerBounds = { calls: 5_000, stretches: 200, causeLetters: 500 } as const;
export type LedgerBounds = { readonly [K in keyof typeof ledgerBounds]: number };

interface OpenCall {
  readonly lane: DraftLane;
  readonly stretches: Stretch[];
  /** What the stretches that left the lane cover. */
  readonly spent: { readonly [K in SegmentKind]: SpanUnion };
}

/**
 * What the head of a report and its table of calls need, gathered event by event in their order. No event is kept: of a
 * call that is over a line stays, of those lines the newest, and of its times what they cover.
 */
export class CallLedger {
  private readonly open = new Map<LaneId, OpenCall>();
  /** Of a question that is open: the call it was asked for. */
  private readonly questions = new Map<RequestId, LaneId>();
  /** Of the open ones, those that ask whether a call goes again. */
  private readonly recoveries = new Set<RequestId>();
  private over: LedgerCall[] = [];
  private readonly withPeople = new SpanUnion();
  private readonly withAny = new SpanUnion();
  private countedEvents = 0;
  private countedCalls = 0;
  private lastEventAt = 0;
  private firstAt: number | null = null;
  private knownLife: SessionLife | null = null;

  constructor(private readonly bounds: LedgerBounds = ledgerBounds) {}

  take(event: SessionEvent): void {
    this.countedEvents += 1;
    this.lastEventAt = event.at;
    this.firstAt ??= event.at;
    switch (event.type) {
      case 'session.started':
      case 'session.ending':
      case 'session.step':
      case 'session.ended':
        this.knownLife = withoutSteps(foldLife(this.knownLife, event));
        return;
      case 'connection.opening':
      case 'connection.ready':
      case 'connection.reattaching':
      case 'connection.lost':
      case 'connection.closed':
      // What these draw is not in a report's table.
      case 'call.progress':
      case 'call.log':
        return;
      default:
        this.takeOnLane(event);
    }
  }

  get events(): number {
    return this.countedEvents;
  }

  get calls(): number {
    return this.countedCalls;
  }

  get life(): SessionLife | null {
    return this.knownLife;
  }

  /** Whether an open request asks if a call goes again. */
  asksToRunAgain(requestId: RequestId): boolean {
    return this.recoveries.has(requestId);
  }

  /** What is kept, in calls and questions. */
  get size(): number {
    return this.open.size + this.questions.size + this.over.length;
  }

  /** From the beginning to now, or to the end of an ended session. */
  spanAt(now: number): Span {
    const from = this.knownLife?.startedAt ?? this.firstAt ?? now;
    return { from, to: Math.max(from + 1, this.endAt(now)) };
  }

  clocksAt(now: number): { readonly withPeopleMs: number; readonly atWorkMs: number } {
    const to = this.endAt(now);
    const open = [...this.open.values()].flatMap(({ lane }) => lane.segments);
    const lasting = (kinds: readonly SegmentKind[]): readonly Span[] =>
      open.flatMap((each) => (kinds.includes(each.kind) ? [{ from: each.from, to: each.to ?? to }] : []));
    const withPeopleMs = this.withPeople.totalMs(lasting(['people']));
    return { withPeopleMs, atWorkMs: this.withAny.totalMs(lasting(counted)) - withPeopleMs };
  }

  /** In the order they came, with what lasts as of now; `left`: how many older ones are left out. */
  table(now: number): { readonly calls: readonly LedgerCall[]; readonly left: number } {
    const endedAt = this.knownLife?.ending?.endedAt ?? null;
    const open = [...this.open.values()].map((each) => this.lineOf(each, { endedAt, now: this.endAt(now) }));
    const calls = [...this.over, ...open].sort(bySeq).slice(-this.bounds.calls);
    return { calls, left: this.countedCalls - calls.length };
  }

  private takeOnLane(event: LaneEvent): void {
    const id = this.laneOf(event);
    if (id === null) return;
    const call = this.open.get(id) ?? this.begin(id, event);
    if (call === null) return;
    if (event.type !== 'call.received') foldLane(call.lane, event);
    this.settle(call, call.lane.outcome === null ? 1 : 0);
    if (call.lane.outcome === null) return;
    this.open.delete(id);
    this.over.push(this.lineOf(call, { endedAt: null, now: event.at }));
    if (this.over.length > this.bounds.calls * 2) this.over = this.over.sort(bySeq).slice(-this.bounds.calls);
  }

  private laneOf(event: LaneEvent): LaneId | null {
    if (event.type.startsWith('call.')) return 'callId' in event ? event.callId : null;
    if (!('requestId' in event)) return null;
    if (event.type === 'request.opened') {
      const id = event.callId ?? event.requestId;
      this.questions.set(event.requestId, id);
      if (event.kind === 'recovery') this.recoveries.add(event.requestId);
      return id;
    }
    const id = this.questions.get(event.requestId) ?? null;
    if (event.type === 'request.answered' || event.type === 'request.expired' || event.type === 'request.withdrawn') {
      this.questions.delete(event.requestId);
      this.recoveries.delete(event.requestId);
    }
    return id;
  }

  private begin(id: LaneId, event: LaneEvent): OpenCall | null {
    const lane = laneBegunBy(event);
    if (lane === null) return null;
    this.countedCalls += 1;
    const call: OpenCall = { lane, stretches: [], spent: spentNothing() };
    this.open.set(id, call);
    return call;
  }

  /** Closed stretches leave the call, but the last so many, which may still change. */
  private settle({ lane, stretches, spent }: OpenCall, keep: 0 | 1): void {
    const last = lane.segments.length - keep;
    const isOver = (segment: Segment, at: number): boolean => segment.to !== null && at < last;
    if (!lane.segments.some(isOver)) return;
    for (const [at, segment] of lane.segments.entries()) {
      const { kind, from, to } = segment;
      if (to === null || !isOver(segment, at)) continue;
      spent[kind].add({ from, to });
      if (kind === 'people') this.withPeople.add({ from, to });
      if (counted.includes(kind)) this.withAny.add({ from, to });
      if (stretches.length < this.bounds.stretches) stretches.push({ kind, from, to });
    }
    lane.segments = lane.segments.filter((segment, at) => !isOver(segment, at));
  }

  /** `endedAt`: when the session ended; nothing lasts longer. */
  private lineOf(
    { lane, stretches, spent }: OpenCall,
    { endedAt, now }: { readonly endedAt: number | null; readonly now: number },
  ): LedgerCall {
    const { seq, tool, server, from, runs, outcome } = lane;
    const to = lane.to ?? endedAt;
    const rest = lane.segments.map((segment): Stretch => {
      const { kind, from: since, to } = segment;
      return { kind, from: since, to: to ?? endedAt };
    });
    const cause = outcome?.cause ?? '';
    const most = this.bounds.causeLetters;
    return {
      ...{
        seq,
        tool,
        server,
        standing: standingOf({ ...lane, to }),
        from,
        to,
        runs,
        spentMs: withStretches(spent, { rest, now }),
      },
      cause: cause.length > most ? `${cause.slice(0, most)}…` : cause,
      stretches: [...stretches, ...rest].sort((a, b) => a.from - b.from),
    };
  }

  private endAt(now: number): number {
    return this.knownLife?.ending?.endedAt ?? Math.max(now, this.lastEventAt);
  }
}

const counted: readonly SegmentKind[] = ['people', 'work', 'model'];

function laneBegunBy(event: LaneEvent): DraftLane | null {
  if (event.type === 'call.received') return callLane(event);
  return event.type === 'request.opened' && event.callId === null ? questionLane(event) : null;
}

function spentNothing(): OpenCall['spent'] {
  return { held: new SpanUnion(), people: new SpanUnion(), work: new SpanUnion(), model: new SpanUnion() };
}

function withStretches(
  spent: OpenCall['spent'],
  { rest, now }: { readonly rest: readonly Stretch[]; readonly now: number },
): LedgerCall['spentMs'] {
  const of = (kind: SegmentKind): number =>
    spent[kind].totalMs(rest.flatMap((part) => (part.kind === kind ? [{ from: part.from, to: part.to ?? now }] : [])));
  return { held: of('held'), people: of('people'), work: of('work'), model: of('model') };
}

/** A report's head says why a session ended; the steps of its ending are among the events. */
function withoutSteps(life: SessionLife | null): SessionLife | null {
  return life?.ending == null ? life : { ...life, ending: { ...life.ending, steps: [] } };
}

function bySeq(a: LedgerCall, b: LedgerCall): number {
  return a.seq - b.seq;
}
