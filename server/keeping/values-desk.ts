import type { Call } from '@/lib/domain/call';
import type { BodyOf, CallBodies, CallBody, RevealOrder } from '@/lib/domain/call-bodies';
import type { CallId, RequestId, SessionId } from '@/lib/domain/ids';
import type { Json } from '@/lib/domain/json';
import { maskJson } from '@/lib/domain/mask';
import { maskCovered } from '@/lib/domain/masking/cover';
import { isTheirs, type Person } from '@/lib/domain/permission';
import { whyNot } from '@/lib/domain/why-not';
import { isCovered, pointerOf, valueAt } from '@/lib/domain/policy/pointer';
import { done, type Refusal, type Result, refuse } from '@/lib/domain/refusal';
import type { HoldRequest } from '@/lib/domain/request';
import { keptForWords } from '@/lib/domain/retention';
import type { SessionSummary } from '@/lib/domain/summary';
import type { Audit } from '@/server/engine/ports/audit';
import type { Clock } from '@/server/engine/ports/clock';
import type { Keeping } from '@/server/engine/ports/keeping';
import type { Log } from '@/server/engine/ports/log';
import type { MaskScope } from '@/server/engine/ports/masking';
import type { Store } from '@/server/engine/ports/store';

export interface ValuesPorts {
  readonly store: Store;
  readonly keeping: Keeping;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly log: Log;
  /** Why what a session said is closed to a person; null when it is not (I11). */
  readonly rawRefusal: (person: Person, summary: SessionSummary) => string | null;
}

interface Found {
  readonly sessionId: SessionId;
  readonly call: Call;
}

/** What calls were given and gave, masked; and, for admins, one value of it as it is, when the record says so first. */
export class ValuesDesk {
  constructor(private readonly ports: ValuesPorts) {}

  bodies(person: Person, callId: CallId): Promise<Result<CallBodies>> {
    return this.guarded(async () => {
      const found = await this.seen(person, callId);
      if (!found.ok) return found;
      const { call, sessionId } = found.value;
      const { store, keeping } = this.ports;
      const [given, edited, result, requests, purges] = await Promise.all([
        store.payload(callId, 'arguments'),
        store.payload(callId, 'edited'),
        store.payload(callId, 'result'),
        store.requestsOfCall(callId),
        keeping.purged(sessionId),
      ]);
      const purge = purges.find(({ kind }) => kind === 'payloads') ?? null;
      const shown = (of: BodyOf, value: Json | null): CallBody['kept'] => {
        if (value !== null) return { is: 'kept', value: this.masked(value, scopeOf(call, of)) };
        return purge === null ? { is: 'none' } : { is: 'purged', at: purge.at, afterMs: purge.afterMs };
      };
      const own: readonly CallBody[] = [
        { of: 'arguments', requestId: null, title: 'Arguments', kept: shown('arguments', given) },
        ...(call.edited
          ? [{ of: 'edited', requestId: null, title: 'Arguments as edited', kept: shown('edited', edited) } as const]
          : []),
        { of: 'result', requestId: null, title: 'Result', kept: shown('result', result) },
      ];
      const answers = await Promise.all(
        requests.filter(hasAnswer).map(async (request): Promise<CallBody> => {
          const content = await store.payload(request.requestId, 'answer');
          const { requestId, title } = request;
          return { of: 'answer', requestId, title: `Answer to “${title}”`, kept: shown('answer', content) };
        }),
      );
      const why = whyNot(person.role, 'value.reveal');
      const { server, tool } = call;
      return done({ callId, server, tool, bodies: [...own, ...answers], reveal: { ok: why === null, why } });
    });
  }

  /** The entry in the audit log is on disk before the value leaves (I2). */
  reveal(person: Person, order: RevealOrder): Promise<Result<{ readonly value: Json }>> {
    return this.guarded(async () => {
      const why = whyNot(person.role, 'value.reveal');
      if (why !== null) return refuse('forbidden', why);
      const reason = order.reason.trim();
      if (reason === '') return refuse('reason_required', 'Say why this value has to be seen. The audit log keeps it.');
      const found = await this.seen(person, order.callId);
      if (!found.ok) return found;
      const { call, sessionId } = found.value;
      const body = await this.body(call, order);
      if (!body.ok) return body;
      if (body.value === null) return this.notKept(sessionId);
      const value = valueAt(body.value, order.path);
      if (value === undefined) return refuse('not_found', 'There is no such value any more. Look again.');
      const { of, path, requestId } = order;
      await this.record(person, call, { why: reason, facts: { of, path, session: sessionId, request: requestId } });
      return done({ value });
    });
  }

