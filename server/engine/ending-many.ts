import { actBy } from '@/lib/domain/act-by';
import type { Actor } from '@/lib/domain/actor';
import type { Origin } from '@/lib/domain/audit';
import {
  countItems,
  type EndingsPage,
  endingsMost,
  type EndingsPlace,
  type EndItem,
  type EndItemsLook,
  endItemsMost,
  type EndItemsPage,
  type EndItemState,
  type EndOperation,
  isSettled,
  isShown,
} from '@/lib/domain/end-operation';
import { endManyMost } from '@/lib/domain/end-many';
import type { EventType } from '@/lib/domain/event';
import { type EndingId, mintId, type SessionId } from '@/lib/domain/ids';
import type { Person } from '@/lib/domain/permission';
import { done, type Result, refuse } from '@/lib/domain/refusal';
import { oneLine } from './ask';
import type { Ending } from './ending';
import { aboutOf, unknownIn } from './ending-many-preview';
import { changeWords, printOf } from './ending-print';
import { bookOf, type EngineParts, type LiveSession } from './parts';
import type { AuditDueRow } from './ports/audit';
import type { EndManyOrder } from './ports/control';
import { foundAfter } from './ports/lost-word';
import { readBack } from './read-back';

/**
 * Side by side. An ending waits for its servers only after its agent was told, so this is how many servers that hang
 * hold up nobody's being told.
 */
const atOnce = 256;
const tellEveryMs = 200;
const saveAgainMs = 1_000;
const eventsMost = 10_000;

/** An order on its way. */
interface Running {
  operation: EndOperation;
  readonly items: EndItem[];
  /** From where it was given; for the audit log alone, and gone after a restart. */
  readonly from: Origin | null;
  /** Items that changed since they were last written and told. */
  dirty: Set<number>;
  /** Acts that go to the disk with them. */
  acts: readonly AuditDueRow[];
  next: number;
  cancelTelling: (() => void) | null;
}

/**
 * Ends many sessions by one order, which is kept with each session's part of it (I10). What was ordered goes on after a
 * restart; it can be stopped between sessions, never in the middle of one.
 */
export class EndingMany {
  private readonly running = new Map<EndingId, Running>();

  constructor(
    private readonly parts: EngineParts,
    private readonly ending: Ending,
  ) {}

  /** Resolved when the order is on disk; its sessions follow. Only those named, so that nobody new is swept up. */
  async order(person: Person, order: EndManyOrder): Promise<Result<EndOperation>> {
    const reason = oneLine(order.reason);
    if (reason === '') return refuse('reason_required');
    const named = new Map(order.sessions.map(({ sessionId, print }): [SessionId, string] => [sessionId, print]));
    if (named.size === 0) return refuse('bad_input', 'No session is named, so nothing is ended.');
    if (named.size > endManyMost) return refuse('too_many', `At most ${endManyMost} sessions are ended at once.`);
    const items = await this.itemsOf(named);
    if (!items.ok) return items;
    const { clock, random } = this.parts;
    const operation: EndOperation = {
      endingId: mintId('ending', random),
      by: { id: person.id, name: person.name },
      at: clock.now(),
      reason,
      about: aboutOf(order.selection, this.liveOf(items.value)),
      whenChanged: order.whenChanged,
      state: 'running',
      stopped: null,
      endedAt: null,
      restarts: 0,
      counts: countItems(items.value),
    };
    const from = person.from ?? null;
    const kept = await this.keep(operation, items.value, from);
    if (!kept.ok) return kept;
    this.start({ operation, items: [...items.value], from, ...fresh() });
    return done(operation);
  }

  /** No further session is begun; those that are ending come to their end. Said when that is on disk (I2). */
  async stop(person: Person, endingId: EndingId): Promise<Result<EndOperation>> {
    const run = this.running.get(endingId);
    if (run === undefined) return refuse('not_allowed_now', 'This is over already.');
    if (run.operation.state === 'running') {
      const at = this.parts.clock.now();
      run.operation = { ...run.operation, state: 'stopped', stopped: { at, by: { id: person.id, name: person.name } } };
      run.items.forEach((item, place) => {
        if (item.state === 'waiting') this.settle(run, place, { state: 'stopped', at });
      });
      const about = { kind: 'everything', id: endingId, name: run.operation.about } as const;
      const facts = { sessions: countItems(run.items).stopped };
      run.acts = [this.parts.audit.row(actBy(person, { act: 'sessions.stopped', at, about, why: null, facts }))];
    }
    if (run.acts.length > 0 && !(await this.flush(run)))
      return refuse('cannot_save', 'No further session is begun, but that could not be saved yet. It is tried again.');
    await this.parts.audit.settle();
    return done(asNow(run));
  }

