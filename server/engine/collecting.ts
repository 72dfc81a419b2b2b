import { holdpoint } from '@/lib/domain/actor';
import { openRequests } from '@/lib/domain/book';
import { type Call, isOpenCall } from '@/lib/domain/call';
import type { AgentLeft } from '@/lib/domain/event';
import type { CallId, SessionId } from '@/lib/domain/ids';
import { done, type Result, refuse } from '@/lib/domain/refusal';
import { bodyOfPayload, type CallBody, outcomeOf } from './call-outcome';
import { requestsOf } from './call-requests';
import { insistSoon } from './insist';
import { type Attached, bookOf, type EngineParts, type LiveSession, spanWords, type Work, workOf } from './parts';
import type { AgentIdentity, CallListener, CallOutcome, CallStatus } from './ports/agents';
import type { AgentCall } from './ports/store';
import { readBack } from './read-back';

export interface CollectingHooks {
  /** An agent joined a call that waits for a person: it hears so, and goes on hearing it. */
  readonly onJoined: (live: LiveSession, callId: CallId) => void;
  /** The agent left, and the setting says what becomes of its call. */
  readonly onAbandoned: (live: LiveSession, callId: CallId) => void;
}

interface Found {
  readonly sessionId: SessionId;
  /** Null when its session is over. */
  readonly live: LiveSession | null;
}

/**
 * Who waits for which call's outcome. An agent may leave and come back, by another stream, by ticket or by
 * task, from another session, after a restart: the outcome is kept, and told only from its commit on (I2).
 */
export class Collecting {
  constructor(
    private readonly parts: EngineParts,
    private readonly hooks: CollectingHooks,
  ) {}

  /** The outcome, once it is committed, or `left`. */
  wait(live: LiveSession, callId: CallId, listener: CallListener): Promise<CallOutcome> {
    const work = workOf(live, callId);
    return new Promise((resolve) => {
      work.attached.add({ listener, settle: resolve });
    });
  }

  async attach(agent: AgentIdentity, callId: CallId, listener: CallListener): Promise<Result<CallOutcome>> {
    const found = await this.find(agent, callId);
    if (!found.ok) return found;
    const { live } = found.value;
    // On disk and not in the book: it is trimmed, or its commit was called lost.
    if (live !== null && !bookOf(live).calls.has(callId)) await live.log.lookAgain();
    const inBook = live === null ? undefined : bookOf(live).calls.get(callId);
    if (live === null || inBook === undefined) {
      const ended = await this.reading(() => this.ended(callId));
      // On disk and not in its session's book: a commit called lost, which the session has not caught up with yet.
      if (!ended.ok) return ended.code === 'not_open' ? refuse('cannot_save') : ended;
      listener.received(callId);
      return done(ended.value);
    }
    const outcome = this.wait(live, callId, listener);
    listener.received(callId);
    const isStillThere = attachedOf(workOf(live, callId), listener) !== undefined;
    if (isOpenCall(inBook)) {
      if (isStillThere) this.joined(live, inBook, listener);
    } else {
      // The book may be ahead of the disk: what is not committed yet is told by its own effect.
      const ended = await this.reading(() => this.ended(callId));
      if (ended.ok || ended.code !== 'not_open')
        this.settleOne(live, callId, { listener, outcome: ended.ok ? ended.value : { outcome: 'left', callId } });
      if (!ended.ok && ended.code !== 'not_open') return ended;
    }
    return done(await outcome);
  }

  leave(callId: CallId, listener: CallListener, how: AgentLeft): void {
    for (const live of this.parts.live.values()) {
      const work = live.work.get(callId);
      const one = work === undefined ? undefined : attachedOf(work, listener);
      if (work === undefined || one === undefined) continue;
      work.attached.delete(one);
      one.settle({ outcome: 'left', callId });
      const call = bookOf(live).calls.get(callId);
      if (work.attached.size === 0 && call !== undefined && isOpenCall(call)) this.left(live, callId, how);
      this.forgetIdle(live, callId);
      return;
    }
  }

