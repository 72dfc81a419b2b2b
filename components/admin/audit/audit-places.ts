import { endingHrefOf } from '@/components/ending/ending-words';
import type { AuditEntry } from '@/lib/domain/audit';

/** The page of what an entry is about; null where there is none. */
export function pageOfSubject({ about, facts, at }: AuditEntry): string | null {
  const { kind, id } = about;
  switch (kind) {
    case 'request':
      return `/queue/${encodeURIComponent(id)}`;
    case 'session':
      return sessionHref(id, facts, at);
    case 'call': {
      const session = sessionOf(facts);
      return session === null ? null : `/sessions/${encodeURIComponent(session)}?lane=${encodeURIComponent(id)}`;
    }
    case 'server':
      return `/servers/${encodeURIComponent(id)}`;
    case 'tool': {
      const server = facts['server'];
      return typeof server === 'string' ? `/servers/${encodeURIComponent(server)}` : null;
    }
    case 'rules':
      return '/rules';
    case 'choice':
      return '/choices';
    case 'agent':
      return '/agents';
    case 'person':
    case 'team':
      return '/people';
    case 'everything':
      // An order to end many sessions is; a restore or an export has no page.
      return endingHrefOf(id);
    default:
      return null;
  }
}

/** The session that an entry belongs to, at its moment; null when it is about the session itself, or in none. */
export function sessionPage({ about, facts, at }: AuditEntry): string | null {
  const session = sessionOf(facts);
  return session === null || about.kind === 'session' ? null : sessionHref(session, facts, at);
}

function sessionHref(id: string, facts: AuditEntry['facts'], at: number): string {
  const event = facts['event'];
  const place = typeof event === 'number' ? `?at=${new Date(at).toISOString()}#${event}` : '';
  return `/sessions/${encodeURIComponent(id)}${place}`;
}

function sessionOf(facts: AuditEntry['facts']): string | null {
  const session = facts['session'];
  return typeof session === 'string' ? session : null;
}
