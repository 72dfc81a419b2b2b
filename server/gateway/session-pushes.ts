import type { SessionEvent } from '@/lib/domain/event';
import type { SessionId } from '@/lib/domain/ids';
import type { RawMessage } from '@/lib/domain/raw';
import type { SessionSummary } from '@/lib/domain/summary';
import type { Clock } from '@/server/engine/ports/clock';
import type { Change } from '@/server/engine/ports/publisher';

export type SessionChange = Extract<Change, { readonly change: 'session' | 'events' | 'raw' }>;

/** What happened in one session since its pages last heard of it. */
export interface Gathered {
  readonly sessionId: SessionId;
  readonly raw: readonly RawMessage[];
  readonly events: readonly SessionEvent[];
  /** The last one; null when none was told. */
  readonly summary: SessionSummary | null;
}

interface Gathering {
  raw: RawMessage[];
  events: SessionEvent[];
  summary: SessionSummary | null;
  saidAt: number;
  state: 'resting' | 'due';
}

const betweenMs = 100;

/**
 * Gathers what is told of a session, so that its pages hear it at most ten times a second: a lone commit at once and
 * whole, those of a burst together.
 */
export class SessionPushes {
  private readonly gatherings = new Map<SessionId, Gathering>();
  private readonly cancels = new Set<() => void>();

  constructor(private readonly ports: { readonly clock: Clock; readonly say: (gathered: Gathered) => void }) {}

  tell(change: SessionChange): void {
    const sessionId = change.change === 'session' ? change.summary.session.sessionId : change.sessionId;
    const gathering = this.gatherings.get(sessionId) ?? begun();
    this.gatherings.set(sessionId, gathering);
    if (change.change === 'raw') gathering.raw.push(...change.messages);
    else if (change.change === 'events') gathering.events.push(...change.events);
    else if (gathering.summary === null || gathering.summary.seq <= change.summary.seq)
      gathering.summary = change.summary;
    if (gathering.state === 'due') return;
    gathering.state = 'due';
    const waitMs = gathering.saidAt + betweenMs - this.ports.clock.now();
    // Raw messages, events and summary of one commit are told one after the other; a clock may be set back.
    if (waitMs <= 0 || waitMs > betweenMs) queueMicrotask(() => this.say(sessionId, gathering));
    else this.later(waitMs, () => this.say(sessionId, gathering));
  }

  stop(): void {
    for (const cancel of this.cancels) cancel();
    this.cancels.clear();
    this.gatherings.clear();
  }

  private say(sessionId: SessionId, gathering: Gathering): void {
    const { raw, events, summary } = gathering;
    const saidAt = this.ports.clock.now();
    Object.assign(gathering, { raw: [], events: [], summary: null, saidAt, state: 'resting' } satisfies Gathering);
    // One that rests long enough is told at once next time, as a new one is.
    this.later(betweenMs, () => {
      const restedSince = gathering.state === 'resting' && gathering.saidAt === saidAt;
      if (restedSince && this.gatherings.get(sessionId) === gathering) this.gatherings.delete(sessionId);
    });
    this.ports.say({ sessionId, raw, events, summary });
  }

  private later(afterMs: number, run: () => void): void {
    const cancel = this.ports.clock.after(afterMs, () => {
      this.cancels.delete(cancel);
      run();
    });
    this.cancels.add(cancel);
  }
}

function begun(): Gathering {
  return { raw: [], events: [], summary: null, saidAt: Number.NEGATIVE_INFINITY, state: 'resting' };
}
