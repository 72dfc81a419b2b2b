import type { SessionEvent } from './event';
import type { CallId, ConnectionId, RequestId } from './ids';
import { Shards } from './shards';
import { TimelineDraft } from './timeline/fold';
import type { Lane } from './timeline/lane-model';
import { namesAt, type Names, type RequestName } from './timeline/names';
import type { Rail, RailEvent } from './timeline/rail';
import { SeqList } from './timeline/seq-list';
import type { SessionLife, SessionLifeStep } from './timeline/session-life';
import type { Track } from './timeline/track';

export type LaneId = CallId | RequestId;

/** The lanes and connections of one server. */
export interface ServerGroup {
  readonly server: string;
  readonly rails: readonly Rail[];
  /** In the order of their first event. */
  readonly lanes: SeqList<Lane>;
}

/** Lanes by what they are of; in no order. */
export interface Lanes {
  readonly size: number;
  get(id: LaneId): Lane | undefined;
  has(id: LaneId): boolean;
  values(): Iterable<Lane>;
}

/**
 * What the known events of a session draw. Immutable: a fold gives a new timeline that shares every lane, rail, group
 * and chunk that did not change.
 */
export interface Timeline {
  /** The highest known; events below it may still be missing. */
  readonly seq: number;
  readonly lastEventAt: number;
  readonly life: SessionLife | null;
  /** In order of first call; servers without calls follow. */
  readonly groups: readonly ServerGroup[];
  readonly lanes: Lanes;
  readonly rails: ReadonlyMap<ConnectionId, Rail>;
  readonly events: SeqList<SessionEvent>;
  readonly requests: Shards<RequestId, RequestName>;
  readonly names: Names;
  /** What lanes, rails and life are drawn from, for a fold that goes on. */
  readonly drawnFrom: {
    readonly tracks: Shards<LaneId, Track>;
    /** Events of requests whose opening is not known yet. */
    readonly unopened: Shards<RequestId, Track>;
    readonly rails: ReadonlyMap<ConnectionId, readonly RailEvent[]>;
    readonly life: readonly SessionLifeStep[];
  };
}

export function emptyTimeline(): Timeline {
  const lanes = new Map<LaneId, Lane>();
  const rails = new Map<ConnectionId, Rail>();
  const requests = Shards.empty<RequestId, RequestName>();
  return {
    seq: 0,
    lastEventAt: 0,
    life: null,
    groups: [],
    lanes,
    rails,
    events: SeqList.empty(),
    requests,
    names: namesAt({ lanes, rails, requests }, 0),
    drawnFrom: { tracks: Shards.empty(), unopened: Shards.empty(), rails: new Map(), life: [] },
  };
}

/**
 * Adds events, in whatever order they come, again or with holes between them: a timeline is what its set of events
 * draws, so a page that reads a session from both ends, sees an event twice or misses one for a while ends in the
 * same state (I12). What an event does not touch keeps its identity.
 */
export function foldTimeline(timeline: Timeline, events: readonly SessionEvent[]): Timeline {
  const fresh = unseen(timeline, events);
  return fresh.length === 0 ? timeline : new TimelineDraft(timeline, fresh).done();
}

/** Those it does not have, each once, in their order. */
function unseen(timeline: Timeline, events: readonly SessionEvent[]): readonly SessionEvent[] {
  const fresh = new Map<number, SessionEvent>();
  for (const event of events)
    if (event.seq > timeline.seq || timeline.events.find(event.seq) === undefined) fresh.set(event.seq, event);
  return [...fresh.values()].sort((a, b) => a.seq - b.seq);
}
