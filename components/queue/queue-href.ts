import type { RequestKind } from '@/lib/domain/event';
import { readTeamId, type RequestId } from '@/lib/domain/ids';
import { readView } from '@/lib/domain/queue';
import { openLook, type QueueLook, type QueueView } from '@/lib/domain/queue-query';
import type { Risk } from '@/lib/domain/tool';

export const queueKinds: readonly RequestKind[] = ['form', 'url', 'approval', 'sampling', 'recovery'];
export const queueRisks: readonly Risk[] = ['destructive', 'writes', 'read_only'];
const longestSearch = 200;
const mostTeams = 50;

/** A look as its address says it: an address is a saved view. What it does not know it leaves aside. */
export function readLook(query: Pick<URLSearchParams, 'get'>): QueueLook {
  const list = (name: string): readonly string[] => [...new Set((query.get(name) ?? '').split(','))];
  const kinds = list('kind');
  const risks = list('risk');
  return {
    view: readView(query.get('view')),
    text: (query.get('q') ?? '').slice(0, longestSearch),
    kinds: queueKinds.filter((kind) => kinds.includes(kind)),
    risks: queueRisks.filter((risk) => risks.includes(risk)),
    teams: list('team')
      .flatMap((team) => readTeamId(team) ?? [])
      .slice(0, mostTeams),
    order: query.get('order') === 'opened' ? 'opened' : 'deadline',
  };
}

/** The query of a look, from its `?` on; empty for the whole open queue. */
export function lookQuery({ view, text, kinds, risks, teams, order }: QueueLook): string {
  const query = new URLSearchParams();
  if (view !== 'open') query.set('view', view);
  if (text.trim() !== '') query.set('q', text);
  const parts: readonly (readonly [string, readonly string[]])[] = [
    ['kind', kinds],
    ['risk', risks],
    ['team', teams],
  ];
  for (const [name, values] of parts) if (values.length > 0) query.set(name, values.join(','));
  if (order !== 'deadline') query.set('order', order);
  const words = query.toString().replaceAll('%2C', ',');
  return words === '' ? '' : `?${words}`;
}

export function lookHref(look: QueueLook): string {
  return `/queue${lookQuery(look)}`;
}

/** The address of a view. */
export function viewHref(view: QueueView): string {
  return lookHref({ ...openLook, view });
}

/** The address of a request, keeping the list beside it. */
export function requestHref(id: RequestId, beside: QueueLook | QueueView): string {
  return `/queue/${id}${lookQuery(typeof beside === 'string' ? { ...openLook, view: beside } : beside)}`;
}
