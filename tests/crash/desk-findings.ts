import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { EventOf } from '@/lib/domain/event';
import { canonicalJson, isJsonObject, type Json } from '@/lib/domain/json';
import type { HoldRequest } from '@/lib/domain/request';
import type { Store } from '@/server/engine/ports/store';
import { versionOf } from '@/server/policy/rule-book';
import { heardBy } from './answer-findings';
import { eventsOf, type Left } from './left';
import type { DeskPlay } from './scenarios';

/** I6 and what goes with it: who let the call go, with which arguments, and who wrote what a model was asked for. */
export async function deskFindings(left: Left, store: Store): Promise<readonly string[]> {
  const { desk } = left.world.scenario;
  if (desk === null) return [];
  if (desk.model) return modelFindings(left, store);
  const approvals = left.requests.filter(({ kind }) => kind === 'approval');
  return [
    ...permitFindings(left, desk),
    ...argumentFindings(left, desk),
    ...(await Promise.all(approvals.map((request) => digestFindings(left, request, { desk, store })))).flat(),
    ...approvals.flatMap((request) => voteFindings(left, request)),
    ...(desk.escalates ? approvals.flatMap((request) => escalationFindings(left, request)) : []),
    ...choiceFindings(left, desk),
  ];
}

/** Each letting go is as the scenario means it, and nothing was sent without one. */
function permitFindings(left: Left, desk: DeskPlay): readonly string[] {
  const allowed = eventsOf(left, 'call.allowed');
  const found = allowed.flatMap((event) => wrongPermit(left, desk, event));
  const first = eventsOf(left, 'call.sent')[0];
  if (first !== undefined && !allowed.some(({ seq }) => seq < first.seq))
    found.push('I6: it was sent and never let go');
  return found;
}

function wrongPermit(left: Left, desk: DeskPlay, event: EventOf<'call.allowed'>): string[] {
  const { rule, seq } = event;
  if (rule.id === 'approval') {
    const yes = votersBefore(left, seq).size;
    if (desk.silent) return ['I6: it was approved, and nobody was there'];
    return yes >= desk.voters ? [] : [`I6: it was let go by ${yes} of ${desk.voters} people`];
  }
  if (rule.id === 'deadline') {
    const request = left.requests.find(({ kind }) => kind === 'approval');
    const isDue = request?.state === 'expired' && request.deadline.at <= event.at;
    return desk.silent && isDue ? [] : ['I6: it was let go by a deadline that was not due'];
  }
  if (rule.id.startsWith('chc_')) {
    const isKept = left.world.choices.some(({ choiceId }) => choiceId === rule.id);
    return isKept ? [] : ['I2: it was let go by a choice that is not on the disk'];
  }
  return rule.id === 'recovery' ? [] : [`I6: it was let go by ${rule.id}`];
}

/** Who said yes to what is asked since the last edit, and did not take it back. */
function votersBefore(left: Left, seq: number): ReadonlySet<string> {
  const approvals = new Set(left.requests.filter(({ kind }) => kind === 'approval').map(({ requestId }) => requestId));
  const yes = new Set<string>();
  for (const event of left.events) {
    if (event.seq > seq || !('requestId' in event) || event.requestId === null) continue;
    if (!approvals.has(event.requestId)) continue;
    if (event.type === 'request.edited') yes.clear();
    const isYes =
      (event.type === 'request.voted' && event.vote === 'approve') ||
      (event.type === 'request.answered' && event.action === 'accept');
    const isSaid = event.type === 'request.voted' || event.type === 'request.answered';
    if (!isSaid || event.actor.kind !== 'person') continue;
    if (isYes) yes.add(event.actor.id);
    else yes.delete(event.actor.id);
  }
  return yes;
}

/** I6: it ran with what was approved, and with nothing else. */
function argumentFindings(left: Left, desk: DeskPlay): readonly string[] {
  const wanted = desk.edit ?? left.asked;
  return left.ran
    .filter((args) => !isDeepStrictEqual(args, wanted))
    .map((args) => `I6: it ran with ${JSON.stringify(args)}, and ${JSON.stringify(wanted)} was approved`);
}

