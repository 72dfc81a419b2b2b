import type { EventOf, SessionEvent } from './event';
import type { CallId, ConnectionId, RequestId } from './ids';
import type { Draft } from './timeline/draft';
import { callLane, closeAll, type DraftLane, foldLane, type Lane, type LaneEvent, questionLane } from './timeline/lane';
import { copyNames, type DraftNames, learnName, type Names, namesSomething, noNames } from './timeline/names';
import { type DraftRail, foldRail, openRail, type Rail, type RailEvent } from './timeline/rail';
import { type EventRow, rowOf } from './timeline/row';
import { foldLife, type SessionLife } from './timeline/session-life';

export type LaneId = CallId | RequestId;

/** The lanes and connections of one server. */
export interface ServerGroup {
  readonly server: string;
  readonly rails: readonly Rail[];
  readonly lanes: readonly Lane[];
}

/**
 * What a session's events draw. Immutable: a fold gives a new timeline in which every lane, rail,
 * group and row that did not change is the same object.
 */
export interface Timeline {
  readonly seq: number;
  readonly lastEventAt: number;
  readonly life: SessionLife | null;
  /** In order of first call; servers without calls follow. */
  readonly groups: readonly ServerGroup[];
  readonly lanes: ReadonlyMap<LaneId, Lane>;
  readonly rails: ReadonlyMap<ConnectionId, Rail>;
  /** One per event: row `seq` stands at `seq - 1`. */
  readonly rows: readonly EventRow[];
  readonly names: Names;
}

export function emptyTimeline(): Timeline {
  return {
    seq: 0,
    lastEventAt: 0,
    life: null,
    groups: [],
    lanes: new Map(),
    rails: new Map(),
    rows: [],
    names: noNames,
  };
}

/**
 * Adds events in their order. Those already in are left aside, and the fold stops before a gap, so a
 * page that sees an event twice or misses one ends in the same state (I12).
 */
export function foldTimeline(timeline: Timeline, events: readonly SessionEvent[]): Timeline {
  const fresh = unseen(timeline.seq, events);
  if (fresh.length === 0) return timeline;
  const draft = new TimelineDraft(timeline);
  for (const event of fresh) draft.fold(event);
  return draft.done();
}

function unseen(seq: number, events: readonly SessionEvent[]): readonly SessionEvent[] {
  const fresh: SessionEvent[] = [];
  let last = seq;
  for (const event of events) {
    if (event.seq <= last) continue;
    if (event.seq !== last + 1) break;
    fresh.push(event);
    last = event.seq;
  }
  return fresh;
}

/** One fold under way: copies a lane or rail when an event first touches it, and hands all out at the end. */
class TimelineDraft {
  private readonly before: Timeline;
  private names: Names;
  private ownNames: DraftNames | null = null;
  private readonly rows: EventRow[];
  private readonly lanes = new Map<LaneId, DraftLane>();
  private readonly rails = new Map<ConnectionId, DraftRail>();
  private life: SessionLife | null;
  private lastEventAt: number;

  constructor(before: Timeline) {
    this.before = before;
    this.names = before.names;
    this.rows = [...before.rows];
    this.life = before.life;
    this.lastEventAt = before.lastEventAt;
  }

  fold(event: SessionEvent): void {
    if (namesSomething(event)) this.learn(event);
    this.rows.push(rowOf(event, this.names));
    this.lastEventAt = event.at;
    switch (event.type) {
      case 'session.started':
      case 'session.ending':
      case 'session.step':
      case 'session.ended':
        this.life = foldLife(this.life, event);
        if (event.type === 'session.ended') this.closeOpen(event);
        return;
      case 'connection.opening':
      case 'connection.ready':
      case 'connection.reattaching':
      case 'connection.lost':
      case 'connection.closed':
        return this.foldConnection(event);
      case 'call.received':
        this.lanes.set(event.callId, callLane(event));
        return;
      case 'request.opened':
        if (event.callId === null || this.lane(event.callId) === null)
          this.lanes.set(event.requestId, questionLane(event));
        return this.foldOnLane(event);
      default:
        return this.foldOnLane(event);
    }
  }