  /** As it is now, what is not written yet included. */
  async read(endingId: EndingId, { show, from }: EndItemsLook): Promise<Result<EndItemsPage>> {
    const run = this.running.get(endingId);
    const operation = run === undefined ? await this.parts.store.ending(endingId) : asNow(run);
    if (operation === null) return refuse('not_found');
    const all = run?.items ?? (await this.parts.store.endItems(endingId));
    const shown = show === 'all' ? all : all.filter((item) => isShown(item, show));
    return done({ operation, items: shown.slice(from, from + endItemsMost), total: shown.length });
  }

  async list(before: EndingsPlace | null): Promise<EndingsPage> {
    const saved = await this.parts.store.endings({ open: 'all', before, limit: endingsMost + 1 });
    const endings = saved.slice(0, endingsMost).map((operation) => {
      const run = this.running.get(operation.endingId);
      return run === undefined ? operation : asNow(run);
    });
    return { endings, more: saved.length > endings.length };
  }

  /** Orders of the last life go on where they were. */
  async resume(): Promise<void> {
    const { store } = this.parts;
    for (const saved of await readBack(this.parts, () => store.endings({ open: 'open', before: null, limit: 1_000 }))) {
      const items = [...(await readBack(this.parts, () => store.endItems(saved.endingId)))];
      const operation = { ...saved, restarts: saved.restarts + 1 };
      this.start({ operation, items, from: null, ...fresh() });
    }
  }

  private liveOf(items: readonly EndItem[]): readonly LiveSession[] {
    return items.flatMap(({ sessionId }) => this.parts.live.get(sessionId) ?? []);
  }

  private async itemsOf(named: ReadonlyMap<SessionId, string>): Promise<Result<readonly EndItem[]>> {
    const items: EndItem[] = [];
    for (const [sessionId, print] of named) {
      const agent = this.parts.live.get(sessionId)?.agent.name ?? (await this.savedAgent(sessionId));
      if (agent === null) return refuse('not_found', `There is no session ${sessionId}.`);
      items.push({ sessionId, agent, print, changed: null, state: 'waiting' });
    }
    return done(items);
  }

  private async savedAgent(id: SessionId): Promise<string | null> {
    return (await this.parts.store.session(id))?.session.agent.name ?? null;
  }

  /** On disk and in the audit log before the first session is touched (I2). */
  private async keep(operation: EndOperation, items: readonly EndItem[], from: Origin | null): Promise<Result<null>> {
    const { store, audit, log } = this.parts;
    const { endingId, by, at, reason, about, whenChanged } = operation;
    try {
      const act = audit.row({
        act: 'sessions.ended',
        at,
        actor: { kind: 'person', ...by },
        from,
        about: { kind: 'everything', id: endingId, name: about },
        why: reason,
        facts: { sessions: items.length, whenChanged },
      });
      await foundAfter(
        () => store.saveEnding(operation, new Map(items.entries()), [act]),
        async () => ((await store.ending(endingId)) === null ? null : undefined),
      );
      await audit.settle();
      return done(null);
    } catch (error) {
      log.error({ err: error }, 'an order to end sessions could not be saved');
      // Nothing of it was begun, and the next start must not begin it.
      const stopped = items.map((item): EndItem => ({ ...item, state: 'stopped', at }));
      const over = { ...operation, state: 'stopped', endedAt: at, counts: countItems(stopped) } as const;
      await store.saveEnding(over, new Map(stopped.entries()), []).catch(() => undefined);
      return refuse('cannot_save');
    }
  }

  private start(run: Running): void {
    this.running.set(run.operation.endingId, run);
    this.tell(run);
    const lines = Array.from({ length: Math.min(atOnce, run.items.length) }, () => this.line(run));
    Promise.all(lines)
      .then(() => this.finish(run))
      .catch((error: unknown) => this.parts.log.error({ err: error }, 'an order to end sessions broke off'));
  }

  /** Takes one session after the other until none is left. */
  private async line(run: Running): Promise<void> {
    while (run.next < run.items.length && !this.parts.stopping) {
      const place = run.next;
      run.next += 1;
      const item = run.items[place];
      if (item === undefined || isSettled(item)) continue;
      try {
        await this.endOne(run, place, item);
      } catch (error) {
        this.parts.log.error({ err: error, sessionId: item.sessionId }, 'a session of an order could not be ended');
        this.settle(run, place, {
          state: 'failed',
          at: this.parts.clock.now(),
          why: 'Holdpoint failed on it. It has been logged.',
        });
      }
    }
  }

