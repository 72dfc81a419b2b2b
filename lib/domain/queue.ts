import { urgencyAt } from './deadline';
import type { PersonId, RequestId } from './ids';
import { type Person, standsFor, teamsOf } from './permission';
import { expiringMs, openLook, type QueueLook, type QueuePlace, type QueueView, queueViews } from './queue-query';
import { claimAt } from './claim';
import { isPermit } from './permit';
import type { HoldRequest } from './request';
import type { QueueItem } from './request-detail';

export const viewNames: { readonly [V in QueueView]: string } = {
  mine: 'Mine',
  teams: 'My teams',
  expiring: 'Expiring',
  open: 'All open',
  answered: 'Answered',
};

export type QueueGroupKey = 'begun' | 'ending' | 'live' | 'parked' | 'newest' | 'over';

export const groupNames: { readonly [G in QueueGroupKey]: string } = {
  begun: 'Begun, not sent',
  ending: 'Ends within 5 minutes',
  live: 'Live calls',
  parked: 'Parked, safe to take your time',
  newest: 'Newest first',
  over: 'Answered and over',
};

/** Who looks at the queue, and when. */
export interface QueueEyes {
  readonly person: Pick<Person, 'id' | 'teams' | 'covers'>;
  readonly now: number;
}

/** A row of the list: all that its place depends on. */
export interface QueueRow extends QueuePlace {
  readonly pace: 'live' | 'parked';
}

/** The rows of a list in their order, by group. Ids only, so that an order can be kept while contents change. */
export type Arrangement = readonly { readonly group: QueueGroupKey; readonly ids: readonly RequestId[] }[];

/** A view's name from a URL; the whole open queue when it is none. */
export function readView(text: string | null): QueueView {
  return queueViews.find((view) => view === text) ?? 'open';
}

/** Whether a look hides some of its view. */
export function isNarrowed({ text, kinds, risks, teams }: QueueLook): boolean {
  return text.trim() !== '' || kinds.length > 0 || risks.length > 0 || teams.length > 0;
}

/** The whole of the same view, in the same order. */
export function widened(look: QueueLook): QueueLook {
  return { ...openLook, view: look.view, order: look.order };
}

export function sameLook(a: QueueLook, b: QueueLook): boolean {
  return (
    a === b ||
    (a.view === b.view &&
      a.order === b.order &&
      a.text.trim() === b.text.trim() &&
      sameSet(a.kinds, b.kinds) &&
      sameSet(a.risks, b.risks) &&
      sameSet(a.teams, b.teams))
  );
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((each) => b.includes(each));
}

/** Parked: nothing upstream is hanging while a person thinks, since the call is not under way. */
export function isParked(item: Pick<QueueItem, 'request' | 'call'>): boolean {
  return isPermit(item.request) && (item.call === null || item.call.state === 'held');
}

/** Whether a look holds a request, as the server decides it: what is pushed is judged here. */
export function fitsLook(item: QueueItem, look: QueueLook, eyes: QueueEyes): boolean {
  const { request } = item;
  if (!inView(request, look.view, eyes)) return false;
  if (look.kinds.length > 0 && !look.kinds.includes(request.kind)) return false;
  if (look.risks.length > 0 && !look.risks.includes(request.risk)) return false;
  if (look.teams.length > 0 && !teamIds(request).some((id) => look.teams.some((team) => team === id))) return false;
  return look.text.trim() === '' || says(item, look.text);
}

function inView(request: HoldRequest, view: QueueView, { person, now }: QueueEyes): boolean {
  if (view === 'answered') return request.state !== 'open';
  // While a model writes the answer nobody has to.
  if (request.state !== 'open' || request.writer !== 'person') return false;
  switch (view) {
    case 'open':
      return true;
    case 'expiring':
      return request.deadline.at <= now + expiringMs;
    case 'mine':
      return (
        claimAt(request, now)?.by.id === person.id ||
        (request.assignedTo !== null && standsFor(person).includes(request.assignedTo.id))
      );
    case 'teams': {
      const own = teamsOf(person);
      return teamIds(request).some((id) => own.some((team) => team === id));
    }
  }
}

