import { type Actor, holdpoint } from '@/lib/domain/actor';
import type { Origin } from '@/lib/domain/audit';
import { type Book, openCalls, openRequests } from '@/lib/domain/book';
import { type Call, sentOf, isUnderWay } from '@/lib/domain/call';
import { isLiveConnection } from '@/lib/domain/connection';
import type { EndStep } from '@/lib/domain/end-step';
import type { SessionEnd } from '@/lib/domain/event';
import type { ConnectionId, SessionId } from '@/lib/domain/ids';
import { type Result, refuse } from '@/lib/domain/refusal';
import type { AnsweredRequest } from '@/lib/domain/request';
import type { Session } from '@/lib/domain/session';
import { agentMessage, isHarmless, unknownTools } from './ending-preview';
import { insist } from './insist';
import { bookOf, type EngineParts, type LiveSession, type ServerLink, spanWords } from './parts';
import type { CloseReport, SendOutcome } from './ports/upstream';
import type { Draft } from './session-log';

type EndingSession = Extract<Session, { readonly state: 'ending' }>;

/** What the agent is told, and what was in flight when it was. */
interface Told {
  readonly inFlight: readonly Call[];
  readonly message: string;
}

/** What a close may take beyond its grace: what is left of a child's group is waited for, too. */
const closeMarginMs = 5_000;

/**
 * Ends a session step by step, each step an event with its time (I10): held calls rejected, requests
 * withdrawn, the agent told, cancel sent, DELETE sent, processes ended.
 */
export class Ending {
  /** By what was decided; left behind only by a commit that is lost, and then the next order puts its own there. */
  private readonly told = new Map<SessionId, Told>();
  private readonly forcing = new Map<SessionId, AbortController>();
  private readonly waiting = new Map<SessionId, readonly (() => void)[]>();

  constructor(private readonly parts: EngineParts) {}

  /**
   * One commit: that the session is ending, and all of it that the agent hears. Nobody is asked any more, held calls
   * are rejected, those in flight are settled, so the agent is told the moment it is on disk; the rest follows as an
   * effect.
   */
  begin(
    live: LiveSession,
    order: {
      readonly actor: Actor;
      /** From where a person ends it. */
      readonly from?: Origin | null;
      readonly end: SessionEnd;
      readonly reason: string;
      /** Asked again at the very moment of deciding; what came in meanwhile may have changed it. */
      readonly stillDue?: () => boolean;
    },
  ): Promise<Result<null>> {
    const { actor, from = null, end, reason, stillDue } = order;
    return live.log.change((book) => {
      if (book.session?.state !== 'active') return refuse('session_ended');
      if (stillDue?.() === false) return refuse('not_allowed_now');
      const told = toldOf(book, { end, reason });
      this.told.set(live.sessionId, told);
      const ending: Draft = { actor, body: { type: 'session.ending', end, reason } };
      return { events: [ending, ...tellingEvents(live, { ...told, end, reason })], from, value: null };
    });
  }

  /** Effect of `session.ending`. The other effects of its commit answer the agent's calls; only then is a server asked. */
  async run(live: LiveSession): Promise<void> {
    const session = bookOf(live).session;
    if (session?.state !== 'ending') return;
    try {
      await this.runSteps(live, session);
    } finally {
      const waiting = this.waiting.get(live.sessionId) ?? [];
      this.waiting.delete(live.sessionId);
      for (const told of waiting) told();
    }
  }

  /** Resolved when its ending is over, or broke off; not before it began. */
  whenOver(live: LiveSession): Promise<void> {
    return new Promise((resolve) => {
      if (bookOf(live).session?.state === 'ended') return resolve();
      this.waiting.set(live.sessionId, [...(this.waiting.get(live.sessionId) ?? []), resolve]);
    });
  }

  private async runSteps(live: LiveSession, session: EndingSession): Promise<void> {
    const { sessionId } = live;
    const forcing = this.forcingOf(sessionId);
    const { inFlight, message } = this.told.get(sessionId) ?? (await this.toldBefore(live, session));
    this.told.delete(sessionId);
    // Effects of one commit are begun one after the other: those that answer the agent's calls come after this one.
    await Promise.resolve();
    live.listener.ended(message);
    await this.part(live, { inFlight, force: forcing.signal });
    await this.record(live, () => ({ type: 'session.ended', end: session.end, reason: session.reason }));
    this.forcing.delete(sessionId);
    this.parts.live.delete(sessionId);
  }

  /** After a restart: its calls were settled with the order. One that an older version ordered may have some left. */
  private async toldBefore(live: LiveSession, session: EndingSession): Promise<Told> {
    const told = toldOf(bookOf(live), session);
    await insist(this.parts, live, (book) => {
      const events = tellingEvents(live, { ...toldOf(book, session), ...session });
      return { events: events.length === 1 ? [] : events, value: null };
    });
    return told;
  }

