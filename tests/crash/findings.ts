import { isDeepStrictEqual } from 'node:util';
import { emptyBook, foldEvent } from '@/lib/domain/book';
import type { SessionEvent } from '@/lib/domain/event';
import { isJsonObject, type Json } from '@/lib/domain/json';
import type { CallOutcome } from '@/server/engine/ports/agents';
import type { Store } from '@/server/engine/ports/store';
import { answerFindings, sayingsOf } from './answer-findings';
import { deskFindings } from './desk-findings';
import { eventsAbout, eventsOf, type Left } from './left';
import { noteFor } from './scripted-person';
import type { World } from './world';

/** Everything that is not as it should be after a world came to rest; nothing when all is well. */
export async function findingsOf(world: World, store: Store): Promise<readonly string[]> {
  const { agent } = world;
  const own = [...world.complaints, ...agent.complaints, ...world.people.flatMap(({ complaints }) => complaints)];
  if (!agent.isDone) return [...own, 'I5: the agent was never told an outcome'];
  const summaries = await store.sessions({ live: null, search: null, before: null, limit: 100 });
  const logs = await Promise.all(
    summaries.map(({ session }) => store.events(session.sessionId, { afterSeq: 0, limit: 10_000 })),
  );
  const log = await Promise.all(logs.map((events) => logFindings(events, store)));
  const calls = await Promise.all(
    agent.told.map((told, index) => callsFindings(world, store, { told, index, events: logs.flat() })),
  );
  return [...own, ...log.flat(), ...calls.flat()];
}

async function callsFindings(
  world: World,
  store: Store,
  of: { readonly told: CallOutcome; readonly index: number; readonly events: readonly SessionEvent[] },
): Promise<readonly string[]> {
  const { told, index, events } = of;
  const { callId } = told;
  const saved = await store.call(callId);
  if (saved === null) return ['I2: the agent was told of a call that is not on the disk'];
  const requests = await store.requestsOfCall(callId);
  const asked = world.agent.asked[index] ?? {};
  // Calls of one agent differ in their key, which nobody edits.
  const runs = world.kitchen.records.executions(world.scenario.tool).map((run): Json => (run.args ?? null) as Json);
  const ran = runs.filter((args) => !isJsonObject(args) || args['key'] === asked['key']);
  const left: Left = { world, events: eventsAbout(events, callId), call: saved.call, requests, asked, ran };
  return [
    ...callFindings(left),
    ...outcomeFindings(left, told),
    ...executionFindings(left),
    ...pageFindings(left),
    ...resumptionFindings(left),
    ...answerFindings(left),
    ...(await recoveryFindings(left, store)),
    ...(await deskFindings(left, store)),
  ];
}

/** I15: no gap, and the log folds to exactly what the tables say. */
async function logFindings(events: readonly SessionEvent[], store: Store): Promise<readonly string[]> {
  const found: string[] = [];
  const book = emptyBook();
  for (const event of events) {
    const folded = foldEvent(book, event);
    if (!folded.ok) return [`I15: event ${event.seq}, ${event.type}, does not fold: ${folded.message}`];
  }
  for (const call of book.calls.values()) {
    if (!isDeepStrictEqual((await store.call(call.callId))?.call, call))
      found.push(`I15: ${call.callId} is not in the table as its events say`);
  }
  for (const request of book.requests.values()) {
    if (!isDeepStrictEqual(await store.request(request.requestId), request))
      found.push(`I15: ${request.requestId} is not in the table as its events say`);
  }
  return found;
}

function callFindings(left: Left): readonly string[] {
  const found: string[] = [];
  const received = eventsOf(left, 'call.received').length;
  if (received !== 1) found.push(`a call with a key was received ${received} times`);
  if (!('endedAt' in left.call)) found.push(`I5: the call is still ${left.call.state}`);
  for (const request of left.requests)
    if (request.state === 'open' || request.state === 'answered')
      found.push(`I5: a ${request.kind} request is left ${request.state}`);
  return found;
}

/** The agent hears what the record says, and of a result exactly what the server gave. */
function outcomeFindings(left: Left, told: CallOutcome): readonly string[] {
  const { call, world } = left;
  const { scenario } = world;
  const found: string[] = [];
  if (told.outcome !== call.state) found.push(`I2: the agent was told ${told.outcome}, the record says ${call.state}`);
  const wanted = wantedOutcomes(left);
  if (!wanted.includes(told.outcome))
    found.push(`the outcome is ${told.outcome}, not ${wanted.join(' or ')}: ${JSON.stringify(told)}`);
  if (told.outcome !== 'completed') return found;
  const byHand = left.requests.some((request) => request.kind === 'recovery') && scenario.recovery === 'done_by_hand';
  const note = left.requests.find((request) => request.kind === 'recovery');
  if (byHand && note !== undefined) {
    if (!JSON.stringify(told.result).includes(noteFor(note.requestId))) found.push('the agent does not hear the note');
    return found;
  }
  const possible = possibleResults(world);
  if (!possible.some((result) => isDeepStrictEqual(result, told.result['structuredContent'])))
    found.push(`the agent was told ${JSON.stringify(told.result)}, the server says ${JSON.stringify(possible)}`);
  return found;
}

