import { openCalls, openRequests } from '@/lib/domain/book';
import { type Call, sentOf } from '@/lib/domain/call';
import { claimAt } from '@/lib/domain/claim';
import { isLiveConnection } from '@/lib/domain/connection';
import type { EndPreview } from '@/lib/domain/end-preview';
import type { SessionEnd } from '@/lib/domain/event';
import { bookOf, type EngineParts, type LiveSession } from './parts';

/** Where an admin's reason will stand in what the agent is told. */
export const reasonPlace = '{reason}';

/** What ending a session would do, shown before anything is done. */
export function previewOf(parts: Pick<EngineParts, 'settings'>, live: LiveSession, now: number): EndPreview {
  const book = bookOf(live);
  const calls = openCalls(book);
  return {
    sessionId: live.sessionId,
    graceMs: parts.settings.endingGraceMs,
    agent: live.agent.name,
    calls: calls.map((call) => ({ call, ...effectOf(call) })),
    requests: openRequests(book).map((request) => ({ request, answering: claimAt(request, now)?.by.name ?? null })),
    agentMessage: agentMessage('terminated', {
      reason: reasonPlace,
      unknown: unknownTools(calls.filter((call) => sentOf(call) !== null)),
    }),
    connections: [...book.connections.values()].filter(isLiveConnection).map((connection) => ({
      server: connection.server,
      transport: connection.transport,
      words:
        connection.transport === 'http'
          ? 'DELETE is sent to its session.'
          : 'Its process and that process’s children are ended.',
    })),
  };
}

/** A read-only call has nothing to undo; of any other it is unknown what it did. */
export function isHarmless(call: Call): boolean {
  return call.risk === 'read_only';
}

export function unknownTools(inFlight: readonly Call[]): readonly string[] {
  return [...new Set(inFlight.filter((call) => !isHarmless(call)).map((call) => call.tool))];
}

export function effectOf(call: Call): { readonly effect: 'none' | 'unknown'; readonly words: string } {
  if (sentOf(call) === null)
    return {
      effect: 'none',
      words:
        call.turnedBack > 0
          ? 'Not sent again. Its server said that it was not run.'
          : 'Rejected before sending. Nothing was run.',
    };
  if (isHarmless(call)) return { effect: 'none', words: 'Cancel is sent. Read-only, nothing to undo.' };
  return { effect: 'unknown', words: 'Cancel is sent. What it already did stays done.' };
}

/** Exactly what the waiting agent hears. */
export function agentMessage(
  end: SessionEnd,
  facts: { readonly reason: string; readonly unknown: readonly string[] },
): string {
  const opening: { readonly [E in SessionEnd]: string } = {
    terminated: `Session ended by an admin: “${facts.reason}”.`,
    idle: `Session ended: ${facts.reason}.`,
    closed: `Session closed: ${facts.reason}.`,
    lost: `Session lost: ${facts.reason}.`,
  };
  if (facts.unknown.length === 0) return opening[end];
  const calls =
    facts.unknown.length === 1
      ? '1 call has an unknown outcome'
      : `${facts.unknown.length} calls have an unknown outcome`;
  return `${opening[end]} ${calls}: ${facts.unknown.join(', ')}. Do not repeat ${facts.unknown.length === 1 ? 'it' : 'them'} without checking.`;
}
