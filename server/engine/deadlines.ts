import { type Deadline, earliestDeadline } from '@/lib/domain/deadline';
import type { PolicyVerdict } from '@/lib/domain/policy/decide';
import { spanWords } from './parts';
import type { ServerEntry, Settings } from './ports/servers';

interface Patience {
  readonly now: number;
  /** Until when the agent waits; null when it waits as long as it takes, or collects by ticket. */
  readonly patientUntilAt: number | null;
}

/** Until when a held call waits: the rule's limit, or the configured one, or the agent's own patience. */
export function approvalDeadline(settings: Settings, verdict: PolicyVerdict, patience: Patience): Deadline {
  const { now } = patience;
  const ownMs = verdict.terms?.deadlineMs ?? null;
  const onExpiry = verdict.terms?.atDeadline ?? 'deny';
  const ours: Deadline =
    ownMs === null
      ? ownLimit(settings, now)
      : { at: now + ownMs, cause: 'rule', reason: `rule ${verdict.rule.id} gives ${spanWords(ownMs)}`, onExpiry };
  // What a rule says of its deadline is not said of an agent that does not wait that long.
  return earliestDeadline({ ...ours, onExpiry }, ...agentLimit(patience));
}

/** Until when a person has who decides for us and not for a server. */
export function decisionDeadline(settings: Settings, patience: Patience): Deadline {
  return earliestDeadline(ownLimit(settings, patience.now), ...agentLimit(patience));
}

function ownLimit(settings: Settings, now: number): Deadline {
  return {
    at: now + settings.requestDeadlineMs,
    cause: 'default',
    reason: `questions here wait ${spanWords(settings.requestDeadlineMs)}`,
    onExpiry: 'deny',
  };
}

function agentLimit({ now, patientUntilAt }: Patience): readonly Deadline[] {
  if (patientUntilAt === null) return [];
  const reason = `the agent waits no longer than ${spanWords(patientUntilAt - now)} more`;
  return [{ at: patientUntilAt, cause: 'agent', reason, onExpiry: 'deny' }];
}

/** Until when a server's question waits: the earliest of ours and the server's own limits (I8). */
export function questionDeadline(
  settings: Settings,
  server: ServerEntry,
  times: Patience & {
    readonly callSentAt: number | null;
    readonly connectedAt: number;
    /** A stream with event ids is taken up again when it ends; one without dies with its question. */
    readonly isResumable: boolean;
  },
): Deadline {
  const { requestMs, lifetimeMs, streamMs } = server.limits;
  const limits: Deadline[] = [];
  if (requestMs !== null && times.callSentAt !== null) {
    limits.push({
      at: times.callSentAt + requestMs,
      cause: 'server_request',
      reason: `${server.name} keeps a request ${spanWords(requestMs)}`,
      onExpiry: 'deny',
    });
  }
  if (streamMs !== null && times.callSentAt !== null && !times.isResumable) {
    limits.push({
      at: times.callSentAt + streamMs,
      cause: 'server_stream',
      reason: `${server.name} keeps a stream ${spanWords(streamMs)}, and cannot resume it`,
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
  return earliestDeadline(ownLimit(settings, times.now), ...agentLimit(times), ...limits);
}
