import { holdpoint } from '@/lib/domain/actor';
import { type Book, emptyBook, openCalls, openRequests } from '@/lib/domain/book';
import { type Connection, isLiveConnection } from '@/lib/domain/connection';
import type { AgentId, ConnectionId } from '@/lib/domain/ids';
import type { Collecting } from './collecting';
import type { Connections } from './connections';
import type { Delivery } from './delivery';
import type { Ending } from './ending';
import { insist } from './insist';
import { lossOf } from './loss';
import { bookOf, type EngineParts, type LiveSession, nobody, type ServerLink } from './parts';
import type { AgentIdentity } from './ports/agents';
import type { Attachment, Payload, SavedSession } from './ports/store';
import { readBack } from './read-back';
import { settleIfResultLost } from './result-lost';
import type { Sending } from './sending';
import { type Draft, SessionLog, type SessionLogPorts } from './session-log';
import type { Watch } from './watch';

const why = 'Holdpoint was restarted.';
/** Answers go before the streams are asked for (MCP.md), but a server that is away must not hold the streams up. */
const answersFirstMs = 1_000;

/** The book of a session as it was saved: what is open in full, what is over by count. */
export function bookFrom(saved: SavedSession): Book {
  const book = emptyBook();
  const { summary } = saved;
  book.session = summary.session;
  book.seq = summary.seq;
  book.lastEventAt = summary.lastEventAt;
  for (const connection of saved.connections) book.connections.set(connection.connectionId, connection);
  for (const call of saved.calls) book.calls.set(call.callId, call);
  for (const request of saved.requests) book.requests.set(request.requestId, request);
  book.carried = { calls: summary.totalCalls - saved.calls.length, servers: summary.servers, teams: summary.teams };
  return book;
}

interface Recovered {
  readonly saved: SavedSession;
  readonly live: LiveSession;
}

/**
 * Takes up what the last life of this process left (I5): sessions, open requests with their deadlines, saved
 * answers, calls in flight with their connections. Nothing is sent again that may have been sent (I3).
 */
export class Recovery {
  private readonly recovered: Recovered[] = [];
  private readonly identities = new Map<AgentId, Promise<AgentIdentity | null>>();

  constructor(
    private readonly parts: EngineParts,
    private readonly by: {
      readonly delivery: Delivery;
      readonly collecting: Collecting;
      readonly connections: Connections;
      readonly ending: Ending;
      readonly sending: Sending;
      readonly watch: Watch;
      readonly logPorts: (live: () => LiveSession) => SessionLogPorts;
    },
  ) {}

  /** Before anyone is let in: every session is known, every connection is being taken up or lost, and that is on disk. */
  async load(): Promise<void> {
    const { store, log } = this.parts;
    const sessions = await store.loadLive();
    await this.endOrphans(sessions);
    for (const saved of sessions) this.recovered.push({ saved, live: await this.liveOf(saved) });
    for (const { live } of this.recovered) this.parts.live.set(live.sessionId, live);
    await Promise.all(this.recovered.map((one) => this.recordRestart(one)));
    if (sessions.length > 0) log.info({ sessions: sessions.length }, 'sessions of the last run are taken up');
  }

  /** After that, while people and agents come back: answers delivered, streams resumed, what was let go sent. */
  resume(): void {
    for (const { saved, live } of this.recovered.splice(0)) {
      this.resumeSession(saved, live).catch((error: unknown) =>
        this.parts.log.error({ err: error, sessionId: live.sessionId }, 'a session could not be taken up whole'),
      );
    }
  }

  /** Only ours: a number alone may be somebody else's by now. */
  private async endOrphans(sessions: readonly SavedSession[]): Promise<void> {
    const processes = sessions.flatMap(({ attachments }) =>
      attachments.flatMap(({ facts }) => (facts.process === null ? [] : [facts.process])),
    );
    if (processes.length === 0) return;
    for (const end of await this.parts.upstream.endOrphans(processes))
      this.parts.log.info(end, 'a process of the last run');
  }

  private async liveOf(saved: SavedSession): Promise<LiveSession> {
    const { session } = saved.summary;
    const { sessionId, agent } = session;
    const book = bookFrom(saved);
    await this.addAsked(book);
    const identity = await this.identify(agent.id);
    const live: LiveSession = {
      sessionId,
      // One whose key was revoked may use nothing any more; what it asked for is still answered.
      agent: identity ?? { id: agent.id, name: agent.name, servers: [] },
      scope: session.scope,
      log: new SessionLog(sessionId, book, { ...this.by.logPorts(() => live), rawSeq: saved.rawSeq }),
      listener: nobody,
      links: new Map(),
      work: new Map(),
      digests: null,
      sending: new Set(),
      disowned: new Set(),
      lastContactAt: this.parts.clock.now(),
    };
    return live;
  }

  /** What was asked of a call that was sent: answers may be offered again, and what approved it is looked at again (I6). */
  private async addAsked(book: Book): Promise<void> {
    const { store } = this.parts;
    for (const call of openCalls(book)) {
      if (call.runs === 0) continue;
      for (const request of await readBack(this.parts, () => store.requestsOfCall(call.callId)))
        if (!book.requests.has(request.requestId)) book.requests.set(request.requestId, request);
    }
  }

  private identify(id: AgentId): Promise<AgentIdentity | null> {
    const asked = this.identities.get(id) ?? readBack(this.parts, () => this.parts.identify(id));
    this.identities.set(id, asked);
    return asked;
  }