function teamIds({ team, alsoTeams }: HoldRequest): readonly string[] {
  return (team === null ? [] : [team, ...alsoTeams]).map(({ id }) => id);
}

/** Every word must be somewhere in what the server searches, too. */
function says({ request, agent }: QueueItem, text: string): boolean {
  const { team, alsoTeams, assignedTo } = request;
  const all = [
    request.requestId,
    agent,
    assignedTo?.name ?? '',
    ...(team === null ? alsoTeams : [team, ...alsoTeams]).map(({ name }) => name),
    request.server,
    request.tool ?? '',
    request.title,
  ]
    .join('\n')
    .toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => all.includes(word));
}

/** When a request stopped being open; for an open one when it opened. */
export function overAt(request: HoldRequest): number {
  switch (request.state) {
    case 'open':
      return request.openedAt;
    case 'expired':
    case 'withdrawn':
      return request.endedAt;
    case 'answered':
    case 'delivered':
    case 'undelivered':
      return request.answer.savedAt;
  }
}

/** Where a request stands in a look's order. */
export function rowOf(item: QueueItem, { view, order }: Pick<QueueLook, 'view' | 'order'>): QueueRow {
  const { request } = item;
  const at = view === 'answered' ? overAt(request) : order === 'opened' ? request.openedAt : request.deadline.at;
  return { at, requestId: request.requestId, pace: isParked(item) ? 'parked' : 'live' };
}

/** Negative when `a` stands before `b`: the server pages in this very order. */
export function comparePlaces(
  a: QueuePlace,
  b: QueuePlace,
  { view, order }: Pick<QueueLook, 'view' | 'order'>,
): number {
  const byTime = view === 'answered' || order === 'opened' ? b.at - a.at : a.at - b.at;
  return byTime !== 0 ? byTime : a.requestId === b.requestId ? 0 : a.requestId < b.requestId ? -1 : 1;
}

