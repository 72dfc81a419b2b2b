import { isDeepStrictEqual } from 'node:util';
import type { HoldRequest } from '@/lib/domain/request';
import { eventsOf, type Left } from './left';
import type { Saying } from './scripted-person';
import type { World } from './world';

/** I1, I5: what people said against what servers heard and what the record says. */
export function answerFindings(left: Left): readonly string[] {
  const sayings = sayingsOf(left);
  return [
    ...sayings.flatMap((saying) => sayingFindings(left, saying)),
    ...heardFindings(left),
    ...askedTwice(left),
    ...offerFindings(left),
  ];
}

/** What people said to requests of this call, and of none. */
export function sayingsOf({ world, call }: Left): readonly Saying[] {
  const all = world.people.flatMap((person) => [...person.sayings.values()]);
  return all.filter(({ request }) => request.callId === null || request.callId === call.callId);
}

/** An answer that was called saved is in the record, and was delivered or declared undelivered. */
function sayingFindings(left: Left, saying: Saying): readonly string[] {
  const { kind, requestId } = saying.request;
  const request = left.requests.find((candidate) => candidate.requestId === requestId);
  const said = `the answer to the ${kind} request`;
  if (request === undefined) return [`I5: ${said} has lost its request`];
  const recorded = [...eventsOf(left, 'request.answered'), ...eventsOf(left, 'request.voted')];
  const isRecorded = recorded.some((event) => event.operationId === saying.operationId);
  if (saying.reply === 'saved' && !isRecorded) return [`I5: ${said} was called saved and is not (${request.state})`];
  if (saying.reply !== 'saved' && isRecorded) return [`I1: ${said} is saved, and the person was told ${saying.reply}`];
  // Only a session that is gone, or a result that is, keeps an answer from its way.
  if (saying.reply !== 'saved' && left.world.scenario.forgets === 'never')
    return [`${said} was refused: ${saying.reply}`];
  if (!isRecorded) return [];
  const wasHeard = heardBy(left, request);
  if (request.state === 'delivered' && request.upstream !== null && wasHeard.length === 0)
    return [`I5: ${said} is called delivered, and the server has not got it`];
  // A permit is the call's to carry, which may have been interrupted on its way, or never have left.
  const isCarried = eventsOf(left, 'call.interrupted').length === 0 && eventsOf(left, 'call.sent').length > 0;
  const mayBeUnknown = request.upstream === null && !isCarried;
  if (request.state !== 'delivered' && left.world.scenario.forgets === 'never' && !mayBeUnknown)
    return [`I5: ${said} is ${request.state} although its server never went away: ${whyOf(request)}`];
  return [];
}

function whyOf(request: HoldRequest): string {
  return 'why' in request ? request.why : '';
}

/** What the server that asked received under the question's own id, in its own session. */
export function heardBy({ world }: Left, request: HoldRequest): readonly { readonly result: unknown }[] {
  const { upstream } = request;
  if (upstream === null) return [];
  const sessionId = world.disk.mcpSessions.get(upstream.connectionId) ?? undefined;
  return world.kitchen.records
    .of('answer_received')
    .filter((record) => record.requestId === upstream.rpcId && record.sessionId === sessionId)
    .filter((record) => record.method === methodOf(request));
}

function methodOf(request: HoldRequest): string {
  return request.kind === 'sampling' ? 'sampling/createMessage' : 'elicitation/create';
}

/** Nothing a server received differs from what the person said to that very question. */
function heardFindings(left: Left): readonly string[] {
  const { world } = left;
  return left.requests.flatMap((request) => {
    const saying = sayingsOf(left).findLast((one) => one.request.requestId === request.requestId);
    return heardBy(left, request)
      .filter(({ result }) => !isWhatWasSaid(result, saying) && !isWhatModelWrote(world, result))
      .map(({ result }) => `I5: a ${request.kind} request was answered with ${JSON.stringify(result)}`);
  });
}

/** The person's very answer; or, while nobody answered, MCP's cancel. */
function isWhatWasSaid(result: unknown, saying: Saying | undefined): boolean {
  if (typeof result !== 'object' || result === null) return false;
  if ('action' in result && result.action === 'cancel') return saying?.reply !== 'saved';
  if (saying === undefined) return false;
  if (saying.request.kind === 'sampling')
    return isDeepStrictEqual('content' in result ? result.content : null, {
      type: 'text',
      text: saying.content?.['text'],
    });
  const content = saying.request.kind === 'form' ? { content: saying.content } : {};
  return isDeepStrictEqual(result, { action: 'accept', ...content });
}

/** That it is also what is on record is `modelFindings`. */
function isWhatModelWrote({ model }: World, result: unknown): boolean {
  if (typeof result !== 'object' || result === null || !('content' in result)) return false;
  return model.wrote.some((text) => isDeepStrictEqual(result.content, { type: 'text', text }));
}

/** The replay of a question after a crash asks nobody twice. */
function askedTwice(left: Left): readonly string[] {
  const names = eventsOf(left, 'request.opened').flatMap(({ upstream }) =>
    upstream === null ? [] : [`${upstream.connectionId} ${upstream.rpcId}`],
  );
  return names.length === new Set(names).size ? [] : ['I1: one question of a server was asked twice'];
}

/** I4: the same question of a later run has the earlier answer beside it, and nothing else has. */
function offerFindings(left: Left): readonly string[] {
  // Each run asks for another URL, which is another question.
  const asked = left.requests.filter((request) => request.kind === 'form' || request.kind === 'sampling');
  return asked.flatMap((request) => {
    const before = asked.filter(
      (other) =>
        other.title === request.title &&
        other.openedAt < request.openedAt &&
        'answer' in other &&
        other.answer.action === 'accept',
    );
    const wanted = before.at(-1)?.requestId ?? null;
    return request.earlier === wanted
      ? []
      : [`I4: the answer offered with a ${request.kind} request is ${request.earlier}, not ${wanted}`];
  });
}
