import { holdpoint } from '@/lib/domain/actor';
import type { AuditDraft } from '@/lib/domain/audit';
import { type AgentId, mintId, type PauseId } from '@/lib/domain/ids';
import {
  isOn,
  isSameTarget,
  noPauses,
  type Pausable,
  type Pause,
  type PauseList,
  pauseOf,
  type PauseRecord,
  type PauseTarget,
} from '@/lib/domain/pause';
import { pausedWords } from '@/lib/domain/pause-words';
import type { Person } from '@/lib/domain/permission';
import { whyNot } from '@/lib/domain/why-not';
import { done, type Result, refuse } from '@/lib/domain/refusal';
import { oneLine } from './ask';
import type { EnginePorts } from './parts';
import type { PauseOrder } from './ports/control';

/** Timers do not see the clock being set: what is due is looked at anew this often. */
const longestTimerMs = 60_000;
/** How long until it is looked again whether a change was saved. */
const lookAgainMs = 1_000;
const pausesMost = 200;

/** What the paused want to know of the engine around them. */
export interface Pausables {
  hasServer(name: string): boolean;
  stopping(): boolean;
}

/**
 * Pauses: in memory for the engine, which must know at the very moment of deciding, and on disk, so that a restart
 * lifts nothing. One holds from its commit on (I2); past its time it holds no more, whenever that is written down.
 */
export class Pausing {
  private all: PauseList = noPauses;
  /** One change after the other, so that two never make one list of each other's. */
  private changes: Promise<unknown> = Promise.resolve();
  private stopTimer: (() => void) | null = null;
  /** A change failed and it could not be looked whether it is on disk: ends the waiting for the next look. */
  private stopLooking: (() => void) | null = null;

  constructor(
    private readonly ports: EnginePorts,
    private readonly around: Pausables,
  ) {}

  /** What the last life left. Throws while the database is away. */
  async load(): Promise<void> {
    this.all = await this.ports.store.pauses();
    this.watch();
  }

  /** The pause that keeps a call from being sent now; null when none does. */
  of(call: Pausable): Pause | null {
    return pauseOf(this.all.pauses, call, this.ports.clock.now());
  }

  now(): PauseList {
    const at = this.ports.clock.now();
    return { seq: this.all.seq, pauses: this.all.pauses.filter((pause) => isOn(pause, at)) };
  }

  list(person: Person): Result<PauseList> {
    const why = whyNot(person.role, 'pause.read');
    return why === null ? done(this.now()) : refuse('forbidden', why);
  }

  async set(person: Person, order: PauseOrder): Promise<Result<Pause>> {
    const { ports } = this;
    const why = whyNot(person.role, 'pause.manage');
    if (why !== null) return refuse('forbidden', why);
    const reason = oneLine(order.reason);
    if (reason === '') return refuse('reason_required', 'Say why: agents and people read it.');
    const at = ports.clock.now();
    if (order.untilAt !== null && order.untilAt <= at) return refuse('bad_input', 'A pause must end in the future.');
    const target = await this.targetOf(order.target);
    if (!target.ok) return target;
    const by = { id: person.id, name: person.name };
    const pauseId = mintId('pause', ports.random);
    const pause: Pause = { pauseId, target: target.value, reason, by, at, untilAt: order.untilAt };
    return this.change(async () => {
      const before = this.all.pauses.filter((one) => isSameTarget(one.target, pause.target));
      if (before.length === 0 && this.all.pauses.length >= pausesMost)
        return refuse('too_many', `There are ${pausesMost} pauses. Lift some first.`);
      const lifted = before.map((one): PauseRecord => ({ ...one, lifted: { at, by } }));
      const saved = await this.save([...lifted, { ...pause, lifted: null }], person);
      return saved.ok ? done(pause) : saved;
    });
  }

  async lift(person: Person, pauseId: PauseId): Promise<Result<null>> {
    const why = whyNot(person.role, 'pause.manage');
    if (why !== null) return refuse('forbidden', why);
    return this.change(async () => {
      const pause = this.all.pauses.find((one) => one.pauseId === pauseId);
      if (pause === undefined) return refuse('not_found', 'This pause was lifted already.');
      const lifted = { at: this.ports.clock.now(), by: { id: person.id, name: person.name } };
      return this.save([{ ...pause, lifted }], person);
    });
  }

  stop(): void {
    this.stopWatching();
    this.stopLooking?.();
  }

  /** What it names must be there: a pause of a name that was mistyped would hold nothing up, and seem to. */
  private async targetOf(target: PauseOrder['target']): Promise<Result<PauseTarget>> {
    switch (target.kind) {
      case 'everything':
        return done(target);
      case 'server':
        return this.around.hasServer(target.server)
          ? done(target)
          : refuse('unknown_server', `There is no server named ${oneLine(target.server)}.`);
      case 'agent':
        return this.agentTarget(target.agentId);
    }
  }