  private learn(event: SessionEvent): void {
    this.ownNames ??= copyNames(this.names);
    this.names = this.ownNames;
    learnName(this.ownNames, event);
  }

  private foldConnection(event: RailEvent): void {
    if (event.type === 'connection.opening') this.rails.set(event.connectionId, openRail(event));
    const rail = this.rail(event.connectionId);
    if (rail !== null) foldRail(rail, event);
  }

  private foldOnLane(event: LaneEvent): void {
    const lane = this.laneOf(event);
    if (lane !== null) foldLane(lane, event);
  }

  private laneOf(event: LaneEvent): DraftLane | null {
    if (!('requestId' in event) || event.type.startsWith('call.')) {
      return 'callId' in event && event.callId !== null ? this.lane(event.callId) : null;
    }
    const callId = this.names.requests.get(event.requestId)?.callId ?? null;
    return (callId === null ? null : this.lane(callId)) ?? this.lane(event.requestId);
  }

  private lane(id: LaneId): DraftLane | null {
    const drafted = this.lanes.get(id);
    if (drafted !== undefined) return drafted;
    const lane = this.before.lanes.get(id);
    if (lane === undefined) return null;
    const { segments, ticks, logs, breaks } = lane;
    const copy: Draft<Lane> = {
      ...lane,
      segments: [...segments],
      ticks: [...ticks],
      logs: [...logs],
      breaks: [...breaks],
    };
    this.lanes.set(id, copy);
    return copy;
  }

  private rail(id: ConnectionId): DraftRail | null {
    const drafted = this.rails.get(id);
    if (drafted !== undefined) return drafted;
    const rail = this.before.rails.get(id);
    if (rail === undefined) return null;
    const copy: DraftRail = { ...rail, parts: [...rail.parts] };
    this.rails.set(id, copy);
    return copy;
  }

  private closeOpen(event: EventOf<'session.ended'>): void {
    for (const id of [...this.before.lanes.keys(), ...this.lanes.keys()]) {
      const known = this.lanes.get(id) ?? this.before.lanes.get(id);
      const lane = known?.to === null ? this.lane(id) : null;
      if (lane !== null) closeAll(lane, event.at);
    }
  }

  done(): Timeline {
    const { before, names, rows, life, lastEventAt } = this;
    const lanes = merged(before.lanes, this.lanes);
    const rails = merged(before.rails, this.rails);
    const groups = this.lanes.size === 0 && this.rails.size === 0 ? before.groups : this.regroup(lanes, rails);
    return { seq: rows.length, lastEventAt, life, groups, lanes, rails, rows, names };
  }

  private regroup(lanes: ReadonlyMap<LaneId, Lane>, rails: ReadonlyMap<ConnectionId, Rail>): readonly ServerGroup[] {
    const touched = new Set([...this.lanes.values(), ...this.rails.values()].map((part) => part.server));
    const known = new Map(this.before.groups.map((group) => [group.server, group]));
    const servers = new Set([...lanes.values(), ...rails.values()].map((part) => part.server));
    return [...servers].map((server) => {
      const group = known.get(server);
      if (group !== undefined && !touched.has(server)) return group;
      const own = <P extends { readonly server: string }>(parts: Iterable<P>): P[] =>
        [...parts].filter((part) => part.server === server);
      return { server, rails: own(rails.values()), lanes: own(lanes.values()) };
    });
  }
}

function merged<K, V>(before: ReadonlyMap<K, V>, changed: ReadonlyMap<K, V>): ReadonlyMap<K, V> {
  if (changed.size === 0) return before;
  const all = new Map(before);
  for (const [key, value] of changed) all.set(key, value);
  return all;
}