/** The first index of an ordered list that does not stand before `place`. */
export function indexOfPlace(rows: readonly QueueRow[], place: QueuePlace, look: QueueLook): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const row = rows[middle];
    if (row !== undefined && comparePlaces(row, place, look) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How many rows of a list by deadline end soon: they are its first ones. */
export function endingCount(rows: readonly QueueRow[], now: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const row = rows[middle];
    if (row !== undefined && urgencyAt(row.at, now) !== 'calm') low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The fresh order of a look's rows, in groups. Empty groups are left out. */
export function arrange(
  rows: readonly QueueRow[],
  look: Pick<QueueLook, 'view' | 'order'>,
  ending: number,
): Arrangement {
  if (rows.length === 0) return [];
  if (look.view === 'answered') return [{ group: 'over', ids: rows.map(({ requestId }) => requestId) }];
  if (look.order === 'opened') return [{ group: 'newest', ids: rows.map(({ requestId }) => requestId) }];
  const groups: { readonly [G in 'ending' | 'live' | 'parked']: RequestId[] } = { ending: [], live: [], parked: [] };
  rows.forEach(({ requestId, pace }, index) => groups[index < ending ? 'ending' : pace].push(requestId));
  return (['ending', 'live', 'parked'] as const).flatMap((group) =>
    groups[group].length === 0 ? [] : [{ group, ids: groups[group] }],
  );
}

export function idsOf(arrangement: Arrangement): readonly RequestId[] {
  return arrangement.length === 1 ? (arrangement[0]?.ids ?? []) : arrangement.flatMap(({ ids }) => ids);
}

/** How the order on screen differs from the fresh one: what would appear, what now ends soon, and what would go. */
export interface PendingChange {
  readonly added: readonly RequestId[];
  readonly hurried: readonly RequestId[];
  readonly gone: ReadonlySet<RequestId>;
}

const nothingGone: ReadonlySet<RequestId> = new Set();
const nothingPending: PendingChange = { added: [], hurried: [], gone: nothingGone };

export function pendingChange(shown: Arrangement, fresh: Arrangement): PendingChange {
  if (shown === fresh) return nothingPending;
  const known = new Set(idsOf(shown));
  const ending = new Set(shown.find(({ group }) => group === 'ending')?.ids);
  const endingNow = fresh.find(({ group }) => group === 'ending')?.ids ?? [];
  const freshIds = idsOf(fresh);
  const added = freshIds.filter((id) => !known.has(id));
  return {
    added,
    hurried: endingNow.filter((id) => known.has(id) && !ending.has(id)),
    gone: freshIds.length - added.length === known.size ? nothingGone : without(known, freshIds),
  };
}

function without(ids: ReadonlySet<RequestId>, others: readonly RequestId[]): ReadonlySet<RequestId> {
  const rest = new Set(ids);
  for (const id of others) rest.delete(id);
  return rest;
}

/** A page that was asked for joins at once: each of its rows at the end of its group, none that is there moves. */
export function withPage(shown: Arrangement, fresh: Arrangement, page: readonly QueuePlace[]): Arrangement {
  const known = new Set(idsOf(shown));
  const joining = new Set(page.flatMap(({ requestId }) => (known.has(requestId) ? [] : [requestId])));
  if (joining.size === 0) return shown;
  const groups = new Map(shown.map(({ group, ids }) => [group, ids]));
  for (const { group, ids } of fresh) {
    const more = ids.filter((id) => joining.has(id));
    if (more.length > 0) groups.set(group, [...(groups.get(group) ?? []), ...more]);
  }
  return (['begun', 'ending', 'live', 'parked', 'newest', 'over'] as const).flatMap((group) => {
    const ids = groups.get(group) ?? [];
    return ids.length === 0 ? [] : [{ group, ids }];
  });
}

/** Whether two orders show the same rows in the same places. */
export function sameArrangement(a: Arrangement, b: Arrangement): boolean {
  return (
    a.length === b.length &&
    a.every(({ group, ids }, index) => {
      const other = b[index];
      if (other?.group !== group) return false;
      return other.ids === ids || (other.ids.length === ids.length && other.ids.every((id, at) => id === ids[at]));
    })
  );
}

/** A list to go through, and which of its rows are worth stopping at. */
export interface Stops {
  readonly ids: readonly RequestId[];
  readonly isStop: (id: RequestId) => boolean;
}

/** The next stop in this direction, staying where it is at the last one; the first or last when none is chosen. */
export function stepFrom({ ids, isStop }: Stops, current: RequestId | null, step: 1 | -1): RequestId | null {
  const at = current === null ? -1 : ids.indexOf(current);
  const from = at === -1 && step === -1 ? ids.length : at;
  for (let index = from + step; index >= 0 && index < ids.length; index += step) {
    const id = ids[index];
    if (id !== undefined && isStop(id)) return id;
  }
  return at === -1 ? null : current;
}

/** What to look at after `current`: the next row below it that is open, else the first open one. */
export function nextOpen(
  ids: readonly RequestId[],
  current: RequestId,
  isOpen: (id: RequestId) => boolean,
): RequestId | null {
  const at = ids.indexOf(current);
  for (let index = at + 1; index < ids.length; index += 1) {
    const id = ids[index];
    if (id !== undefined && isOpen(id)) return id;
  }
  return ids.find((id) => id !== current && isOpen(id)) ?? null;
}

/** The later of two answers by this person, for the foot of the list. */
export function laterAnswer(last: QueueItem | null, item: QueueItem, me: PersonId): QueueItem | null {
  const { request } = item;
  if (!('answer' in request) || request.answer.by.kind !== 'person' || request.answer.by.id !== me) return last;
  if (last === null || last.request.requestId === request.requestId) return item;
  const later = overAt(request) - overAt(last.request);
  return later > 0 || (later === 0 && request.requestId > last.request.requestId) ? item : last;
}
