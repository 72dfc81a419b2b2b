import { type Deadline, earliestDeadline } from '@/lib/domain/deadline';
import type { PolicyVerdict } from '@/lib/domain/policy';
import { spanWords } from './parts';
import type { ServerEntry, Settings } from './ports/servers';

/** Until when a held call waits: the rule's limit, or the configured one. */
export function approvalDeadline(settings: Settings, verdict: PolicyVerdict, now: number): Deadline {
  const ownMs = verdict.deadlineMs;
  if (ownMs !== null) {
    return {
      at: now + ownMs,
      cause: 'rule',
      reason: `rule ${verdict.rule.id} gives ${spanWords(ownMs)}`,
      onExpiry: 'deny',
    };
  }
  return {
    at: now + settings.requestDeadlineMs,
    cause: 'default',
    reason: `questions here wait ${spanWords(settings.requestDeadlineMs)}`,
    onExpiry: 'deny',
  };
}

/** Until when a server's question waits: the earliest of ours and the server's own limits (I8). */
export function questionDeadline(
  settings: Settings,
  server: ServerEntry,
  times: { readonly now: number; readonly callSentAt: number | null; readonly connectedAt: number },
): Deadline {
  const { requestMs, lifetimeMs } = server.limits;
  const limits: Deadline[] = [];
  if (requestMs !== null && times.callSentAt !== null) {
    limits.push({
      at: times.callSentAt + requestMs,
      cause: 'server_request',
      reason: `${server.name} keeps a request ${spanWords(requestMs)}`,
      onExpiry: 'deny',
    });
  }
  if (lifetimeMs !== null) {
    limits.push({
      at: times.connectedAt + lifetimeMs,
      cause: 'server_lifetime',
      reason: `${server.name} keeps a session ${spanWords(lifetimeMs)}`,
      onExpiry: 'deny',
    });
  }
  const ours: Deadline = {
    at: times.now + settings.requestDeadlineMs,
    cause: 'default',
    reason: `questions here wait ${spanWords(settings.requestDeadlineMs)}`,
    onExpiry: 'deny',
  };
  return earliestDeadline(ours, ...limits);
}
