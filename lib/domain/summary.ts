import { awayServers, type ServerAway } from './away';
import { type Book, openCalls, openRequests } from './book';
import type { CallLimit } from './deadline';
import type { TeamId } from './ids';
import type { Session } from './session';
import { bindingLimit, type Waits, waitsOf } from './verdict';

/** A session as lists show it, derived at commit. */
export interface SessionSummary {
  readonly session: Session;
  readonly seq: number;
  readonly lastEventAt: number;
  readonly servers: readonly string[];
  readonly openCalls: number;
  readonly totalCalls: number;
  readonly openRequests: number;
  /** Every team that one of its requests was for: who is in none of them does not see its raw messages. */
  readonly teams: readonly TeamId[];
  /** Whom it waits for is `verdictAt` of these, at the reader's now. */
  readonly waits: Waits;
  /** Servers it cannot reach now. */
  readonly away: readonly ServerAway[];
  /** Until when what is open can go on; null when nothing says. */
  readonly limit: CallLimit | null;
  readonly progress: {
    readonly tool: string;
    readonly progress: number;
    readonly total: number | null;
    readonly message: string | null;
  } | null;
}

/** The summary of a book whose session has started. */
export function summaryOf(book: Book, session: Session): SessionSummary {
  const servers = new Set<string>(book.carried.servers);
  for (const call of book.calls.values()) servers.add(call.server);
  for (const connection of book.connections.values()) servers.add(connection.server);
  const open = openCalls(book);
  const heard = open
    .flatMap((call) => ('progress' in call && call.progress !== null ? [{ tool: call.tool, ...call.progress }] : []))
    .sort((a, b) => b.at - a.at)[0];
  return {
    session,
    seq: book.seq,
    lastEventAt: book.lastEventAt,
    servers: [...servers],
    openCalls: open.length,
    totalCalls: book.carried.calls + book.calls.size,
    openRequests: openRequests(book).length,
    teams: teamsOf(book),
    waits: waitsOf(book),
    away: awayServers(book),
    limit: bindingLimit(book),
    progress:
      heard === undefined
        ? null
        : { tool: heard.tool, progress: heard.progress, total: heard.total, message: heard.message },
  };
}

function teamsOf(book: Book): readonly TeamId[] {
  const teams = new Set<TeamId>(book.carried.teams);
  for (const { team } of book.requests.values()) if (team !== null) teams.add(team.id);
  return [...teams];
}
