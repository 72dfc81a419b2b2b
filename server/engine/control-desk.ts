import type { EndManyPreview, EndSelection } from '@/lib/domain/end-many';
import type { EndingsPage, EndingsPlace, EndItemsLook, EndItemsPage, EndOperation } from '@/lib/domain/end-operation';
import type { CallId, EndingId, PauseId, SessionId } from '@/lib/domain/ids';
import type { Pause, PauseList } from '@/lib/domain/pause';
import type { Action, Person } from '@/lib/domain/permission';
import { whyNot } from '@/lib/domain/why-not';
import { done, type Result, refuse } from '@/lib/domain/refusal';
import { oneLine } from './ask';
import type { Cancelling } from './cancelling';
import type { Ending } from './ending';
import type { EndingMany } from './ending-many';
import { previewMany } from './ending-many-preview';
import type { EngineParts } from './parts';
import type { Pausing } from './pausing';
import type { ControlDesk, EndManyOrder, PauseOrder } from './ports/control';
import { databaseAway } from './request-desk';

/** What admins stop, and what everyone may know of it. Everyone may know that a session is there (I11). */
export class EngineControlDesk implements ControlDesk {
  constructor(
    private readonly parts: EngineParts,
    private readonly by: {
      readonly pausing: Pausing;
      readonly ending: Ending;
      readonly many: EndingMany;
      readonly cancelling: Cancelling;
    },
  ) {}

  pauses(person: Person): Result<PauseList> {
    return this.by.pausing.list(person);
  }

  pause(person: Person, order: PauseOrder): Promise<Result<Pause>> {
    return this.by.pausing.set(person, order);
  }

  lift(person: Person, id: PauseId): Promise<Result<null>> {
    return this.by.pausing.lift(person, id);
  }

  previewEndMany(person: Person, selection: EndSelection): Promise<Result<EndManyPreview>> {
    return this.allowed(person, 'session.end', async () => done(await previewMany(this.parts, selection)));
  }

  endMany(person: Person, order: EndManyOrder): Promise<Result<EndOperation>> {
    return this.allowed(person, 'session.end', () => this.by.many.order(person, order));
  }

  endings(person: Person, before: EndingsPlace | null): Promise<Result<EndingsPage>> {
    return this.allowed(person, 'session.end', async () => done(await this.by.many.list(before)));
  }

  ending(person: Person, id: EndingId, look: EndItemsLook): Promise<Result<EndItemsPage>> {
    return this.allowed(person, 'session.end', () => this.by.many.read(id, look));
  }

  stopEnding(person: Person, id: EndingId): Promise<Result<EndOperation>> {
    return this.allowed(person, 'session.end', () => this.by.many.stop(person, id));
  }

  forceEnd(person: Person, id: SessionId): Promise<Result<null>> {
    return this.allowed(person, 'session.end', async () => {
      const live = this.parts.live.get(id);
      const actor = { kind: 'person', id: person.id, name: person.name } as const;
      if (live !== undefined) return this.by.ending.force(live, { actor, from: person.from ?? null });
      return (await this.parts.store.session(id)) === null ? refuse('not_found') : refuse('session_ended');
    });
  }

  cancelCall(
    person: Person,
    order: { readonly sessionId: SessionId; readonly callId: CallId; readonly reason: string },
  ): Promise<Result<null>> {
    return this.allowed(person, 'call.cancel', async () => {
      const { sessionId, callId } = order;
      const reason = oneLine(order.reason);
      if (reason === '') return refuse('reason_required');
      const live = this.parts.live.get(sessionId);
      if (live?.log.book.calls.has(callId) === true) return this.by.cancelling.cancel(live, person, { callId, reason });
      const saved = await this.parts.store.call(callId);
      if (saved === null || saved.sessionId !== sessionId) return refuse('not_found');
      return refuse('not_open', `This call is over: ${saved.call.state}.`);
    });
  }

  private async allowed<T>(person: Person, action: Action, run: () => Promise<Result<T>>): Promise<Result<T>> {
    if (this.parts.roster.isDisabled(person.id)) return refuse('not_signed_in');
    const why = whyNot(person.role, action);
    if (why !== null) return refuse('forbidden', why);
    try {
      return await run();
    } catch (error) {
      return databaseAway(this.parts, error);
    }
  }
}