  /** A value a rule masks in what a person is asked to judge: they see it in place, and the record says so (I14). */
  judge(person: Person, requestId: RequestId, path: string): Promise<Result<{ readonly value: Json }>> {
    return this.guarded(async () => {
      const { store, keeping } = this.ports;
      const request = await store.request(requestId);
      if (request === null || !isTheirs(person, request)) return refuse('not_found');
      const why = whyNot(person.role, 'request.answer');
      if (why !== null) return refuse('forbidden', why);
      const { callId, sessionId } = request;
      if (request.state !== 'open') return refuse('not_open', undefined, { state: request.state });
      const found = callId === null ? null : await store.call(callId);
      const shown =
        callId === null ? null : await store.payload(callId, request.edited.length === 0 ? 'arguments' : 'edited');
      if (found === null || shown === null) return refuse('not_allowed_now', 'There is nothing masked to reveal here.');
      const covered = keeping.masking.covered(shown, scopeOf(found.call, 'arguments')).map(pointerOf);
      const value = isCovered(covered, path) ? valueAt(shown, path) : undefined;
      if (value === undefined) return refuse('not_allowed_now', 'There is nothing masked to reveal here.');
      const facts = { of: 'arguments', path, session: sessionId, request: requestId };
      await this.record(person, found.call, { why: 'to judge the request it is part of', facts });
      return done({ value });
    });
  }

  /** Whose words they are says who may read them: as for raw messages (I11). */
  private async seen(person: Person, callId: CallId): Promise<Result<Found>> {
    const closed = whyNot(person.role, 'session.raw');
    if (closed !== null) return refuse('forbidden', closed);
    const found = await this.ports.store.call(callId);
    const summary = found === null ? null : await this.ports.store.session(found.sessionId);
    if (found === null || summary === null) return refuse('not_found');
    const why = this.ports.rawRefusal(person, summary);
    return why === null ? done(found) : refuse('forbidden', why);
  }

  private async body(call: Call, { of, requestId }: RevealOrder): Promise<Result<Json | null>> {
    const { store } = this.ports;
    if (of !== 'answer') return done(await store.payload(call.callId, of));
    const request = requestId === null ? null : await store.request(requestId);
    if (request?.callId !== call.callId) return refuse('not_found');
    return done(await store.payload(request.requestId, 'answer'));
  }

  private async notKept(sessionId: SessionId): Promise<Refusal> {
    const purge = (await this.ports.keeping.purged(sessionId)).find(({ kind }) => kind === 'payloads');
    const words =
      purge === undefined
        ? 'It is not kept.'
        : `It was purged after ${keptForWords(purge.afterMs)}, so nobody can see it.`;
    return refuse('not_allowed_now', words);
  }

  private masked(value: Json, scope: MaskScope): Json {
    return maskJson(maskCovered(value, this.ports.keeping.masking.covered(value, scope)));
  }

  private async record(
    person: Person,
    call: Call,
    { why, facts }: { readonly why: string; readonly facts: { readonly [key: string]: string | null } },
  ): Promise<void> {
    const { audit, clock } = this.ports;
    await audit.record({
      act: 'value.revealed',
      at: clock.now(),
      actor: { kind: 'person', id: person.id, name: person.name },
      from: person.from ?? null,
      about: { kind: 'call', id: call.callId, name: call.tool },
      why,
      facts,
    });
  }

  private async guarded<T>(run: () => Promise<Result<T>>): Promise<Result<T>> {
    try {
      return await run();
    } catch (error) {
      this.ports.log.error({ err: error }, 'a value could not be read or its revealing not be recorded');
      return refuse(
        'cannot_save',
        'The database cannot be reached right now, so nothing is shown. Try again in a moment.',
      );
    }
  }
}

function scopeOf({ server, tool }: Call, of: BodyOf): MaskScope {
  const part = of === 'result' ? 'results' : of === 'answer' ? 'answers' : 'arguments';
  return { part, server, tool };
}

function hasAnswer(request: HoldRequest): boolean {
  return 'answer' in request;
}
