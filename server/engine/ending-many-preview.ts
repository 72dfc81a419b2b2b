import { type Book, openCalls, openRequests } from '@/lib/domain/book';
import { type Call, sentOf } from '@/lib/domain/call';
import { claimAt } from '@/lib/domain/claim';
import { isLiveConnection } from '@/lib/domain/connection';
import { type EndManyPreview, type EndManyRow, endManyMost, type EndSelection } from '@/lib/domain/end-many';
import type { SessionId } from '@/lib/domain/ids';
import { isWithin, notNarrowed, saysText, type SessionNarrowing } from '@/lib/domain/session-query';
import { agentMessage, isHarmless, reasonPlace, unknownTools } from './ending-preview';
import { printOf } from './ending-print';
import { bookOf, type EngineParts, type LiveSession } from './parts';

const requestsShown = 50;

/** The live sessions of a selection, the latest started first; of those named, how many are over already. */
export async function selected(
  parts: EngineParts,
  selection: EndSelection,
): Promise<Pick<EndManyPreview, 'over' | 'beyond'> & { readonly live: readonly LiveSession[] }> {
  const { sessionIds, live: isLive, search, narrow } = selection;
  if (isLive === false) return { live: [], over: 0, beyond: 0 };
  const now = parts.clock.now();
  const ids: readonly SessionId[] =
    sessionIds ??
    (await parts.summaries.all())
      .filter((summary) => isWithin(summary, narrow ?? notNarrowed, now) && saysText(summary, search ?? ''))
      .sort((a, b) => b.session.startedAt - a.session.startedAt)
      .map(({ session }) => session.sessionId);
  const live = [...new Set(ids)].flatMap((id) => {
    const session = parts.live.get(id);
    return session !== undefined && bookOf(session).session?.state === 'active' ? [session] : [];
  });
  return {
    live: live.slice(0, endManyMost),
    over: sessionIds === null ? 0 : new Set(ids).size - live.length,
    beyond: Math.max(0, live.length - endManyMost),
  };
}

/** What would happen to all of them, added up by what people must know. */
export async function previewMany(parts: EngineParts, selection: EndSelection): Promise<EndManyPreview> {
  const { live, over, beyond } = await selected(parts, selection);
  const now = parts.clock.now();
  const calls = live.flatMap((one) => openCalls(bookOf(one)));
  const sent = calls.filter((call) => sentOf(call) !== null);
  const requests = live.flatMap((one) =>
    openRequests(bookOf(one)).map((request) => ({ request, agent: one.agent.name })),
  );
  return {
    about: aboutOf(selection, live),
    graceMs: parts.settings.endingGraceMs,
    sessions: live.map(rowOf),
    over,
    beyond,
    told: toldBy(live),
    unknown: unknownOf(sent),
    harmless: sent.filter(isHarmless).length,
    held: calls.length - sent.length,
    requests: requests.slice(0, requestsShown).map(({ request, agent }) => ({
      title: request.title,
      kind: request.kind,
      agent,
      answering: claimAt(request, now)?.by.name ?? null,
    })),
    requestsTotal: requests.length,
    connections: connectionsOf(live.map(bookOf)),
  };
}

/** What was chosen, in words for the record. */
export function aboutOf({ sessionIds, search, narrow }: EndSelection, live: readonly LiveSession[]): string {
  if (sessionIds !== null) return `${sessionIds.length} selected`;
  const agent = narrow?.agentId ?? null;
  const name = live.find((one) => one.agent.id === agent)?.agent.name ?? agent;
  const words = [
    name === null ? '' : `agent ${name}`,
    narrow?.server === null || narrow === null ? '' : `server ${narrow.server}`,
    narrow === null || narrow.moods.length === 0 ? '' : `waiting on ${narrow.moods.join(' or ')}`,
    startedWords(narrow),
    search === null || search === '' ? '' : `“${search}”`,
  ].filter((part) => part !== '');
  return words.length === 0 ? 'every live session' : words.join(', ');
}

function startedWords(narrow: SessionNarrowing | null): string {
  const { startedFrom = null, startedBefore = null } = narrow ?? {};
  const from = startedFrom === null ? '' : ` from ${instantWords(startedFrom)}`;
  const before = startedBefore === null ? '' : ` before ${instantWords(startedBefore)}`;
  return from === '' && before === '' ? '' : `started${from}${before}`;
}

/** Of no reader's time zone: it stands in the record. */
function instantWords(at: number): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? 'an unknown time' : `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

function rowOf(live: LiveSession): EndManyRow {
  const book = bookOf(live);
  const calls = openCalls(book);
  return {
    sessionId: live.sessionId,
    agent: live.agent.name,
    print: printOf(book),
    calls: calls.length,
    unknown: unknownIn(book),
    requests: openRequests(book).length,
  };
}

/** Calls of a session whose outcome nobody will know once it is ended. */
export function unknownIn(book: Book): number {
  return openCalls(book).filter((call) => sentOf(call) !== null && !isHarmless(call)).length;
}

/** One line for each message, however many hear it. */
function toldBy(live: readonly LiveSession[]): EndManyPreview['told'] {
  const told = new Map<string, { agents: Set<string>; sessions: number }>();
  for (const one of live) {
    const sent = openCalls(bookOf(one)).filter((call) => sentOf(call) !== null);
    const message = agentMessage('terminated', { reason: reasonPlace, unknown: unknownTools(sent) });
    const heard = told.get(message) ?? { agents: new Set<string>(), sessions: 0 };
    heard.agents.add(one.agent.name);
    heard.sessions += 1;
    told.set(message, heard);
  }
  return [...told].map(([message, { agents, sessions }]) => ({ message, sessions, agents: [...agents] }));
}

function unknownOf(sent: readonly Call[]): EndManyPreview['unknown'] {
  const counted = new Map<string, { server: string; tool: string; calls: number }>();
  for (const { server, tool, ...call } of sent) {
    if (call.risk === 'read_only') continue;
    const entry = counted.get(`${server} ${tool}`) ?? { server, tool, calls: 0 };
    entry.calls += 1;
    counted.set(`${server} ${tool}`, entry);
  }
  return [...counted.values()].sort((a, b) => b.calls - a.calls);
}

function connectionsOf(books: readonly Book[]): EndManyPreview['connections'] {
  const counted = new Map<string, { server: string; transport: 'http' | 'stdio'; count: number }>();
  for (const book of books) {
    for (const connection of book.connections.values()) {
      if (!isLiveConnection(connection)) continue;
      const { server, transport } = connection;
      const entry = counted.get(`${server} ${transport}`) ?? { server, transport, count: 0 };
      entry.count += 1;
      counted.set(`${server} ${transport}`, entry);
    }
  }
  return [...counted.values()];
}
