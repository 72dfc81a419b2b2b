import { type CallLimit, type Deadline, earliestDeadline } from '@/lib/domain/deadline';
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
  const { streamMs } = server.limits;
  const limits = serverLimits(server, times).map((limit): Deadline => ({ ...limit, onExpiry: 'deny' }));
  if (streamMs !== null && times.callSentAt !== null && !times.isResumable) {
    limits.push({
      at: times.callSentAt + streamMs,
      cause: 'server_stream',
      reason: `${server.name} keeps a stream ${spanWords(streamMs)}, and cannot resume it`,
      onExpiry: 'deny',
    });
  }
  return earliestDeadline(ownLimit(settings, times.now), ...agentLimit(times), ...limits);
}

/** What gives up a call that leaves now, whoever is asked meanwhile: its agent and its server (I8). */
export function callLimits(
  server: ServerEntry,
  times: Patience & { readonly connectedAt: number },
): readonly CallLimit[] {
  const { now, patientUntilAt, connectedAt } = times;
  const reason = `the agent waits no longer than ${spanWords((patientUntilAt ?? now) - now)}`;
  const agent: readonly CallLimit[] = patientUntilAt === null ? [] : [{ at: patientUntilAt, cause: 'agent', reason }];
  return [...agent, ...serverLimits(server, { callSentAt: now, connectedAt })];
}

function serverLimits(
  { name, limits }: ServerEntry,
  { callSentAt, connectedAt }: { readonly callSentAt: number | null; readonly connectedAt: number },
): readonly CallLimit[] {
  const { requestMs, lifetimeMs } = limits;
  const found: CallLimit[] = [];
  if (requestMs !== null && callSentAt !== null) {
    const reason = `${name} keeps a request ${spanWords(requestMs)}`;
    found.push({ at: callSentAt + requestMs, cause: 'server_request', reason });
  }
  if (lifetimeMs !== null) {
    const reason = `${name} keeps a session ${spanWords(lifetimeMs)}`;
    found.push({ at: connectedAt + lifetimeMs, cause: 'server_lifetime', reason });
  }
  return found;
}