  private async agentTarget(agentId: AgentId): Promise<Result<PauseTarget>> {
    try {
      const agent = await this.ports.identify(agentId);
      if (agent === null) return refuse('not_found', 'There is no such agent, or its key was revoked.');
      return done({ kind: 'agent', agentId, agent: agent.name });
    } catch (error) {
      this.ports.log.error({ err: error }, 'an agent could not be looked up');
      return refuse('cannot_save');
    }
  }

  /** Nothing is changed on top of what may or may not be there. */
  private change<T>(run: () => Promise<Result<T>>): Promise<Result<T>> {
    return this.inTurn(async () => {
      if (this.stopLooking !== null) await this.look();
      return this.stopLooking === null ? run() : refuse('cannot_save');
    });
  }

  private inTurn<T>(run: () => Promise<T>): Promise<T> {
    const turn = this.changes.then(run);
    this.changes = turn.catch(() => undefined);
    return turn;
  }

  /** On disk and in the audit log first, then in force, then told (I2). */
  private async save(records: readonly PauseRecord[], person: Person | null): Promise<Result<null>> {
    const { store, audit, log } = this.ports;
    const seq = this.all.seq + 1;
    try {
      const acts = records.map((record) => audit.row(auditDraft(record, person)));
      await store.savePauses(seq, records, acts);
    } catch (error) {
      log.error({ err: error }, 'a pause could not be saved, or only the word of it was lost');
      await this.look();
      return this.all.seq === seq ? done(null) : refuse('cannot_save');
    }
    const changed = new Set(records.map(({ pauseId }) => pauseId));
    const kept = this.all.pauses.filter(({ pauseId }) => !changed.has(pauseId));
    const fresh = records.filter(({ lifted }) => lifted === null).map(({ lifted: _lifted, ...pause }) => pause);
    await this.take({ seq, pauses: [...kept, ...fresh] });
    return done(null);
  }

  private async take(all: PauseList): Promise<void> {
    const { publisher, audit } = this.ports;
    this.all = all;
    this.watch();
    publisher.publish({ change: 'pauses', list: this.now() });
    await audit.settle();
  }

  /** What is on disk is in force: a change may have reached it although its word was lost. Until it is known it is looked again. */
  private async look(): Promise<void> {
    const { store, clock, log } = this.ports;
    this.stopLooking?.();
    this.stopLooking = null;
    try {
      const saved = await store.pauses();
      if (saved.seq > this.all.seq) await this.take(saved);
      else this.watch();
    } catch (error) {
      log.warn({ err: error }, 'whether a pause was saved is not known yet');
      if (this.around.stopping()) return;
      this.stopLooking = clock.after(lookAgainMs, () => {
        this.inTurn(() => this.look()).catch((failed: unknown) =>
          log.error({ err: failed }, 'pauses were not looked at'),
        );
      });
    }
  }

  /** The next one whose time runs out is written down and told then. */
  private watch(): void {
    const { clock } = this.ports;
    this.stopWatching();
    const due = Math.min(...this.all.pauses.map(({ untilAt }) => untilAt ?? Number.POSITIVE_INFINITY));
    if (due === Number.POSITIVE_INFINITY || this.around.stopping()) return;
    const waitMs = Math.min(Math.max(0, due - clock.now()), longestTimerMs);
    this.stopTimer = clock.after(waitMs, () => {
      this.change(() => this.liftOver()).catch((error: unknown) =>
        this.ports.log.error({ err: error }, 'a pause whose time ran out could not be lifted'),
      );
    });
  }

  private stopWatching(): void {
    this.stopTimer?.();
    this.stopTimer = null;
  }

  private async liftOver(): Promise<Result<null>> {
    const at = this.ports.clock.now();
    const over = this.all.pauses.filter((pause) => !isOn(pause, at));
    if (over.length === 0 || this.around.stopping()) {
      this.watch();
      return done(null);
    }
    const saved = await this.save(
      over.map((pause) => ({ ...pause, lifted: { at, by: null } })),
      null,
    );
    // It holds nothing up meanwhile.
    this.stopWatching();
    if (saved.ok) this.watch();
    else this.stopTimer = this.ports.clock.after(longestTimerMs, () => this.watch());
    return saved;
  }
}

function auditDraft(record: PauseRecord, person: Person | null): AuditDraft {
  const { pauseId, target, lifted, reason, untilAt } = record;
  return {
    act: lifted === null ? 'pause.set' : 'pause.lifted',
    at: lifted?.at ?? record.at,
    actor: person === null ? holdpoint : { kind: 'person', id: person.id, name: person.name },
    from: person?.from ?? null,
    about: { kind: 'pause', id: pauseId, name: pausedWords(target) },
    why: reason,
    facts: { target: { ...target }, untilAt },
  };
}