function wantedOutcomes(left: Left): readonly CallOutcome['outcome'][] {
  const { scenario } = left.world;
  // A server that cannot be reached runs nothing, and the agent hears so.
  if (scenario.awayMs > 0 && eventsOf(left, 'call.sent').length === 0) return ['completed', 'failed'];
  // Its result is lost with its stream, and said so.
  const lostAt = eventsOf(left, 'call.result_lost').at(-1)?.seq ?? 0;
  if (lostAt > (eventsOf(left, 'call.sent').at(-1)?.seq ?? 0)) return ['completed', 'indeterminate'];
  const wasAsked = left.requests.some((request) => request.kind === 'recovery');
  return wasAsked && scenario.recovery === 'give_up' ? ['indeterminate'] : ['completed'];
}

/** What the tools of the scenarios return, from what the server itself saw. */
function possibleResults({ scenario, kitchen }: World): readonly unknown[] {
  const { records } = kitchen;
  const answers = records.of('answer_received').map((record) => record.result);
  switch (scenario.tool) {
    case 'write':
    case 'write_idempotent':
    case 'write_after_pages':
      return records.executions(scenario.tool).map((_, index) => ({ written: index + 1 }));
    case 'ask_twice':
      return answers.flatMap((first) => answers.map((second) => ({ first, second })));
    case 'ask_url':
      return answers.map((answer) => ({ ...(answer as object), completed: true }));
    default:
      return answers;
  }
}

/** I3, I4: each execution was recorded as sent before, and each second one is explained. */
function executionFindings(left: Left): readonly string[] {
  const { world, call } = left;
  const { scenario } = world;
  const executions = left.ran.length;
  const sent = eventsOf(left, 'call.sent').length;
  const repeats = eventsOf(left, 'call.interrupted').filter((event) => event.next === 'repeat');
  const byItself = repeats.length;
  const onAGuess = repeats.filter((event) => event.notRun !== true).length;
  const byPages = eventsOf(left, 'call.urls_done').length;
  const byPerson = sayingsOf(left).filter(
    ({ request, content }) => request.kind === 'recovery' && content?.['choice'] === 'run_again',
  ).length;
  const found: string[] = [];
  if (executions > sent) found.push(`I3: it ran ${executions} times and was recorded as sent ${sent} times`);
  if (call.runs !== sent) found.push(`I15: it was sent ${sent} times, and the call says ${call.runs}`);
  if (sent > 1 + byItself + byPerson + byPages)
    found.push(`I4: it was sent ${sent} times, and ${byItself + byPerson + byPages} are explained`);
  if (onAGuess > 0 && !scenario.repeatable) found.push('I4: it went again by itself and is not known to be safe');
  if (byItself > 1) found.push('I4: it went again by itself more than once');
  if (call.state === 'completed' && executions === 0 && scenario.recovery !== 'done_by_hand')
    found.push('it is completed and never ran');
  return found;
}

/** I3: it goes again when every page it was turned back for is done, as somebody said, and not before. */
function pageFindings(left: Left): readonly string[] {
  const accepted = eventsOf(left, 'request.answered').filter(({ action }) => action === 'accept');
  return eventsOf(left, 'call.turned_back').flatMap(({ seq, requestIds }) => {
    const goneAgain = eventsOf(left, 'call.urls_done').find((event) => event.seq > seq)?.seq ?? Infinity;
    const sentAt = eventsOf(left, 'call.sent').find((event) => event.seq > seq)?.seq ?? Infinity;
    const found = sentAt < goneAgain ? ['I3: it was sent again before its pages were done'] : [];
    for (const id of requestIds)
      if (goneAgain < Infinity && !accepted.some((event) => event.requestId === id && event.seq < goneAgain))
        found.push(`I3: it goes again and nobody says that the page of ${id} is done`);
    return found;
  });
}

/** A call whose stream has a place on the disk is taken up again: nothing of it is lost, nobody has to decide. */
function resumptionFindings(left: Left): readonly string[] {
  const { world } = left;
  if (world.scenario.events === 'none' || world.scenario.forgets !== 'never' || world.wasVulnerable) return [];
  const found: string[] = [];
  const wasSent = eventsOf(left, 'call.sent').length > 0;
  const executions = left.ran.length;
  const wanted = 1 + eventsOf(left, 'call.turned_back').length;
  if (wasSent && executions !== wanted) found.push(`it could be resumed and ran ${executions} times, not ${wanted}`);
  for (const type of ['call.interrupted', 'call.result_lost'] as const)
    if (eventsOf(left, type).length > 0) found.push(`it could be resumed, and there is ${type}`);
  // One that was only being opened has nothing to be resumed by.
  const stood = new Set(eventsOf(left, 'connection.ready').map((event) => event.connectionId));
  for (const { connectionId, why } of eventsOf(left, 'connection.lost'))
    if (stood.has(connectionId)) found.push(`its connection could be resumed and was lost: ${why}`);
  return found;
}

/** Who decides on a recovery request sees every answer given while the call ran, though we were killed since. */
async function recoveryFindings(left: Left, store: Store): Promise<readonly string[]> {
  const found: string[] = [];
  for (const opened of eventsOf(left, 'request.opened').filter(({ kind }) => kind === 'recovery')) {
    const ask = await store.payload(opened.requestId, 'ask');
    const answers: Json = isJsonObject(ask) ? (ask['answers'] ?? null) : null;
    const shown = Array.isArray(answers)
      ? answers.map((answer: Json) => isJsonObject(answer) && answer['requestId'])
      : [];
    for (const answered of eventsOf(left, 'request.answered')) {
      if (answered.seq < opened.seq && !shown.includes(answered.requestId))
        found.push('I4: a recovery request does not show an answer that was given while the call ran');
    }
  }
  return found;
}
