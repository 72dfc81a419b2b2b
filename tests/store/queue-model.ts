import { expiringMs, openLook, type QueueCounts, type QueueLook, queueViews } from '@/lib/domain/queue-query';
import type { PersonId, TeamId } from '@/lib/domain/ids';
import { overAt } from '@/lib/domain/queue';
import { claimAt } from '@/lib/domain/claim';
import type { HoldRequest } from '@/lib/domain/request';
import type { TeamRef } from '@/lib/domain/team';
import type { QueueQuery } from '@/server/engine/ports/store';

/** What the queue is meant to be, as a plain filter over what is in memory. */
export const team = (name: string): TeamRef => ({ id: name.toLowerCase() as TeamId, name });
export const personId = (name: string): PersonId => `per_${name}` as PersonId;
export const nowAt = 1_764_000_000_000;

export function lookOf(look: Partial<QueueLook>): QueueQuery {
  const me = { claims: personId('ada'), assigned: [personId('ada')], teams: [team('pay').id] };
  return { look: { ...openLook, ...look }, visible: 'all', me, now: nowAt, after: null, limit: 100 };
}

export interface Known {
  readonly request: HoldRequest;
  readonly agent: string;
}

function inView({ request }: Known, view: QueueLook['view'], { me, now }: QueueQuery): boolean {
  if (view === 'answered') return request.state !== 'open';
  if (request.state !== 'open' || request.writer === 'model') return false;
  const to = request.assignedTo;
  switch (view) {
    case 'open':
      return true;
    case 'expiring':
      return request.deadline.at <= now + expiringMs;
    case 'mine':
      return claimAt(request, now)?.by.id === me.claims || (to !== null && me.assigned.includes(to.id));
    case 'teams':
      return teamsFor(request).some((id) => me.teams.includes(id));
  }
}

function teamsFor({ team: own, alsoTeams }: HoldRequest): readonly TeamId[] {
  return own === null ? [] : [own, ...alsoTeams].map(({ id }) => id);
}

function isVisible({ request }: Known, visible: QueueQuery['visible']): boolean {
  if (visible === 'all' || request.team === null) return true;
  if (teamsFor(request).some((id) => visible.teams.includes(id))) return true;
  return request.assignedTo !== null && visible.people.includes(request.assignedTo.id);
}

function passes({ request, agent }: Known, look: QueueLook): boolean {
  if (look.kinds.length > 0 && !look.kinds.includes(request.kind)) return false;
  if (look.risks.length > 0 && !look.risks.includes(request.risk)) return false;
  if (look.teams.length > 0 && !teamsFor(request).some((id) => look.teams.includes(id))) return false;
  const { title, server, tool, requestId, alsoTeams } = request;
  const names = [...(request.team === null ? [] : [request.team]), ...alsoTeams].map(({ name }) => name);
  const texts = [title, server, tool ?? '', requestId, agent, request.assignedTo?.name ?? '', ...names];
  return look.text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
    .slice(0, 10)
    .every((word) => texts.some((text) => text.toLowerCase().includes(word)));
}

export function placeOf(request: HoldRequest, look: QueueLook): { at: number; requestId: HoldRequest['requestId'] } {
  const { requestId, openedAt, deadline } = request;
  if (look.view === 'answered') return { at: overAt(request), requestId };
  return { at: look.order === 'opened' ? openedAt : deadline.at, requestId };
}

/** All of them in order, whatever the page. */
export function modelQueue(all: readonly Known[], query: QueueQuery): readonly Known[] {
  const { look } = query;
  const sign = look.view === 'answered' || look.order === 'opened' ? -1 : 1;
  return all
    .filter((one) => inView(one, look.view, query) && isVisible(one, query.visible) && passes(one, look))
    .toSorted((one, other) => {
      const [a, b] = [placeOf(one.request, look), placeOf(other.request, look)];
      return a.at === b.at ? (a.requestId < b.requestId ? -1 : 1) : sign * (a.at - b.at);
    });
}

export function modelCounts(all: readonly Known[], query: QueueQuery): QueueCounts {
  const seen = all.filter((one) => isVisible(one, query.visible));
  const count = (view: QueueLook['view']): number => seen.filter((one) => inView(one, view, query)).length;
  const counts = Object.fromEntries(queueViews.map((view) => [view, count(view)])) as QueueCounts;
  return { ...counts, answered: 0 };
}