  /** What is left of the time to stop by itself is not waited for. Proof says who did not (I10). */
  async force(
    live: LiveSession,
    { actor, from }: { readonly actor: Actor; readonly from: Origin | null },
  ): Promise<Result<null>> {
    const forced = await live.log.change((book) => {
      if (book.session?.state !== 'ending')
        return refuse(
          book.session?.state === 'ended' ? 'session_ended' : 'not_allowed_now',
          book.session?.state === 'ended' ? undefined : 'Only a session that is ending can be forced.',
        );
      return { events: [{ actor, body: { type: 'session.step', detail: { step: 'forced' } } }], from, value: null };
    });
    if (forced.ok) this.forcingOf(live.sessionId).abort();
    return forced;
  }

  private forcingOf(id: SessionId): AbortController {
    const forcing = this.forcing.get(id) ?? new AbortController();
    this.forcing.set(id, forcing);
    return forcing;
  }

  /** Cancels and closings go out side by side: a server that hangs holds up nothing but its own line of the proof. */
  private async part(
    live: LiveSession,
    how: { readonly inFlight: readonly Call[]; readonly force: AbortSignal },
  ): Promise<void> {
    const { clock, settings } = this.parts;
    const { endingGraceMs: graceMs } = settings;
    if (live.links.size > 0) {
      const untilAt = clock.now() + graceMs;
      await this.record(live, () => ({ type: 'session.step', detail: { step: 'grace', untilAt, graceMs } }));
    }
    const links: ServerLink[] = [];
    await Promise.all(
      [...live.links.values()].map(async (opening) => {
        const link = await this.openedWithin(opening, how.force);
        if (link === null) return;
        links.push(link);
        const calls = how.inFlight.filter((call) => sentOf(call)?.connectionId === link.connectionId);
        await this.sendCancels(live, { calls, link, force: how.force });
        await this.close(live, link, how.force);
      }),
    );
    const reached = new Set(links.map(({ connectionId }) => connectionId));
    const unsent = how.inFlight.filter((call) => !reached.has(sentOf(call)?.connectionId as ConnectionId));
    await Promise.all(unsent.map((call) => this.recordCancel(live, call, goneOutcome)));
  }

  private async sendCancels(
    live: LiveSession,
    what: { readonly calls: readonly Call[]; readonly link: ServerLink; readonly force: AbortSignal },
  ): Promise<void> {
    const { link, force } = what;
    await Promise.all(
      what.calls.map(async (call) => {
        const sending = link.connection.cancelCall(sentOf(call)?.rpcId ?? call.callId, 'The session was ended.');
        const outcome = await this.within(sending, force);
        await this.recordCancel(live, call, outcome);
      }),
    );
  }

  private async recordCancel(live: LiveSession, { callId, tool }: Call, outcome: SendOutcome): Promise<void> {
    await this.record(live, () => ({
      type: 'session.step',
      detail: outcome.ok
        ? { step: 'cancel_sent', callId, tool, status: outcome.status }
        : { step: 'cancel_failed', callId, tool, why: outcome.message },
    }));
  }

  private async close(live: LiveSession, link: ServerLink, force: AbortSignal): Promise<void> {
    const { connectionId, server } = link;
    const { endingGraceMs: graceMs } = this.parts.settings;
    const report = await this.closedWithin(link.connection.close({ terminate: true, graceMs, force }));
    live.links.delete(server.name);
    await insist(this.parts, live, (book) => {
      const connection = book.connections.get(connectionId);
      const events: Draft[] = (
        typeof report === 'string'
          ? [{ step: 'close_failed', connectionId, server: server.name, why: report } as const]
          : closeSteps(link, report)
      ).map(step);
      if (connection !== undefined && isLiveConnection(connection)) {
        const deleteStatus = typeof report === 'string' ? null : report.deleteStatus;
        events.push({ actor: holdpoint, body: { type: 'connection.closed', connectionId, deleteStatus } });
      }
      return { events, value: null };
    });
  }

  /** Why not, in words, where it is not closed long after its time: a session must not end never for it. */
  private async closedWithin(closing: Promise<CloseReport>): Promise<CloseReport | string> {
    const mostMs = this.parts.settings.endingGraceMs + closeMarginMs;
    let cancel = (): void => {};
    const late = new Promise<string>((resolve) => {
      cancel = this.parts.clock.after(mostMs, () => resolve(`It did not close within ${spanWords(mostMs)}.`));
    });
    try {
      return await Promise.race([closing, late]);
    } catch (error) {
      this.parts.log.error({ err: error }, 'a connection could not be closed');
      return 'Holdpoint failed on it. It has been logged.';
    } finally {
      cancel();
    }
  }

  /** A connection still opening closes itself when it finds its session ended. */
  private async openedWithin(opening: Promise<Result<ServerLink>>, force: AbortSignal): Promise<ServerLink | null> {
    return this.orLate(
      opening.then((result) => (result.ok ? result.value : null)),
      null,
      force,
    );
  }

