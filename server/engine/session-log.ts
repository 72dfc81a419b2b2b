import type { Actor } from '@/lib/domain/actor';
import type { AuditDraft, Origin } from '@/lib/domain/audit';
import { auditOf, type EventSubject } from '@/lib/domain/audit-of';
import { awayFor, awayServers, sameAway, type ServerAway } from '@/lib/domain/away';
import { type Book, type Effect, foldEvent, type Touched, touching, undo } from '@/lib/domain/book';
import type { EventBody, SessionEvent } from '@/lib/domain/event';
import type { RequestId, SessionId } from '@/lib/domain/ids';
import type { Routed } from '@/lib/domain/permission';
import { queueItem } from '@/lib/domain/queue-item';
import type { RawMessage } from '@/lib/domain/raw';
import { done, type Refusal, type Result, refuse } from '@/lib/domain/refusal';
import type { HoldRequest } from '@/lib/domain/request';
import type { QueueItem } from '@/lib/domain/request-detail';
import { type SessionSummary, summaryOf } from '@/lib/domain/summary';
import type { Committer } from './commit';
import type { Clock } from './ports/clock';
import type { Masking } from './ports/masking';
import type { Publisher } from './ports/publisher';
import type { AgentCall, Attachment, Commit, CommitOutcome, Cursor, Payload } from './ports/store';
import { RawBuffer } from './raw-buffer';
import { RawMasking } from './raw-masking';
import { trimBook } from './trim-book';

/** An event before it has its place in the log. */
export interface Draft {
  readonly actor: Actor;
  readonly body: EventBody;
}

/** What a decision wants written, in one transaction, and what to tell who asked for it. */
export interface Decision<T> {
  readonly events: readonly Draft[];
  readonly payloads?: readonly Payload[];
  readonly attachments?: readonly Attachment[];
  readonly cursors?: readonly Cursor[];
  readonly agentCalls?: readonly AgentCall[];
  /** From where the person decided; for the audit log alone, never in an event. */
  readonly from?: Origin | null;
  readonly value: T;
}

export type Decide<T> = (book: Book, now: number) => Decision<T> | Refusal;

interface Waiting {
  /** Folds the decision into the book; the commit part, or null when it was refused or had nothing to write. */
  stage(): Staged | null;
  settle(outcome: Refusal | null): void;
  fail(error: unknown): void;
}

interface Staged {
  readonly touched: Touched;
  readonly events: readonly SessionEvent[];
  readonly effects: readonly Effect[];
  readonly payloads: readonly Payload[];
  readonly attachments: readonly Attachment[];
  readonly cursors: readonly Cursor[];
  readonly agentCalls: readonly AgentCall[];
  readonly audit: readonly AuditDraft[];
}

/** What one transaction takes of a log's decisions. */
interface Taken {
  turn: readonly Waiting[];
  staged: readonly Staged[];
  commit: Commit | null;
}

export interface SessionLogPorts {
  readonly committer: Committer;
  readonly clock: Clock;
  readonly publisher: Publisher;
  readonly masking: Masking;
  /** The session's events after `seq`, as they are on disk. May throw while the database is away. */
  readonly readEvents: (sessionId: SessionId, afterSeq: number) => Promise<readonly SessionEvent[]>;
  /** Runs what the lifecycles asked for, after the commit. Must not throw. */
  readonly onEffects: (effects: readonly Effect[]) => void;
}

/** When a decision is written: in the next transaction, or with the next one, which is made soon in any case. */
export type When = 'now' | 'soon';

const soonMs = 25;
const rawFlushMs = 100;

/**
 * One session's book and the only way to change it: decide, fold, commit, publish, then effects.
 * Decisions that come while a commit is being written are folded together into the next one. A
 * commit that fails is taken back as if it had never been decided.
 */
export class SessionLog {
  private waiting: Waiting[] = [];
  private writing = false;
  /** Whether something waits that may not wait longer. */
  private due = false;
  /** A commit was called lost, and it was not looked yet whether it reached the disk all the same. */
  private isUnsure = false;
  private lookFirst = false;
  private readonly raw = new RawBuffer();
  private readonly rawMasking: RawMasking;
  private cancelFlush: (() => void) | null = null;
  private cancelSoon: (() => void) | null = null;
  /** As it was told last. */
  private away: readonly ServerAway[];

  constructor(
    readonly sessionId: SessionId,
    readonly book: Book,
    private readonly ports: SessionLogPorts & { rawSeq: number },
  ) {
    this.away = awayServers(book);
    this.rawMasking = new RawMasking(ports.masking, () => book.session?.scope ?? null);
  }

