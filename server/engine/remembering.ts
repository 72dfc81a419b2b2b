import type { RuleRef } from '@/lib/domain/event';
import { mintId, type RandomBytes, readId } from '@/lib/domain/ids';
import { canonicalJson, type Json, type JsonObject } from '@/lib/domain/json';
import { isTheirs, may, standingOf, type Person } from '@/lib/domain/permission';
import { type ApprovalTerms, type Standing, tally, type Vote } from '@/lib/domain/policy/approval';
import { rememberMs, type RememberedChoice, type RememberOrder } from '@/lib/domain/policy/choice';
import { readPointer, valueAt } from '@/lib/domain/policy/pointer';
import { type Refusal, refuse } from '@/lib/domain/refusal';
import type { HoldRequest } from '@/lib/domain/request';
import { definitionDigestOf } from './digest';
import type { EngineParts, LiveSession } from './parts';
import type { Route } from './routing';

/** The call a remembered choice may decide. */
interface Deciding {
  readonly server: string;
  readonly tool: string;
  readonly definition: JsonObject;
  readonly arguments: JsonObject;
  readonly ruleId: string;
  readonly terms: ApprovalTerms;
  /** Whom people would be asked of: a choice is of somebody who would be among them. */
  readonly route: Route;
}

/**
 * The choice that decides a held call; null when people are asked. It must be of the same rule and the same
 * definition, its fields the same, and who made it still be one whose word alone would be enough. Of several, one
 * that denies.
 */
export function choiceFor(parts: EngineParts, live: LiveSession, call: Deciding): RememberedChoice | null {
  const { choices, roster } = parts;
  if (!call.terms.mayRemember) return null;
  const { server, tool } = call;
  const known = choices.matching({ agentId: live.agent.id, sessionId: live.sessionId, server, tool });
  if (known.length === 0) return null;
  const definitionDigest = definitionDigestOf(call.definition);
  const fitting = known.filter((choice) => {
    if (choice.ruleId !== call.ruleId || choice.definitionDigest !== definitionDigest) return false;
    const person = roster.person(choice.by.id);
    if (person === null || !may(person.role, 'request.answer')) return false;
    if (!isTheirs(person, { ...call.route, assignedTo: null })) return false;
    return isAlone(call.terms, { person, said: choice.decision }) && haveValues(choice, call.arguments);
  });
  return fitting.find(({ decision }) => decision === 'deny') ?? fitting[0] ?? null;
}

function haveValues({ fields }: RememberedChoice, given: JsonObject): boolean {
  return fields.every(({ pointer, value }) => {
    const now = valueAt(given, pointer);
    return now !== undefined && canonicalJson(now) === canonicalJson(value);
  });
}

/** Whether one person's word decides: only then can it stand for later calls. */
export function isAlone(
  terms: ApprovalTerms,
  { person, said }: { readonly person: Person; readonly said: Vote['vote'] },
): boolean {
  if (said === 'approve' && terms.notBy?.id === person.id) return false;
  const alone = { by: { id: person.id, name: person.name }, as: standingOf(person), vote: said };
  const votes: readonly Vote[] = [
    { ...alone, reason: null, operationId: '' as Vote['operationId'], earlier: [], at: 0 },
  ];
  return tally(terms, votes) === (said === 'approve' ? 'approved' : 'denied');
}

/** Why a choice cannot be remembered as ordered; null when it can. */
export function rememberRefusal(
  request: HoldRequest,
  how: {
    readonly order: RememberOrder;
    readonly person: Person;
    readonly said: Vote['vote'];
    readonly given: Json | null;
  },
): Refusal | null {
  const { approval } = request;
  if (approval === null || !approval.mayRemember)
    return refuse('not_allowed_now', 'The rule does not let a choice about this be remembered.');
  if (!isAlone(approval, how))
    return refuse('not_allowed_now', 'This needs more than one person, so a choice about it cannot be remembered.');
  if (request.edited.length > 0)
    return refuse('not_allowed_now', 'The arguments were edited, so a choice would stand for something else.');
  for (const pointer of how.order.fields)
    if (readPointer(pointer) === null || how.given === null || valueAt(how.given, pointer) === undefined)
      return refuse('bad_input', `There is no argument at ${pointer} whose value could be remembered.`);
  return null;
}

/** What is kept of a choice. */
export function choiceOf(made: {
  readonly random: RandomBytes;
  readonly live: LiveSession;
  readonly request: HoldRequest;
  readonly person: Person;
  readonly as: Standing;
  readonly order: RememberOrder;
  readonly said: Vote['vote'];
  readonly ruleId: string;
  readonly definition: JsonObject;
  readonly given: JsonObject;
  readonly now: number;
}): RememberedChoice {
  const { live, request, person, order, now } = made;
  return {
    choiceId: mintId('choice', made.random),
    decision: made.said,
    agent: { id: live.agent.id, name: live.agent.name },
    server: request.server,
    tool: request.tool ?? '',
    definitionDigest: definitionDigestOf(made.definition),
    ruleId: made.ruleId,
    fields: order.fields.flatMap((pointer) => {
      const value = valueAt(made.given, pointer);
      return value === undefined ? [] : [{ pointer, value }];
    }),
    by: { id: person.id, name: person.name },
    as: made.as,
    madeAt: now,
    remembered: order.for,
    untilAt: order.for === '15min' ? now + rememberMs : null,
    sessionId: order.for === 'session' ? live.sessionId : null,
    revokedAt: null,
    used: 0,
  };
}

/** Whether a call was decided by a remembered choice. */
export function isChoice(rule: RuleRef | null): boolean {
  return rule !== null && readId('choice', rule.id) !== null;
}

/** The words an agent and the timeline have for it. */
export function choiceWords({ by, decision, remembered }: RememberedChoice): string {
  const until = { '15min': 'for 15 minutes', session: 'for this session', revoked: 'until it is revoked' }[remembered];
  return `${by.name} chose to ${decision === 'approve' ? 'approve' : 'decline'} this ${until}.`;
}