  private within(sending: Promise<SendOutcome>, force: AbortSignal): Promise<SendOutcome> {
    const late: SendOutcome = {
      ok: false,
      code: 'unknown',
      status: null,
      message: 'the server did not take it in time',
    };
    return this.orLate(sending, late, force);
  }

  /** What it is once the grace is over, or was not waited for. */
  private async orLate<T>(work: Promise<T>, late: T, force: AbortSignal): Promise<T> {
    let cancel = (): void => {};
    // Not at once: what is there already is not late, however early somebody forces it.
    let give = (): void => {};
    const over = new Promise<T>((resolve) => {
      give = () => void setImmediate(() => resolve(late));
      cancel = this.parts.clock.after(this.parts.settings.endingGraceMs, give);
      force.addEventListener('abort', give);
      if (force.aborted) give();
    });
    try {
      return await Promise.race([work, over]);
    } finally {
      cancel();
      force.removeEventListener('abort', give);
    }
  }

  private async record(live: LiveSession, body: () => Draft['body']): Promise<void> {
    await insist(this.parts, live, () => ({ events: [{ actor: holdpoint, body: body() }], value: null }));
  }
}

function toldOf(book: Book, { end, reason }: Pick<EndingSession, 'end' | 'reason'>): Told {
  const inFlight = openCalls(book).filter((call) => call.state !== 'held');
  return { inFlight, message: agentMessage(end, { reason, unknown: unknownTools(inFlight) }) };
}

/** Everything of an ending that agents and people hear; the last of it says so. */
function tellingEvents(live: LiveSession, how: Told & Pick<EndingSession, 'end' | 'reason'>): readonly Draft[] {
  const { inFlight, message, end, reason } = how;
  const { book } = live.log;
  // The bare fact: how an unknown outcome is put to the agent is said in one place, where outcomes are worded.
  const why = agentMessage(end, { reason, unknown: [] });
  const settled = inFlight.filter(isUnderWay).map(
    (call): Draft => ({
      actor: holdpoint,
      body: isHarmless(call)
        ? { type: 'call.cancelled', callId: call.callId, by: 'ending', reason: message }
        : { type: 'call.indeterminate', callId: call.callId, why },
    }),
  );
  const calls = [...live.work.values()].filter((work) => work.attached.size > 0).length;
  return [...withdrawn(book), ...rejected(book, message), ...settled, step({ step: 'agent_told', calls, message })];
}

function withdrawn(book: Book): readonly Draft[] {
  const events: Draft[] = [];
  for (const { requestId, title } of openRequests(book)) {
    events.push({
      actor: holdpoint,
      body: { type: 'request.withdrawn', requestId, why: 'The session was ended.' },
    });
    events.push(step({ step: 'request_withdrawn', requestId, title }));
  }
  for (const request of book.requests.values()) {
    if (request.state !== 'answered' || isOnItsWay(book, request)) continue;
    events.push({
      actor: holdpoint,
      body: { type: 'answer.undelivered', requestId: request.requestId, why: 'The session was ended first.' },
    });
  }
  return events;
}

function rejected(book: Book, message: string): readonly Draft[] {
  return openCalls(book).flatMap((call): readonly Draft[] => {
    if (call.state !== 'held') return [];
    const { callId, tool, interrupted, runs } = call;
    const body: Draft['body'] =
      interrupted === null
        ? { type: 'call.cancelled', callId, by: 'ending', reason: message }
        : { type: 'call.indeterminate', callId, why: `${interrupted.why} ${message}` };
    return [{ actor: holdpoint, body }, step({ step: 'call_rejected', callId, tool, ...(runs === 0 ? {} : { runs }) })];
  });
}

/** An approval whose call left, or a refusal the agent hears: their own sending tells what becomes of them. */
function isOnItsWay(book: Book, request: AnsweredRequest): boolean {
  if (request.upstream !== null) return false;
  const call = request.callId === null ? undefined : book.calls.get(request.callId);
  return request.answer.action !== 'accept' || (call !== undefined && call.state !== 'held' && sentOf(call) !== null);
}

const goneOutcome: SendOutcome = { ok: false, code: 'gone', status: null, message: 'its connection is gone' };

function step(detail: EndStep): Draft {
  return { actor: holdpoint, body: { type: 'session.step', detail } };
}

function closeSteps(link: ServerLink, report: CloseReport): readonly EndStep[] {
  const { connectionId, server } = link;
  const steps: EndStep[] = [];
  if (report.deleteStatus !== null || report.deleteWhy !== null) {
    steps.push({
      step: 'delete_sent',
      connectionId,
      server: server.name,
      status: report.deleteStatus,
      why: report.deleteWhy,
    });
  }
  if (report.process !== null)
    steps.push({ step: 'process_ended', connectionId, server: server.name, ...report.process });
  return steps;
}
