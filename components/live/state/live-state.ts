import type { AuditBreak } from '@/lib/domain/audit-look';
import type { PersonId } from '@/lib/domain/ids';
import { noPauses, type PauseList } from '@/lib/domain/pause';
import type { Person } from '@/lib/domain/permission';
import type { HoldRequest } from '@/lib/domain/request';
import type { QueueEyes } from '@/lib/domain/queue';
import type { SavedView } from '@/lib/protocol/command/me';
import type { Push } from '@/lib/protocol/pushes';
import { type DetailsState, detailAdvanced, detailsGone, detailsTold, noDetails } from './details';
import { type Drafts, noDrafts } from './drafts';
import type { Line } from './line';
import type { Told } from './newer';
import { nobodyPresent, type PresenceState, presenceTold } from './presence';
import { noQueue, type QueuePush, type QueueState, queueAdvanced, queueTold } from './queue';
import type { RawState } from './raw';
import { noSessions, type SessionsState } from './sessions';
import type { WatchedState } from './watched';

/** All a page knows of the server. One plain value; each slice has its file. */
export interface LiveState {
  readonly line: Line;
  readonly person: Person | null;
  /** The server's clock minus this browser's. */
  readonly clockOffsetMs: number;
  readonly storageOk: boolean;
  readonly pauses: PauseList;
  readonly auditBroken: AuditBreak | null;
  /** The server's clock when pushes were last folded in. */
  readonly asOf: number;
  readonly queue: QueueState;
  /** This person's saved views; null until they were read. */
  readonly views: readonly SavedView[] | null;
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
  pauses: noPauses,
  auditBroken: null,
  asOf: 0,
  queue: noQueue,
  views: null,
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

/** Who looks at the queue; nobody before the first greeting, and then nothing is shown. */
export function eyesOf({ person }: Pick<LiveState, 'person'>, now: number): QueueEyes {
  return { person: person ?? nobody, now };
}

const nobody: QueueEyes['person'] = { id: '' as PersonId, teams: [], covers: [] };

/** The pushes of one frame, folded in together. Sessions fold apart: see `sessions-list.ts`, `watched-pushes.ts`. */
export function applyPushes(state: LiveState, pushes: readonly Push[], now: number): LiveState {
  const requests = pushes.filter(
    (push): push is QueuePush => push.type === 'request.changed' || push.type === 'request.gone',
  );
  const told: readonly Told[] = only(pushes, 'request.changed').map(({ item, seq }) => ({ item, seq }));
  const person = only(pushes, 'person.changed').at(-1);
  const storage = only(pushes, 'storage.changed').at(-1);
  return {
    ...state,
    asOf: now,
    queue: queueTold(state.queue, requests, eyesOf(state, now)),
    details: detailsGone(detailsTold(state.details, told), only(pushes, 'request.gone')),
    presence: presenceTold(
      state.presence,
      only(pushes, 'presence.changed').map(({ entry }) => entry),
    ),
    person: person === undefined ? state.person : person.person,
    auditBroken: only(pushes, 'audit.changed').reduce((_now, { broken }) => broken, state.auditBroken),
    pauses: only(pushes, 'pauses.changed').reduce((now, { list }) => newer(now, list), state.pauses),
    storageOk: storage === undefined ? state.storageOk : storage.ok,
  };
}

function newer(a: PauseList, b: PauseList): PauseList {
  return b.seq > a.seq ? b : a;
}

/** A request as the reply to a command tells it: before its push, or after. */
export function applyRequest(state: LiveState, request: HoldRequest): LiveState {
  return {
    ...state,
    queue: queueAdvanced(state.queue, request, eyesOf(state, state.asOf)),
    details: detailAdvanced(state.details, request),
  };
}
