import type { LucideIcon } from 'lucide-react';
import Bot from 'lucide-react/icons/bot';
import ChartColumn from 'lucide-react/icons/chart-column';
import Gantt from 'lucide-react/icons/chart-no-axes-gantt';
import Inbox from 'lucide-react/icons/inbox';
import History from 'lucide-react/icons/history';
import Link2 from 'lucide-react/icons/link-2';
import Server from 'lucide-react/icons/server';
import Shield from 'lucide-react/icons/shield';
import Users from 'lucide-react/icons/users';
import { type Action, may, type Role } from '@/lib/domain/permission';
import type { QueueLook } from '@/lib/domain/queue-query';
import { readLook } from '@/components/queue/queue-href';

export interface Place {
  readonly name: string;
  readonly href: string;
  readonly icon: LucideIcon;
  readonly needs: Action;
}

export const queuePlace: Place = { name: 'Queue', href: '/queue', icon: Inbox, needs: 'queue.read' };
export const sessionsPlace: Place = { name: 'Sessions', href: '/sessions', icon: Gantt, needs: 'session.read' };
export const overviewPlace: Place = { name: 'Overview', href: '/overview', icon: ChartColumn, needs: 'overview.read' };

/** Choices that are remembered: what went through without being asked. */
export const choicesPlace: Place = { name: 'Remembered', href: '/choices', icon: History, needs: 'choice.read' };
export const settingsHref = '/settings';

export const adminPlaces: readonly Place[] = [
  { name: 'Rules', href: '/rules', icon: Shield, needs: 'rule.read' },
  { name: 'Servers', href: '/servers', icon: Server, needs: 'server.read' },
  { name: 'Agents', href: '/agents', icon: Bot, needs: 'agent.read' },
  { name: 'People', href: '/people', icon: Users, needs: 'person.read' },
  { name: 'Audit', href: '/audit', icon: Link2, needs: 'audit.read' },
];

export function placesFor(role: Role): readonly Place[] {
  return adminPlaces.filter((place) => may(role, place.needs));
}

/** Whether a path lies within a place. */
export function isAt(path: string, href: string): boolean {
  const bare = path.split('?')[0] ?? '';
  return bare === href || bare.startsWith(`${href}/`);
}

/** The look a path shows; null when it is not the queue. */
export function lookAt(path: string): QueueLook | null {
  if (!isAt(path, queuePlace.href)) return null;
  return readLook(new URLSearchParams(path.split('?')[1] ?? ''));
}