  /**
   * Resolved when what was decided is committed, or refused. `soon` is for what nobody waits for, such as a
   * receipt of what is done already: it spares a transaction, and keeps its place in the order.
   */
  change<T>(decide: Decide<T>, when: When = 'now'): Promise<Result<T>> {
    return new Promise((resolve, reject) => {
      let answer: Result<T> = refuse('cannot_save');
      const stage = (): Staged | null => {
        const decision = decide(this.book, this.ports.clock.now());
        const staged = 'ok' in decision ? decision : this.fold(decision);
        answer = 'ok' in decision ? decision : 'ok' in staged ? staged : done(decision.value);
        return 'ok' in staged ? null : staged;
      };
      this.waiting.push({
        stage: () => {
          try {
            return stage();
          } catch (error) {
            // A bug in a decision is its caller's to hear of; the log goes on.
            reject(error);
            return null;
          }
        },
        settle: (refusal) => resolve(answer.ok && refusal !== null ? refusal : answer),
        fail: reject,
      });
      if (when === 'now') this.writeNow();
      else this.cancelSoon ??= this.ports.clock.after(soonMs, () => this.writeNow());
    });
  }

  /** Keeps a raw message for the session's raw view, masked; written with the next commit or soon. */
  traffic(entry: Omit<RawMessage, 'sessionId' | 'seq' | 'at'>): void {
    if (this.raw.isFull) return;
    const { clock } = this.ports;
    this.ports.rawSeq += 1;
    this.raw.add({
      ...entry,
      sessionId: this.sessionId,
      seq: this.ports.rawSeq,
      at: clock.now(),
      ...this.rawMasking.masked(entry),
    });
    if (this.raw.isDue) return this.writeNow();
    this.cancelFlush ??= clock.after(rawFlushMs, () => this.writeNow());
  }

  /** Resolved when everything decided so far is written. */
  async flushed(): Promise<void> {
    await this.change(() => ({ events: [], value: null }));
  }

  /**
   * Finds out what became of a commit that was called lost; to be called when the database is back. False while that
   * is still not known.
   */
  async lookAgain(): Promise<boolean> {
    if (!this.isUnsure) return true;
    this.lookFirst = true;
    await this.flushed();
    return !this.isUnsure;
  }

  private writeNow(): void {
    this.due = true;
    if (!this.writing) void this.write();
  }

  private async write(): Promise<void> {
    this.writing = true;
    while (this.due) {
      const taken: Taken = { turn: [], staged: [], commit: null };
      try {
        if (this.lookFirst) await this.catchUp();
        const outcome = await this.ports.committer.commit(() => this.take(taken));
        const refusal = await this.afterCommit(taken, outcome);
        for (const entry of taken.turn) entry.settle(refusal);
      } catch (error) {
        // A bug of this session: who waits hears of it, and neither the log nor the process stops.
        for (const entry of taken.turn) entry.fail(error);
      }
    }
    this.writing = false;
  }

  /** Everything decided until this moment; called when the transaction is made. */
  private take(taken: Taken): Commit | null {
    this.due = false;
    this.cancelFlush?.();
    this.cancelSoon?.();
    this.cancelFlush = null;
    this.cancelSoon = null;
    taken.turn = this.waiting;
    this.waiting = [];
    const raw = this.raw.take();
    taken.staged = taken.turn.flatMap((entry) => entry.stage() ?? []);
    try {
      taken.commit = this.commitOf(taken.staged, raw);
    } catch (error) {
      for (const entry of [...taken.staged].reverse()) undo(this.book, entry.touched);
      throw error;
    }
    return taken.commit;
  }

  private async afterCommit({ staged, commit }: Taken, outcome: CommitOutcome): Promise<Refusal | null> {
    if (!outcome.ok) {
      for (const entry of [...staged].reverse()) undo(this.book, entry.touched);
      this.isUnsure = true;
      if (outcome.code === 'conflict') await this.catchUp();
      return refuse('cannot_save');
    }
    if (commit === null) return null;
    this.publish(commit, staged);
    const effects = staged.flatMap((entry) => entry.effects);
    if (effects.length > 0) this.ports.onEffects(effects);
    trimBook(this.book);
    return null;
  }

  /**
   * A commit that was reported lost may have reached the disk all the same: what stands there is what
   * happened. It is folded late, and its effects run late, as if the answer had only been slow.
   */
  private async catchUp(): Promise<void> {
    const { book, sessionId, ports } = this;
    this.lookFirst = false;
    let events: readonly SessionEvent[];
    try {
      events = await ports.readEvents(sessionId, book.seq);
    } catch {
      // Still away: the next commit conflicts again and comes back here.
      return;
    }
    this.isUnsure = false;
    const effects: Effect[] = [];
    const touched = touching(book);
    for (const event of events) {
      const folded = foldEvent(book, event, touched);
      if (!folded.ok) throw new Error(`Event ${event.seq} of ${sessionId} on disk does not fold: ${folded.message}`);
      effects.push(...folded.effects);
    }
    const late = this.commitOf(
      [{ touched, events, effects, payloads: [], attachments: [], cursors: [], agentCalls: [], audit: [] }],
      [],
    );
    if (late !== null) this.publish(late, [{ touched }]);
    if (effects.length > 0) ports.onEffects(effects);
  }