  private async endOne(run: Running, place: number, item: EndItem): Promise<void> {
    const { operation } = run;
    const live = this.parts.live.get(item.sessionId);
    if (live === undefined || bookOf(live).session?.state !== 'active') return this.settleOver(run, place, item);
    const over = this.ending.whenOver(live);
    let unknown = 0;
    let changed: string | null = null;
    const begun = await this.ending.begin(live, {
      actor: actorOf(operation),
      from: run.from,
      end: 'terminated',
      reason: operation.reason,
      // At the very moment of deciding: what the preview showed, or not ended (unless the order says so).
      stillDue: () => {
        changed = changeWords(item.print, printOf(bookOf(live)));
        unknown = unknownIn(bookOf(live));
        return changed === null || operation.whenChanged === 'end';
      },
    });
    const at = this.parts.clock.now();
    if (!begun.ok) {
      if (begun.code === 'session_ended') return this.settleOver(run, place, item);
      if (begun.code === 'not_allowed_now' && changed !== null)
        return this.settle(run, place, { state: 'left', at, why: changed, changed });
      return this.settle(run, place, { state: 'failed', at, why: begun.message });
    }
    this.settle(run, place, { state: 'ending', at, changed });
    await over;
    // What is left undone here is finished by the next start, which finds the session ended.
    if (this.parts.stopping && bookOf(live).session?.state !== 'ended') return;
    this.settle(run, place, { state: 'ended', at: this.parts.clock.now(), unknown, changed });
  }

  /** It is over, or on its way there: by this order before a restart, or by somebody else. */
  private async settleOver(run: Running, place: number, item: EndItem): Promise<void> {
    const { operation } = run;
    const live = this.parts.live.get(item.sessionId);
    if (live !== undefined) await this.ending.whenOver(live);
    if (this.parts.stopping) return;
    const at = this.parts.clock.now();
    // From the end: however long the session was, these are its last.
    const types: readonly EventType[] = ['session.ending', 'call.indeterminate'];
    const page = { beforeSeq: Number.MAX_SAFE_INTEGER, limit: eventsMost, types };
    const events = await readBack(this.parts, () => this.parts.store.eventsBefore(item.sessionId, page));
    const begun = events.findLast((event) => event.type === 'session.ending');
    const isOurs =
      begun?.type === 'session.ending' &&
      begun.actor.kind === 'person' &&
      begun.actor.id === operation.by.id &&
      begun.reason === operation.reason &&
      begun.at >= operation.at;
    if (!isOurs) return this.settle(run, place, { state: 'over', at });
    const unknown = events.filter((event) => event.type === 'call.indeterminate' && event.seq > begun.seq).length;
    this.settle(run, place, { state: 'ended', at, unknown });
  }

  private settle(run: Running, place: number, state: EndItemState & { readonly changed?: string | null }): void {
    const item = run.items[place];
    if (item === undefined) return;
    const { sessionId, agent, print } = item;
    run.items[place] = { sessionId, agent, print, ...state, changed: state.changed ?? item.changed };
    run.dirty.add(place);
    run.cancelTelling ??= this.parts.clock.after(tellEveryMs, () => {
      run.cancelTelling = null;
      this.flush(run).catch((error: unknown) => this.parts.log.error({ err: error }, 'progress could not be kept'));
    });
  }

  /** At most so often, whatever the pace: written, then told. What could not be written is tried with the next. */
  private async flush(run: Running): Promise<boolean> {
    const { dirty, acts } = run;
    run.dirty = new Set();
    run.acts = [];
    run.operation = { ...run.operation, counts: countItems(run.items) };
    const changed = new Map([...dirty].flatMap((place) => entryOf(run.items, place)));
    try {
      const left = acts.length > 0 ? await this.notYet(run, acts) : acts;
      await this.parts.store.saveEnding(run.operation, changed, left);
    } catch (error) {
      this.parts.log.warn({ err: error }, 'the progress of an order could not be saved yet');
      for (const place of dirty) run.dirty.add(place);
      run.acts = [...acts, ...run.acts];
      return false;
    }
    this.tell(run);
    return true;
  }

  /** Acts whose saving was not heard of may be on disk all the same, with what they are about. */
  private async notYet({ operation }: Running, acts: readonly AuditDueRow[]): Promise<readonly AuditDueRow[]> {
    const saved = await this.parts.store.ending(operation.endingId);
    return saved?.state === 'stopped' ? [] : acts;
  }

  private tell(run: Running): void {
    this.parts.publisher.publish({ change: 'ending', operation: asNow(run) });
  }

  private async finish(run: Running): Promise<void> {
    if (this.parts.stopping) return void (await this.flush(run));
    const { operation } = run;
    const endedAt = this.parts.clock.now();
    run.operation = { ...operation, state: operation.state === 'stopped' ? 'stopped' : 'done', endedAt };
    run.cancelTelling?.();
    while ((!(await this.flush(run)) || run.acts.length > 0) && !this.parts.stopping)
      await new Promise<void>((resolve) => void this.parts.clock.after(saveAgainMs, resolve));
    this.running.delete(operation.endingId);
  }
}

function fresh(): Pick<Running, 'dirty' | 'acts' | 'next' | 'cancelTelling'> {
  return { dirty: new Set(), acts: [], next: 0, cancelTelling: null };
}

function asNow({ operation, items }: Running): EndOperation {
  return { ...operation, counts: countItems(items) };
}

function entryOf(items: readonly EndItem[], place: number): readonly (readonly [number, EndItem])[] {
  const item = items[place];
  return item === undefined ? [] : [[place, item]];
}

function actorOf({ by }: EndOperation): Actor {
  return { kind: 'person', id: by.id, name: by.name };
}
