import { awayFor } from './away';
import type { QueueItem } from './request-detail';
import type { SessionSummary } from './summary';

/** A request as lists show it, from what its session is now. */
export function queueItem(
  { request, call }: Pick<QueueItem, 'request' | 'call'>,
  { session: { agent }, seq, away }: Pick<SessionSummary, 'session' | 'seq' | 'away'>,
): QueueItem {
  return { request, call, agent: agent.name, agentId: agent.id, seq, away: awayFor(request, away) };
}
