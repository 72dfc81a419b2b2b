import type { SessionEvent } from '../event';
import type { ConnectionId, RequestId } from '../ids';
import type { Shards } from '../shards';
import type { LaneId, Lanes, ServerGroup, Timeline } from '../timeline';
import type { LaneEvent } from './lane';
import type { Lane } from './lane-model';
import { namesAt, type RequestName } from './names';
import { foldRail, openRail, type Rail, type RailEvent } from './rail';
import { SeqList } from './seq-list';
import { foldLife, type SessionLife, type SessionLifeStep } from './session-life';
import { emptyTrack, laneAtEnd, type Track, trackWith } from './track';

/** One fold under way: sorts events out by what they are of, and draws anew what got some. */
export class TimelineDraft {
  private readonly requests = new Map<RequestId, RequestName>();
  private readonly ofLanes = new Map<LaneId, LaneEvent[]>();
  private readonly ofRails = new Map<ConnectionId, RailEvent[]>();
  private readonly ofUnopened = new Map<RequestId, LaneEvent[]>();
  private readonly ofLife: SessionLifeStep[] = [];
  private endedAt: number | null = null;

  /** `fresh`: in their order, none of which is known. */
  constructor(
    private readonly before: Timeline,
    private readonly fresh: readonly SessionEvent[],
  ) {
    // An answer may come before its question is known: the questions of these events are learned first.
    for (const event of fresh) if (event.type === 'request.opened') this.learn(event.requestId, event);
    for (const event of fresh) this.sort(event);
  }

  done(): Timeline {
    const { before } = this;
    const events = before.events.with(this.fresh);
    const last = events.last;
    const life = this.lifeOf();
    this.endedAt = life.life?.ending?.endedAt ?? null;
    const rails = this.railsOf();
    const tracks = this.tracksOf();
    const requests = before.requests.with(this.requests);
    const groups = this.groupsOf(tracks.changed, rails.changed, life.ended);
    const lanes = new TrackLanes(tracks.all, groups, this.endedAt);
    return {
      seq: last?.seq ?? 0,
      lastEventAt: last?.at ?? 0,
      life: life.life,
      groups,
      lanes,
      rails: rails.all,
      events,
      requests,
      names: namesAt({ lanes, rails: rails.all, requests }, Number.POSITIVE_INFINITY),
      drawnFrom: { tracks: tracks.all, unopened: this.unopenedOf(), rails: rails.events, life: life.steps },
    };
  }

  private learn(requestId: RequestId, opened: RequestName): void {
    const { kind, title, server, tool, callId } = opened;
    this.requests.set(requestId, { kind, title, server, tool, callId });
    const waiting = this.before.drawnFrom.unopened.get(requestId);
    if (waiting !== undefined) push(this.ofLanes, callId ?? requestId, [...waiting.events]);
  }

  private sort(event: SessionEvent): void {
    switch (event.type) {
      case 'session.started':
      case 'session.ending':
      case 'session.step':
      case 'session.ended':
        this.ofLife.push(event);
        return;
      case 'connection.opening':
      case 'connection.ready':
      case 'connection.reattaching':
      case 'connection.lost':
      case 'connection.closed':
        return push(this.ofRails, event.connectionId, [event]);
      default:
        return this.sortOnLane(event);
    }
  }

  private sortOnLane(event: LaneEvent): void {
    if (event.type.startsWith('call.')) {
      const callId = 'callId' in event ? event.callId : null;
      if (callId !== null) push(this.ofLanes, callId, [event]);
      return;
    }
    if (!('requestId' in event)) return;
    const asked = this.requests.get(event.requestId) ?? this.before.requests.get(event.requestId);
    if (asked === undefined) push(this.ofUnopened, event.requestId, [event]);
    else push(this.ofLanes, asked.callId ?? event.requestId, [event]);
  }

  private unopenedOf(): Shards<RequestId, Track> {
    const { unopened } = this.before.drawnFrom;
    const changed = new Map<RequestId, Track | null>();
    for (const id of this.requests.keys()) if (unopened.has(id)) changed.set(id, null);
    for (const [id, events] of this.ofUnopened) changed.set(id, trackWith(unopened.get(id) ?? emptyTrack, events));
    return changed.size === 0 ? unopened : unopened.with(changed);
  }

  private tracksOf(): { readonly all: Shards<LaneId, Track>; readonly changed: readonly Lane[] } {
    const { tracks } = this.before.drawnFrom;
    const changed = new Map<LaneId, Track>();
    for (const [id, events] of this.ofLanes) {
      events.sort((a, b) => a.seq - b.seq);
      changed.set(id, trackWith(tracks.get(id) ?? emptyTrack, events));
    }
    if (changed.size === 0) return { all: tracks, changed: [] };
    return { all: tracks.with(changed), changed: [...changed.values()].flatMap(({ lane }) => lane ?? []) };
  }