  /** Effect of a call's end: who waits for it is told, after the commit. */
  settle(live: LiveSession, callId: CallId, body: CallBody | null): void {
    live.digests?.delete(callId);
    const call = bookOf(live).calls.get(callId);
    const work = live.work.get(callId);
    if (work === undefined) return;
    live.work.delete(callId);
    work.stopHeartbeat?.();
    work.stopGrace?.();
    if (call === undefined || work.attached.size === 0) return;
    const tell = (outcome: CallOutcome): void => {
      for (const { settle } of work.attached) settle(outcome);
    };
    const isKept = call.state === 'completed' || (call.state === 'failed' && call.turnedBack > 0);
    if (body !== null || !isKept) return tell(outcomeOf(call, body, requestsOf(live, callId)));
    // What a person marked as done or would not visit, or what was found on disk after a conflict: it is whole there.
    readBack(this.parts, () => this.ended(callId)).then(
      (ended) => tell(ended.ok ? ended.value : { outcome: 'left', callId }),
      (error: unknown) => {
        this.parts.log.error({ err: error, callId }, 'a result could not be read back');
        tell({ outcome: 'left', callId });
      },
    );
  }

  /** After a restart no agent is there; the time of one that does not come back counts from now. */
  awayAtStart(live: LiveSession, callId: CallId): void {
    const call = bookOf(live).calls.get(callId);
    if (call === undefined || this.parts.settings.agents.onDisconnect === 'keep') return;
    if (call.agentLeft === null || call.agentLeft === 'disconnected') this.startGrace(live, callId);
  }

  async status(agent: AgentIdentity, callId: CallId): Promise<Result<CallStatus>> {
    const found = await this.find(agent, callId);
    if (!found.ok) return found;
    return this.reading(async () => {
      const saved = await this.parts.store.call(callId);
      if (saved === null) return refuse('not_found');
      const bound = await this.parts.store.agentCall(callId);
      return done(this.statusOf(saved, { bound, live: found.value.live }));
    });
  }

  async tasks(
    agent: AgentIdentity,
    page: { readonly after: CallId | null; readonly limit: number },
  ): Promise<Result<readonly CallStatus[]>> {
    return this.reading(async () => {
      const { store, live } = this.parts;
      const last = page.after === null ? null : await store.agentCall(page.after);
      if (page.after !== null && last?.agentId !== agent.id) return refuse('not_found', 'This page is not known.');
      const before = last === null ? null : { createdAt: last.createdAt, callId: last.callId };
      const tasks = await store.agentTasks(agent.id, { before, limit: page.limit });
      const statuses: CallStatus[] = [];
      for (const bound of tasks) {
        const saved = await store.call(bound.callId);
        if (saved !== null) statuses.push(this.statusOf(saved, { bound, live: live.get(saved.sessionId) ?? null }));
      }
      return done(statuses);
    });
  }

  /** Its bytes were handed to the socket: for the record, which a session that is over does not take any more. */
  async delivered(callId: CallId): Promise<void> {
    const live = await this.holderOf(callId);
    await live?.log.change(
      (book) =>
        book.calls.has(callId)
          ? { events: [{ actor: holdpoint, body: { type: 'call.delivered', callId } }], value: null }
          : refuse('not_found'),
      'soon',
    );
  }

  /** Whose call it is decides (I11): another agent's reads as one that never was. */
  async find(agent: AgentIdentity, callId: CallId): Promise<Result<Found>> {
    const holder = await this.holderOf(callId);
    if (holder !== null)
      return holder.agent.id === agent.id ? done({ sessionId: holder.sessionId, live: holder }) : refuse('not_found');
    return this.reading(async () => {
      const { store, live } = this.parts;
      const saved = await store.call(callId);
      if (saved === null || (await store.agentOf(saved.sessionId)) !== agent.id) return refuse('not_found');
      return done({ sessionId: saved.sessionId, live: live.get(saved.sessionId) ?? null });
    });
  }

  private async holderOf(callId: CallId): Promise<LiveSession | null> {
    for (const live of this.parts.live.values()) if (bookOf(live).calls.has(callId)) return live;
    return null;
  }

  /** How a call ended, from what is on disk; refused as `not_open` while there it has not. */
  private async ended(callId: CallId): Promise<Result<CallOutcome>> {
    const { store } = this.parts;
    const saved = await store.call(callId);
    if (saved === null) return refuse('not_found');
    if (isOpenCall(saved.call)) return refuse('not_open');
    const [payload, requests] = await Promise.all([store.payload(callId, 'result'), store.requestsOfCall(callId)]);
    return done(outcomeOf(saved.call, bodyOfPayload(saved.call, payload), requests));
  }

