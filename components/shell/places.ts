import type { LucideIcon } from 'lucide-react';
import Bot from 'lucide-react/icons/bot';
import Gantt from 'lucide-react/icons/chart-no-axes-gantt';
import Inbox from 'lucide-react/icons/inbox';
import Server from 'lucide-react/icons/server';
import Users from 'lucide-react/icons/users';
import { type Action, may, type Role } from '@/lib/domain/permission';
import { type QueueView, readView } from '@/lib/domain/queue';

export interface Place {
  readonly name: string;
  readonly href: string;
  readonly icon: LucideIcon;
  readonly needs: Action;
}

export const queuePlace: Place = { name: 'Queue', href: '/queue', icon: Inbox, needs: 'queue.read' };
export const sessionsPlace: Place = { name: 'Sessions', href: '/sessions', icon: Gantt, needs: 'session.read' };

export const adminPlaces: readonly Place[] = [
  { name: 'Servers', href: '/servers', icon: Server, needs: 'server.read' },
  { name: 'Agents', href: '/agents', icon: Bot, needs: 'agent.read' },
  { name: 'People', href: '/people', icon: Users, needs: 'person.read' },
];

export function placesFor(role: Role): readonly Place[] {
  return adminPlaces.filter((place) => may(role, place.needs));
}

/** Whether a path lies within a place. */
export function isAt(path: string, href: string): boolean {
  const bare = path.split('?')[0] ?? '';
  return bare === href || bare.startsWith(`${href}/`);
}

/** The queue view a path shows; null when it is not the queue. */
export function viewAt(path: string): QueueView | null {
  if (!isAt(path, '/queue')) return null;
  return readView(new URLSearchParams(path.split('?')[1] ?? '').get('view'));
}