  private async recordRestart({ saved, live }: Recovered): Promise<void> {
    const places = new Map(saved.attachments.map((one): [ConnectionId, Attachment] => [one.connectionId, one]));
    const recorded = await live.log.change((_book, now) => {
      const events: Draft[] = [];
      const payloads: Payload[] = [];
      for (const connection of bookOf(live).connections.values()) {
        if (!isLiveConnection(connection)) continue;
        const { connectionId, server } = connection;
        if (this.canRestore(connection, places.get(connectionId))) {
          if (connection.state === 'ready')
            events.push({ actor: holdpoint, body: { type: 'connection.reattaching', connectionId, why } });
          continue;
        }
        const lost = lossOf(this.parts, live, { place: { server, connectionId }, why, now });
        events.push(...lost.events);
        payloads.push(...lost.payloads);
      }
      // What a model was writing went with the last life, and is not asked for twice.
      const withdrawn = new Set(events.map(({ body }) => (body.type === 'request.withdrawn' ? body.requestId : null)));
      for (const { requestId, writer } of openRequests(bookOf(live)))
        if (writer === 'model' && !withdrawn.has(requestId))
          events.push({
            actor: holdpoint,
            body: { type: 'request.to_person', requestId, why: 'Holdpoint was restarted while the model wrote.' },
          });
      return { events, payloads, value: null };
    });
    if (!recorded.ok)
      throw new Error(`Session ${live.sessionId} of the last run could not be taken up: ${recorded.message}`);
    for (const attachment of saved.attachments) this.restore(saved, live, attachment);
  }

  private canRestore(connection: Connection, attachment: Attachment | undefined): boolean {
    return (
      connection.state !== 'opening' &&
      connection.transport === 'http' &&
      attachment !== undefined &&
      attachment.facts.mcpSessionId !== null &&
      this.parts.servers.get(connection.server)?.transport.kind === 'http'
    );
  }

  private restore(saved: SavedSession, live: LiveSession, attachment: Attachment): void {
    const { connectionId, facts } = attachment;
    const connection = bookOf(live).connections.get(connectionId);
    if (connection?.state !== 'reattaching' || facts.mcpSessionId === null) return;
    const book = bookOf(live);
    const calls = openCalls(book).flatMap((call) =>
      call.state !== 'held' && call.connectionId === connectionId && call.resultLost === null ? [call.rpcId] : [],
    );
    const asked = [...book.requests.values()].flatMap(({ upstream, state }) =>
      upstream?.connectionId === connectionId
        ? [{ rpcId: upstream.rpcId, waits: state === 'open' || state === 'answered' }]
        : [],
    );
    const questions = asked.filter(({ waits }) => waits).map(({ rpcId }) => rpcId);
    const answered = asked.filter(({ waits }) => !waits).map(({ rpcId }) => rpcId);
    const cursors = saved.cursors
      .filter((cursor) => cursor.connectionId === connectionId)
      .map(({ stream, eventId }) => ({ stream, eventId }));
    const { mcpSessionId } = facts;
    const { server } = connection;
    this.by.connections.restore(live, {
      connectionId,
      server,
      mcpSessionId,
      facts,
      cursors,
      calls,
      questions,
      answered,
    });
  }

  private async resumeSession(saved: SavedSession, live: LiveSession): Promise<void> {
    if (bookOf(live).session?.state === 'ending') return this.by.ending.run(live);
    const links = await this.linksOf(live);
    await this.loseUnrestored(saved, live, links);
    const { delivery, sending, watch } = this.by;
    const answered: Promise<void>[] = [];
    for (const request of [...bookOf(live).requests.values()]) {
      if (request.state === 'open') watch.requestChanged(live, request.requestId);
      if (request.state === 'answered') answered.push(delivery.deliver(live, request.requestId));
    }
    for (const { connectionId } of links) answered.push(this.tellAgain(live, connectionId));
    const late = new Promise<void>((resolve) => {
      this.parts.clock.after(answersFirstMs, resolve);
    });
    await Promise.race([Promise.allSettled(answered), late]);
    for (const link of links) link.connection.resume();
    for (const call of openCalls(bookOf(live))) {
      if (call.state === 'held' && call.reasons.includes('sending'))
        void this.noted(sending.send(live, call.callId), live);
      this.by.collecting.awayAtStart(live, call.callId);
      // Its last answer may have gone its way just before the end.
      answered.push(settleIfResultLost(this.parts, live, call.callId));
    }
    await Promise.all(answered);
  }

  private async linksOf(live: LiveSession): Promise<readonly ServerLink[]> {
    const links = await Promise.all(live.links.values());
    return links.flatMap((link) => (link.ok ? [link.value] : []));
  }

  /** What the upstream would not take up, for its address changed: lost, like any other (I9). */
  private async loseUnrestored(saved: SavedSession, live: LiveSession, links: readonly ServerLink[]): Promise<void> {
    for (const { connectionId, server } of saved.connections) {
      if (links.some((link) => link.connectionId === connectionId)) continue;
      await insist(this.parts, live, (_book, now) => ({
        ...lossOf(this.parts, live, { place: { server, connectionId }, why, now }),
        value: null,
      }));
    }
  }

  /**
   * A question that expired or was withdrawn just before the end may not have been told to its server, whose tool
   * would wait for ever. Saying it twice does no harm.
   */
  private async tellAgain(live: LiveSession, connectionId: ConnectionId): Promise<void> {
    for (const request of [...bookOf(live).requests.values()]) {
      if (request.upstream?.connectionId !== connectionId) continue;
      if (request.state === 'expired' || request.state === 'withdrawn')
        await this.by.delivery.tellNobody(live, request);
    }
  }

  private async noted(work: Promise<void>, live: LiveSession): Promise<void> {
    const { sessionId } = live;
    try {
      await work;
    } catch (error) {
      this.parts.log.error({ err: error, sessionId }, 'a call of the last run could not be sent');
    }
  }
}
