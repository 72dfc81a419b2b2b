import type { Person } from '@/lib/domain/permission';
import type { HoldRequest } from '@/lib/domain/request';
import type { Push } from '@/lib/protocol/pushes';
import { type DetailsState, detailAdvanced, detailsTold, noDetails } from './details';
import { type Drafts, noDrafts } from './drafts';
import type { Line } from './line';
import type { Told } from './newer';
import { nobodyPresent, type PresenceState, presenceTold } from './presence';
import { noQueue, type QueueState, queueAdvanced, queueTold } from './queue';
import type { RawState } from './raw';
import { noSessions, type SessionsState, sessionsTold } from './sessions';
import type { WatchedState } from './watched';

/** All a page knows of the server. One plain value; each slice has its file. */
export interface LiveState {
  readonly line: Line;
  readonly person: Person | null;
  /** The server's clock minus this browser's. */
  readonly clockOffsetMs: number;
  readonly storageOk: boolean;
  readonly queue: QueueState;
  readonly presence: PresenceState;
  readonly details: DetailsState;
  readonly sessions: SessionsState;
  readonly watched: WatchedState;
  readonly raw: RawState;
  readonly drafts: Drafts;
  /** Requests this tab has shown. */
  readonly seen: ReadonlySet<string>;
}

export const atStart: LiveState = {
  line: { state: 'connecting' },
  person: null,
  clockOffsetMs: 0,
  storageOk: true,
  queue: noQueue,
  presence: nobodyPresent,
  details: noDetails,
  sessions: noSessions,
  watched: new Map(),
  raw: new Map(),
  drafts: noDrafts,
  seen: new Set(),
};

type PushOf<T extends Push['type']> = Extract<Push, { readonly type: T }>;

function only<T extends Push['type']>(pushes: readonly Push[], type: T): readonly PushOf<T>[] {
  return pushes.filter((push): push is PushOf<T> => push.type === type);
}

/** The pushes of one frame, folded in together. Watched sessions fold apart: see `watched-pushes.ts`. */
export function applyPushes(state: LiveState, pushes: readonly Push[]): LiveState {
  const requests = only(pushes, 'request.changed');
  const summaries = only(pushes, 'session.changed').map(({ summary }) => summary);
  const told: readonly Told[] = requests.map(({ item, seq }) => ({ item, seq }));
  const person = only(pushes, 'person.changed').at(-1);
  const storage = only(pushes, 'storage.changed').at(-1);
  return {
    ...state,
    queue: queueTold(state.queue, requests),
    details: detailsTold(state.details, told),
    presence: presenceTold(
      state.presence,
      only(pushes, 'presence.changed').map(({ entry }) => entry),
    ),
    sessions: sessionsTold(state.sessions, summaries),
    person: person === undefined ? state.person : person.person,
    storageOk: storage === undefined ? state.storageOk : storage.ok,
  };
}

/** A request as the reply to a command tells it: before its push, or after. */
export function applyRequest(state: LiveState, request: HoldRequest): LiveState {
  return { ...state, queue: queueAdvanced(state.queue, request), details: detailAdvanced(state.details, request) };
}