/** I6: the digest is of exactly what was seen. */
async function digestFindings(
  left: Left,
  request: HoldRequest,
  how: { readonly desk: DeskPlay; readonly store: Store },
): Promise<readonly string[]> {
  const { desk, store } = how;
  const found: string[] = [];
  const { scenario } = left.world;
  const definition = await store.payload(left.call.callId, 'tool');
  const thing: Json = {
    server: 'kitchen',
    tool: scenario.tool,
    arguments: desk.edit ?? left.asked,
    definition,
    policyVersion: versionOf(scenario.rules),
  };
  const digest = createHash('sha256').update(canonicalJson(thing)).digest('hex');
  if (request.digest !== digest) found.push('I6: the digest of the approval does not fit what was run');
  if (!isDeepStrictEqual(request.edited, desk.edit === null ? [] : ['/note']))
    found.push(`I6: the record says that ${JSON.stringify(request.edited)} was edited`);
  return found;
}

/** I5: each vote that was called saved is among the votes, unless an edit made it void. */
function voteFindings(left: Left, request: HoldRequest): readonly string[] {
  const edits = eventsOf(left, 'request.edited').length;
  const said = left.world.people.flatMap((person) => [...person.sayings.values()]);
  return said
    .filter(({ request: seen, reply }) => seen.requestId === request.requestId && reply === 'saved')
    .filter(({ request: seen }) => seen.edited.length > 0 || edits === 0)
    .filter(({ operationId }) => !request.votes.some((vote) => vote.operationId === operationId))
    .map(({ by }) => `I5: the vote of ${by.name} is lost`);
}

/** Asked of the second team once, when it was due, and answered only after that. */
function escalationFindings(left: Left, request: HoldRequest): readonly string[] {
  const escalated = eventsOf(left, 'request.escalated').filter(({ requestId }) => requestId === request.requestId);
  const [first] = escalated;
  if (first === undefined || escalated.length > 1) return [`I5: it was escalated ${escalated.length} times`];
  const answered = eventsOf(left, 'request.answered').find(({ requestId }) => requestId === request.requestId);
  const found: string[] = [];
  if (first.at < (request.approval?.escalation?.at ?? 0)) found.push('it was escalated before it was due');
  if (answered !== undefined && answered.seq < first.seq) found.push('I11: it was answered by who was not asked yet');
  return found;
}

/** I5: a choice that an earlier life kept decides; a call that one decided asks nobody. */
function choiceFindings(left: Left, desk: DeskPlay): readonly string[] {
  if (desk.again === null) return [];
  const { world, call, requests } = left;
  const isChosen = eventsOf(left, 'call.allowed').some(({ rule }) => rule.id.startsWith('chc_'));
  const wasAsked = requests.some(({ kind }) => kind === 'approval');
  if (isChosen && wasAsked) return ['a call that a choice decided was asked about'];
  if (!isChosen && !wasAsked) return ['I6: nobody was asked, and no choice was made'];
  const life = world.receivedIn.get(call.callId) ?? 0;
  const isKept = world.choices.some((choice) => choice.life < life);
  return isKept && wasAsked ? ['I5: a choice that was kept in an earlier life is forgotten'] : [];
}

/** What a model wrote and the record has is what the server hears; a model is asked once, and a person after a death. */
async function modelFindings(left: Left, store: Store): Promise<readonly string[]> {
  const { world } = left;
  const found: string[] = [];
  const forModel = eventsOf(left, 'request.opened').filter(({ writer }) => writer === 'model').length;
  if (world.model.asks > forModel) found.push(`a model was asked ${world.model.asks} times for ${forModel} requests`);
  for (const request of left.requests.filter(({ kind }) => kind === 'sampling')) {
    const heard = heardBy(left, request).map(({ result }) => result);
    const [first] = heard;
    if (heard.some((one) => !isDeepStrictEqual(one, first))) found.push('I1: the server heard two different replies');
    const isByModel = 'answer' in request && request.answer.by.kind === 'model';
    const body = await store.payload(request.requestId, 'answer');
    const result = isJsonObject(body) ? (body['result'] ?? null) : null;
    const content = isJsonObject(result) ? (result['content'] ?? null) : null;
    if (isByModel && heard.length === 0)
      found.push('I5: a model’s words are on record, and the server has not heard them');
    const isHeard = heard.every(
      (one) => isJsonObject(one as Json) && isDeepStrictEqual((one as { content?: unknown }).content, content),
    );
    if (isByModel && !isHeard) found.push('I5: the server heard other words than a model’s that are on record');
    const wasGiven = eventsOf(left, 'request.to_person').some(({ requestId }) => requestId === request.requestId);
    if (isByModel && wasGiven) found.push('a model answered what was given to a person');
  }
  return found;
}
