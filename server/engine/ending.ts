import { type Actor, holdpoint } from '@/lib/domain/actor';
import type { Origin } from '@/lib/domain/audit';
import { type Book, openCalls, openRequests } from '@/lib/domain/book';
import { type Call, sentOf, isUnderWay } from '@/lib/domain/call';
import { isLiveConnection } from '@/lib/domain/connection';
import type { EndPreview } from '@/lib/domain/end-preview';
import type { EndStep } from '@/lib/domain/end-step';
import type { SessionEnd } from '@/lib/domain/event';
import { type Result, refuse } from '@/lib/domain/refusal';
import { claimAt } from '@/lib/domain/claim';
import type { AnsweredRequest } from '@/lib/domain/request';
import { insist } from './insist';
import { bookOf, type EngineParts, type LiveSession, type ServerLink } from './parts';
import type { CloseReport, SendOutcome } from './ports/upstream';
import type { Draft } from './session-log';

/** Where an admin's reason will stand in what the agent is told. */
export const reasonPlace = '{reason}';

/**
 * Ends a session step by step, each step an event with its time (I10): held calls rejected, requests
 * withdrawn, cancel sent, the agent told, DELETE sent, processes ended.
 */
export class Ending {
  constructor(private readonly parts: EngineParts) {}

  /** Records that the session is ending; the steps follow as an effect. */
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
      return { events: [{ actor, body: { type: 'session.ending', end, reason } }], from, value: null };
    });
  }

  /** Effect of `session.ending`. */
  async run(live: LiveSession): Promise<void> {
    const session = bookOf(live).session;
    if (session?.state !== 'ending') return;
    const inFlight = openCalls(bookOf(live)).filter((call) => call.state !== 'held');
    const message = agentMessage(session.end, { reason: session.reason, unknown: unknownTools(inFlight) });
    await this.stopWhatWaits(live, message);
    const links = await this.links(live);
    const cancels = this.sendCancels(live, { calls: inFlight, links });
    // The bare fact: how an unknown outcome is put to the agent is said in one place, where outcomes are worded.
    const why = agentMessage(session.end, { reason: session.reason, unknown: [] });
    await this.tellAgent(live, { inFlight, message, why });
    await cancels;
    await Promise.all(links.map((link) => this.close(live, link)));
    await this.record(live, () => ({ type: 'session.ended', end: session.end, reason: session.reason }));
    live.listener.ended(message);
    this.parts.live.delete(live.sessionId);
  }

  /** Held calls are rejected before anything could send them, and nobody is asked any more. */
  private async stopWhatWaits(live: LiveSession, message: string): Promise<void> {
    await insist(this.parts, live, (book) => {
      const events: Draft[] = [];
      for (const request of openRequests(book)) {
        events.push({
          actor: holdpoint,
          body: { type: 'request.withdrawn', requestId: request.requestId, why: 'The session was ended.' },
        });
        events.push(step({ step: 'request_withdrawn', requestId: request.requestId, title: request.title }));
      }
      for (const request of book.requests.values()) {
        if (request.state !== 'answered' || isOnItsWay(book, request)) continue;
        events.push({
          actor: holdpoint,
          body: { type: 'answer.undelivered', requestId: request.requestId, why: 'The session was ended first.' },
        });
      }
      for (const call of openCalls(book)) {
        if (call.state !== 'held') continue;
        const { callId } = call;
        events.push({
          actor: holdpoint,
          body:
            call.interrupted === null
              ? { type: 'call.cancelled', callId, by: 'ending', reason: message }
              : { type: 'call.indeterminate', callId, why: `${call.interrupted.why} ${message}` },
        });
        events.push(step({ step: 'call_rejected', callId: call.callId, tool: call.tool }));
      }
      return { events, value: null };
    });
  }

  private async sendCancels(
    live: LiveSession,
    what: { readonly calls: readonly Call[]; readonly links: readonly ServerLink[] },
  ): Promise<void> {
    await Promise.all(
      what.calls.map(async (call) => {
        const link = what.links.find((candidate) => candidate.connectionId === sentOf(call)?.connectionId);
        const outcome =
          link === undefined
            ? goneOutcome
            : await this.within(
                link.connection.cancelCall(sentOf(call)?.rpcId ?? call.callId, 'The session was ended.'),
              );
        const { callId, tool } = call;
        await this.record(live, () => ({
          type: 'session.step',
          detail: outcome.ok
            ? { step: 'cancel_sent', callId, tool, status: outcome.status }
            : { step: 'cancel_failed', callId, tool, why: outcome.message },
        }));
      }),
    );
  }

  /** The waiting agent is told at once: no server is waited for. */
  private async tellAgent(
    live: LiveSession,
    what: { readonly inFlight: readonly Call[]; readonly message: string; readonly why: string },
  ): Promise<void> {
    const waiting = [...live.work.values()].filter((work) => work.attached.size > 0).length;
    await insist(this.parts, live, (book) => {
      const events: Draft[] = [];
      for (const { callId } of what.inFlight) {
        const call = book.calls.get(callId);
        if (call === undefined || !isUnderWay(call)) continue;
        events.push({
          actor: holdpoint,
          body: isHarmless(call)
            ? { type: 'call.cancelled', callId, by: 'ending', reason: what.message }
            : { type: 'call.indeterminate', callId, why: what.why },
        });
      }
      events.push(step({ step: 'agent_told', calls: waiting, message: what.message }));
      return { events, value: null };
    });
  }

  private async close(live: LiveSession, link: ServerLink): Promise<void> {
    const { connectionId, server } = link;
    const report = await link.connection.close({ terminate: true, graceMs: this.parts.settings.endingGraceMs });
    live.links.delete(server.name);
    await insist(this.parts, live, (book) => {
      const connection = book.connections.get(connectionId);
      const events: Draft[] = closeSteps(link, report).map(step);
      if (connection !== undefined && isLiveConnection(connection)) {
        events.push({
          actor: holdpoint,
          body: { type: 'connection.closed', connectionId, deleteStatus: report.deleteStatus },
        });
      }
      return { events, value: null };
    });
  }

  private async links(live: LiveSession): Promise<readonly ServerLink[]> {
    const opened = await Promise.all([...live.links.values()].map((opening) => this.openedWithin(opening)));
    return opened.flatMap((link) => (link === null ? [] : [link]));
  }

  /** A connection still opening closes itself when it finds its session ended. */
  private openedWithin(opening: Promise<Result<ServerLink>>): Promise<ServerLink | null> {
    const late = new Promise<null>((resolve) => {
      this.parts.clock.after(this.parts.settings.endingGraceMs, () => resolve(null));
    });
    return Promise.race([opening.then((result) => (result.ok ? result.value : null)), late]);
  }

  private within(sending: Promise<SendOutcome>): Promise<SendOutcome> {
    const late = new Promise<SendOutcome>((resolve) => {
      this.parts.clock.after(this.parts.settings.endingGraceMs, () =>
        resolve({ ok: false, code: 'unknown', status: null, message: 'the server did not take it in time' }),
      );
    });
    return Promise.race([sending, late]);
  }

  private async record(live: LiveSession, body: () => Draft['body']): Promise<void> {
    await insist(this.parts, live, () => ({ events: [{ actor: holdpoint, body: body() }], value: null }));
  }

  /** What would happen, shown before anything does. */
  preview(live: LiveSession, now: number): EndPreview {
    const book = bookOf(live);
    const calls = openCalls(book);
    return {
      sessionId: live.sessionId,
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

/** A read-only call has nothing to undo; of any other it is unknown what it did. */
function isHarmless(call: Call): boolean {
  return call.risk === 'read_only';
}

function unknownTools(inFlight: readonly Call[]): readonly string[] {
  return [...new Set(inFlight.filter((call) => !isHarmless(call)).map((call) => call.tool))];
}

function effectOf(call: Call): { readonly effect: 'none' | 'unknown'; readonly words: string } {
  if (sentOf(call) === null) return { effect: 'none', words: 'Rejected before sending. Nothing was run.' };
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