  private fold<T>(decision: Decision<T>): Staged | Refusal {
    const touched = touching(this.book);
    const events: SessionEvent[] = [];
    const effects: Effect[] = [];
    const audit: AuditDraft[] = [];
    for (const draft of decision.events) {
      const event: SessionEvent = {
        sessionId: this.sessionId,
        seq: this.book.seq + 1,
        at: Math.max(this.ports.clock.now(), this.book.lastEventAt),
        actor: draft.actor,
        ...draft.body,
      };
      const folded = foldEvent(this.book, event, touched);
      if (!folded.ok) {
        undo(this.book, touched);
        return folded;
      }
      events.push(event);
      effects.push(...folded.effects);
      const act = auditOf(event, { ...subjectOf(this.book, event), from: decision.from ?? null });
      if (act !== null) audit.push(act);
    }
    const { payloads = [], attachments = [], cursors = [], agentCalls = [] } = decision;
    return { touched, events, effects, payloads, attachments, cursors, agentCalls, audit };
  }

  private commitOf(staged: readonly Staged[], raw: readonly RawMessage[]): Commit | null {
    const { book, sessionId } = this;
    const events = staged.flatMap((entry) => entry.events);
    const cursors = staged.flatMap((entry) => entry.cursors);
    if (events.length === 0 && cursors.length === 0 && raw.length === 0) return null;
    return {
      sessionId,
      events,
      summary: book.session === null || events.length === 0 ? null : summaryOf(book, book.session),
      connections: present(
        staged.flatMap((entry) => [...entry.touched.connections.keys()]),
        book.connections,
      ),
      calls: present(
        staged.flatMap((entry) => [...entry.touched.calls.keys()]),
        book.calls,
      ),
      requests: present(
        staged.flatMap((entry) => [...entry.touched.requests.keys()]),
        book.requests,
      ),
      payloads: staged.flatMap((entry) => entry.payloads),
      attachments: staged.flatMap((entry) => entry.attachments),
      cursors,
      agentCalls: staged.flatMap((entry) => entry.agentCalls),
      raw,
      audit: staged.flatMap((entry) => entry.audit),
    };
  }

  private publish(commit: Commit, staged: readonly Pick<Staged, 'touched'>[]): void {
    const { publisher } = this.ports;
    const { sessionId } = this;
    if (commit.raw.length > 0) publisher.publish({ change: 'raw', sessionId, messages: commit.raw });
    if (commit.events.length > 0) publisher.publish({ change: 'events', sessionId, events: commit.events });
    if (commit.summary === null) return;
    publisher.publish({ change: 'session', summary: commit.summary });
    for (const request of commit.requests) {
      const before = routedBefore(staged, request.requestId);
      publisher.publish({ change: 'request', seq: request.seq, before, item: this.itemOf(request, commit.summary) });
    }
    this.publishAway(commit.summary, new Set(commit.requests));
  }

  /** What went away or came back is told with every open request that needs it and was not told just now. */
  private publishAway(summary: SessionSummary, told: ReadonlySet<HoldRequest>): void {
    const before = this.away;
    this.away = summary.away;
    if (isSameAway(before, summary.away)) return;
    for (const request of this.book.requests.values()) {
      if (told.has(request) || sameAway(awayFor(request, before), awayFor(request, summary.away))) continue;
      const item = this.itemOf(request, summary);
      this.ports.publisher.publish({ change: 'request', seq: summary.seq, before: request, item });
    }
  }

  private itemOf(request: HoldRequest, summary: SessionSummary): QueueItem {
    const call = request.callId === null ? null : (this.book.calls.get(request.callId) ?? null);
    return queueItem({ request, call }, summary);
  }
}

function isSameAway(a: readonly ServerAway[], b: readonly ServerAway[]): boolean {
  return a.length === b.length && a.every((each, index) => sameAway(each, b[index] ?? null));
}

function subjectOf(book: Book, event: SessionEvent): Pick<EventSubject, 'request' | 'call'> {
  const request = 'requestId' in event ? book.requests.get(event.requestId) : undefined;
  const call = 'callId' in event && event.callId !== null ? book.calls.get(event.callId) : undefined;
  return { request: request ?? null, call: call ?? null };
}

/** Whose it was before this commit: who saw it and may not any more is told. */
function routedBefore(staged: readonly Pick<Staged, 'touched'>[], id: RequestId): Routed | null {
  for (const { touched } of staged) {
    const before = touched.requests.get(id);
    if (before !== undefined) return before;
  }
  return null;
}

function present<K, V>(keys: readonly K[], map: ReadonlyMap<K, V>): readonly V[] {
  return [...new Set(keys)].flatMap((key) => {
    const value = map.get(key);
    return value === undefined ? [] : [value];
  });
}
