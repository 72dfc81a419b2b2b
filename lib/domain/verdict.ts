import { type Book, openCalls, openRequests } from './book';
import type { Call } from './call';
import type { CallId, RequestId } from './ids';

/** Quiet longer than this is slow, and past the second stalled; learned per tool in time, fixed until then. */
export const quietSlowMs = 60_000;
export const quietStalledMs = 600_000;

/** Whom a live session waits for. Derived, never stored. Every verdict says since when. */
export type Verdict =
  | {
      readonly on: 'person';
      readonly sinceAt: number;
      readonly requestId: RequestId;
      readonly title: string;
      readonly more: number;
    }
  | {
      readonly on: 'server';
      readonly sinceAt: number;
      readonly callId: CallId;
      readonly server: string;
      readonly tool: string;
      readonly lastSignAt: number;
    }
  | { readonly on: 'model'; readonly sinceAt: number; readonly callId: CallId }
  | { readonly on: 'nobody'; readonly sinceAt: number };

export type ServerPace = 'busy' | 'slow' | 'stalled';

/** How a server that is waited on behaves at `now`. */
export function paceAt(lastSignAt: number, now: number): ServerPace {
  const quietMs = now - lastSignAt;
  if (quietMs >= quietStalledMs) return 'stalled';
  return quietMs >= quietSlowMs ? 'slow' : 'busy';
}

/** A person who must answer outranks a server at work; the oldest of each speaks for it. */
export function verdictOf(book: Book): Verdict {
  const open = openRequests(book);
  const requests = open.filter(({ writer }) => writer === 'person');
  const oldest = requests.reduce<(typeof requests)[number] | null>(
    (best, next) => (best === null || next.openedAt < best.openedAt ? next : best),
    null,
  );
  if (oldest !== null) {
    return {
      on: 'person',
      sinceAt: oldest.openedAt,
      requestId: oldest.requestId,
      // Sessions are for more eyes than a team's requests (I11).
      title: oldest.team === null ? oldest.title : `A request for ${oldest.team.name}`,
      more: requests.length - 1,
    };
  }
  const written = open.find(({ writer, callId }) => writer === 'model' && callId !== null);
  if (written !== undefined && written.callId !== null)
    return { on: 'model', sinceAt: written.openedAt, callId: written.callId };
  const calls = openCalls(book);
  const first = calls[0];
  if (first === undefined) return { on: 'nobody', sinceAt: book.lastEventAt };
  const call = calls.reduce((best, next) => (startOf(next) < startOf(best) ? next : best), first);
  return {
    on: 'server',
    sinceAt: startOf(call),
    callId: call.callId,
    server: call.server,
    tool: call.tool,
    lastSignAt: lastSignOf(call),
  };
}

function startOf(call: Call): number {
  if (call.state === 'held' && call.interrupted !== null) return call.interrupted.at;
  return call.state === 'working' || call.state === 'input_required' ? call.sentAt : call.receivedAt;
}

function lastSignOf(call: Call): number {
  if (call.state === 'held' && call.interrupted !== null) return call.interrupted.at;
  return call.state === 'working' || call.state === 'input_required' ? call.lastSignAt : call.receivedAt;
}