  private joined(live: LiveSession, call: Call, listener: CallListener): void {
    const work = workOf(live, call.callId);
    work.stopGrace?.();
    work.stopGrace = null;
    if (call.agentLeft !== null) this.note(live, { type: 'call.agent_back', callId: call.callId });
    if ('progress' in call && call.progress !== null) listener.progress(call.progress);
    this.hooks.onJoined(live, call.callId);
  }

  private left(live: LiveSession, callId: CallId, how: AgentLeft): void {
    this.note(live, { type: 'call.agent_left', callId, how });
    if (how === 'disconnected' && this.parts.settings.agents.onDisconnect === 'cancel') this.startGrace(live, callId);
  }

  private startGrace(live: LiveSession, callId: CallId): void {
    const { clock, settings } = this.parts;
    const work = workOf(live, callId);
    work.stopGrace?.();
    work.stopGrace = clock.after(settings.agents.disconnectGraceMs, () => {
      work.stopGrace = null;
      if (work.attached.size === 0) this.hooks.onAbandoned(live, callId);
    });
  }

  private note(
    live: LiveSession,
    body:
      | { readonly type: 'call.agent_back'; readonly callId: CallId }
      | {
          readonly type: 'call.agent_left';
          readonly callId: CallId;
          readonly how: AgentLeft;
        },
  ): void {
    insistSoon(this.parts, live, (book) =>
      book.session?.state === 'ended' || !book.calls.has(body.callId)
        ? refuse('not_found')
        : { events: [{ actor: holdpoint, body }], value: null },
    ).catch((error: unknown) => this.parts.log.error({ err: error }, 'where an agent is could not be recorded'));
  }

  private settleOne(
    live: LiveSession,
    callId: CallId,
    told: { readonly listener: CallListener; readonly outcome: CallOutcome },
  ): void {
    const work = live.work.get(callId);
    const one = work === undefined ? undefined : attachedOf(work, told.listener);
    if (work === undefined || one === undefined) return;
    work.attached.delete(one);
    this.forgetIdle(live, callId);
    one.settle(told.outcome);
  }

  /** What is held of a call that nobody waits for is on disk as well. */
  private forgetIdle(live: LiveSession, callId: CallId): void {
    const work = live.work.get(callId);
    const call = bookOf(live).calls.get(callId);
    if (work === undefined || work.attached.size > 0) return;
    work.stopHeartbeat?.();
    work.stopHeartbeat = null;
    const isNeeded = call !== undefined && isOpenCall(call) && (work.outgoing !== null || work.intent !== null);
    if (!isNeeded && work.stopGrace === null && work.patientUntilAt === null) live.work.delete(callId);
  }

  private statusOf(
    saved: { readonly sessionId: SessionId; readonly call: Call },
    around: { readonly bound: AgentCall | null; readonly live: LiveSession | null },
  ): CallStatus {
    const { sessionId, call } = saved;
    const { bound, live } = around;
    const changedAt = 'endedAt' in call ? call.endedAt : 'lastSignAt' in call ? call.lastSignAt : call.receivedAt;
    return {
      callId: call.callId,
      sessionId,
      call,
      words: this.wordsOf(call, live),
      task: bound?.task ?? null,
      createdAt: bound?.createdAt ?? call.receivedAt,
      changedAt,
    };
  }

  private wordsOf(call: Call, live: LiveSession | null): string {
    if (!isOpenCall(call)) return `${call.tool} is over: ${call.state}.`;
    const open = live === null ? undefined : openRequests(bookOf(live)).find(({ callId }) => callId === call.callId);
    if (open === undefined) return `${call.tool} is running on ${call.server}.`;
    const leftMs = open.deadline.at - this.parts.clock.now();
    return `A person is being asked: ${open.title} (up to ${spanWords(leftMs)} left)`;
  }

  private async reading<T>(read: () => Promise<Result<T>>): Promise<Result<T>> {
    try {
      return await read();
    } catch (error) {
      this.parts.log.error({ err: error }, 'a call could not be read back');
      return refuse('cannot_save', 'The database cannot be reached right now. Nothing is lost; try again in a moment.');
    }
  }
}

function attachedOf(work: Work, listener: CallListener): Attached | undefined {
  for (const one of work.attached) if (one.listener === listener) return one;
  return undefined;
}
