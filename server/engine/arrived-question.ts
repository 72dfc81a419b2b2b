import type { EventBody } from '@/lib/domain/event';
import { sentOf } from '@/lib/domain/call';
import type { RequestId } from '@/lib/domain/ids';
import { canonicalJson, isJsonObject, type JsonObject } from '@/lib/domain/json';
import type { Ask } from './ask';
import { attribution } from './attribution';
import { requestsOf } from './call-requests';
import { questionDeadline } from './deadlines';
import { earlierOf } from './interruption';
import { bookOf, type EngineParts, type LiveSession } from './parts';
import type { Place } from './place';
import type { ServerEntry } from './ports/servers';
import type { Arrival } from './ports/upstream';
import { ownerRef, questionsTeamOf } from './questions';
import { readBack } from './read-back';
import { routeTo } from './routing';

/** What a server asks, before it is known whose it is. */
interface Asking {
  readonly place: Place;
  readonly ask: Ask;
  readonly arrival: Arrival;
}

interface Opening extends Asking {
  readonly requestId: RequestId;
  /** What is known of its server. */
  readonly entry: ServerEntry;
  readonly rpcId: string | number;
  readonly attributed: NonNullable<ReturnType<typeof attribution>>;
  /** Questions of earlier runs that asked exactly this. */
  readonly asked: ReadonlySet<RequestId>;
  readonly now: number;
}

/** A server's question as a request: whose it is, until when it waits, and who answers it. */
export function openedBody(parts: EngineParts, live: LiveSession, opening: Opening): EventBody {
  const { requestId, rpcId, ask, place, entry, attributed, asked, arrival, now } = opening;
  const { callId } = attributed;
  const book = bookOf(live);
  const call = callId === null ? undefined : book.calls.get(callId);
  return {
    type: 'request.opened',
    requestId,
    kind: ask.kind,
    ...attributed,
    server: place.server,
    tool: call?.tool ?? null,
    title: ask.title,
    risk: call?.risk ?? 'writes',
    deadline: questionDeadline(parts.settings, entry, {
      now,
      callSentAt: call === undefined ? null : (sentOf(call)?.sentAt ?? null),
      connectedAt: book.connections.get(place.connectionId)?.openedAt ?? now,
      isResumable: arrival.place !== null,
      patientUntilAt: callId === null ? null : (live.work.get(callId)?.patientUntilAt ?? null),
    }),
    ...routeTo(parts.roster, questionsTeamOf(book, attributed), null),
    // Who opens a page should be the one the agent acts for (MCP.md).
    assignedTo: ask.kind === 'url' ? ownerRef(parts, live) : null,
    approval: null,
    writer: ask.kind === 'sampling' && call?.sampling === 'model' && parts.models.names.length > 0 ? 'model' : 'person',
    upstream: { connectionId: place.connectionId, rpcId },
    digest: null,
    elicitationId: ask.elicitationId,
    earlier: callId === null ? null : earlierOf(requestsOf(live, callId), (id) => asked.has(id)),
  };
}

/** Questions of earlier runs of the same call that asked exactly this (I4). */
export async function askedBefore(
  parts: EngineParts,
  live: LiveSession,
  { place, ask, arrival }: Asking,
): Promise<ReadonlySet<RequestId>> {
  const attributed = attribution(live, place, arrival);
  const call = attributed?.callId == null ? undefined : bookOf(live).calls.get(attributed.callId);
  const same = new Set<RequestId>();
  if (call === undefined || call.runs < 2) return same;
  const text = questionText(ask.body);
  for (const { requestId, kind } of requestsOf(live, call.callId)) {
    if (kind !== ask.kind) continue;
    const before = await readBack(parts, () => parts.store.payload(requestId, 'ask'));
    if (isJsonObject(before) && questionText(before) === text) same.add(requestId);
  }
  return same;
}

/** The words of a question apart from what changes with each asking. */
function questionText(body: JsonObject): string {
  const { _meta, elicitationId: _elicitationId, ...asked } = body;
  return canonicalJson(asked);
}