  private railsOf(): {
    readonly all: ReadonlyMap<ConnectionId, Rail>;
    readonly events: ReadonlyMap<ConnectionId, readonly RailEvent[]>;
    readonly changed: readonly Rail[];
  } {
    const { rails, drawnFrom } = this.before;
    if (this.ofRails.size === 0) return { all: rails, events: drawnFrom.rails, changed: [] };
    const events = new Map(drawnFrom.rails);
    const all = new Map(rails);
    const changed: Rail[] = [];
    for (const [id, fresh] of this.ofRails) {
      const own = [...(events.get(id) ?? []), ...fresh].sort((a, b) => a.seq - b.seq);
      events.set(id, own);
      const rail = railOf(own);
      if (rail === null) continue;
      all.set(id, rail);
      changed.push(rail);
    }
    return { all, events, changed };
  }

  private lifeOf(): {
    readonly life: SessionLife | null;
    readonly steps: readonly SessionLifeStep[];
    /** Whether these events ended it. */
    readonly ended: 'now' | 'not now';
  } {
    const { life: known, drawnFrom } = this.before;
    if (this.ofLife.length === 0) return { life: known, steps: drawnFrom.life, ended: 'not now' };
    const steps = [...drawnFrom.life, ...this.ofLife].sort((a, b) => a.seq - b.seq);
    const life = steps.reduce<SessionLife | null>(foldLife, null);
    const endedAt = life?.ending?.endedAt ?? null;
    return { life, steps, ended: endedAt !== null && known?.ending?.endedAt !== endedAt ? 'now' : 'not now' };
  }

  private groupsOf(lanes: readonly Lane[], rails: readonly Rail[], ended: 'now' | 'not now'): readonly ServerGroup[] {
    const { endedAt } = this;
    const ofServer = new Map<string, { readonly lanes: Lane[]; readonly rails: Rail[] }>();
    const own = (server: string): { readonly lanes: Lane[]; readonly rails: Rail[] } => {
      const parts = ofServer.get(server) ?? { lanes: [], rails: [] };
      ofServer.set(server, parts);
      return parts;
    };
    for (const lane of lanes) own(lane.server).lanes.push(endedAt === null ? lane : laneAtEnd(lane, endedAt));
    for (const rail of rails) own(rail.server).rails.push(rail);
    if (ended === 'now' && endedAt !== null)
      for (const group of this.before.groups)
        for (const lane of openLanes(group.lanes))
          if (!lanes.some(({ id }) => id === lane.id)) own(group.server).lanes.push(laneAtEnd(lane, endedAt));
    return ofServer.size === 0 ? this.before.groups : regrouped(this.before.groups, ofServer);
  }
}

function openLanes(lanes: SeqList<Lane>): readonly Lane[] {
  return [...lanes].filter(({ to }) => to === null);
}

function regrouped(
  groups: readonly ServerGroup[],
  changed: ReadonlyMap<string, { readonly lanes: Lane[]; readonly rails: Rail[] }>,
): readonly ServerGroup[] {
  const next = new Map(groups.map((group) => [group.server, group]));
  for (const [server, parts] of changed) {
    const known = next.get(server) ?? { server, rails: [], lanes: SeqList.empty<Lane>() };
    const lanes = known.lanes.with(parts.lanes.sort((a, b) => a.seq - b.seq));
    const rails =
      parts.rails.length === 0
        ? known.rails
        : [
            ...known.rails.filter((rail) =>
              parts.rails.every(({ connectionId }) => connectionId !== rail.connectionId),
            ),
            ...parts.rails,
          ].sort((a, b) => a.seq - b.seq);
    next.set(server, { server, rails, lanes });
  }
  return [...next.values()].sort(byFirst);
}

/** By first call; those without any by their first connection. */
function byFirst(a: ServerGroup, b: ServerGroup): number {
  const [ofA, ofB] = [a.lanes.first, b.lanes.first];
  if (ofA !== undefined && ofB !== undefined) return ofA.seq - ofB.seq;
  if (ofA === undefined && ofB === undefined) return (a.rails[0]?.seq ?? 0) - (b.rails[0]?.seq ?? 0);
  return ofA === undefined ? 1 : -1;
}

function railOf(events: readonly RailEvent[]): Rail | null {
  const first = events[0];
  if (first?.type !== 'connection.opening') return null;
  const rail = openRail(first);
  for (const event of events) foldRail(rail, event);
  return rail;
}

function push<K, V>(map: Map<K, V[]>, key: K, values: readonly V[]): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [...values]);
  else known.push(...values);
}

/** Lanes as they are drawn: those of an ended session are closed. */
class TrackLanes implements Lanes {
  readonly size: number;

  constructor(
    private readonly tracks: Shards<LaneId, Track>,
    private readonly groups: readonly ServerGroup[],
    private readonly endedAt: number | null,
  ) {
    this.size = groups.reduce((sum, { lanes }) => sum + lanes.size, 0);
  }

  get(id: LaneId): Lane | undefined {
    const lane = this.tracks.get(id)?.lane ?? null;
    if (lane === null) return undefined;
    if (this.endedAt === null || lane.to !== null) return lane;
    return this.groups.find(({ server }) => server === lane.server)?.lanes.find(lane.seq);
  }

  has(id: LaneId): boolean {
    return this.get(id) !== undefined;
  }

  *values(): Generator<Lane> {
    for (const { lanes } of this.groups) yield* lanes;
  }
}
