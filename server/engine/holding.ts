import { holdpoint } from '@/lib/domain/actor';
import type { EventBody, RuleRef } from '@/lib/domain/event';
import { type CallId, mintId } from '@/lib/domain/ids';
import type { ApprovalTerms } from '@/lib/domain/policy/approval';
import type { PolicyVerdict } from '@/lib/domain/policy/decide';
import { usualTerms } from '@/lib/domain/policy/rule';
import type { RememberedChoice } from '@/lib/domain/policy/choice';
import type { Deadline } from '@/lib/domain/deadline';
import type { Risk } from '@/lib/domain/tool';
import { approvalDeadline } from './deadlines';
import { digestOf } from './digest';
import type { EngineParts, LiveSession } from './parts';
import type { Asked } from './questioning';
import { choiceFor, choiceWords } from './remembering';
import { type Route, routeTo, termsAt } from './routing';
import type { Draft } from './session-log';

/** A call that a rule holds: whom it waits for, on which terms, bound to what (I6). */
export interface Hold {
  readonly asked: Asked;
  readonly rule: RuleRef;
  readonly route: Route;
  readonly approval: ApprovalTerms;
  readonly deadline: Deadline;
  readonly digest: string;
  /** A person's choice that decides it at once; null when people are asked. */
  readonly choice: RememberedChoice | null;
}

export function holdOf(
  parts: EngineParts,
  live: LiveSession,
  what: {
    readonly asked: Asked;
    readonly verdict: PolicyVerdict;
    readonly now: number;
    readonly patientUntilAt: number | null;
  },
): Hold {
  const { asked, verdict, now } = what;
  const terms = verdict.terms ?? usualTerms;
  const approval = termsAt(parts.roster, terms, {
    now,
    agentId: live.agent.id,
    policyVersion: parts.policy.version,
  });
  const route = routeTo(parts.roster, terms.team, terms.fallbackTeam);
  const call = { ...asked, ruleId: verdict.rule.id, terms: approval, route };
  return {
    asked,
    rule: verdict.rule,
    route,
    approval,
    deadline: approvalDeadline(parts.settings, verdict, what),
    digest: digestAsked(parts, asked),
    choice: choiceFor(parts, live, call),
  };
}

/** What an approval of this call covers, under the rules of now. */
export function digestAsked(parts: Pick<EngineParts, 'policy'>, asked: Asked): string {
  return digestOf({ ...asked, policyVersion: parts.policy.version });
}

/** The events that hold a call, or that let a remembered choice decide it. */
export function heldDrafts(
  parts: EngineParts,
  hold: Hold,
  call: { readonly callId: CallId; readonly title: string; readonly risk: Risk },
): readonly Draft[] {
  const { callId, title, risk } = call;
  const { choice } = hold;
  if (choice !== null) {
    parts.choices.used(choice.choiceId);
    const type = choice.decision === 'approve' ? 'call.allowed' : 'call.denied';
    const rule = { id: choice.choiceId, words: choiceWords(choice) };
    return [{ actor: holdpoint, body: { type, callId, rule } }];
  }
  const requestId = mintId('request', parts.random);
  const opened: EventBody = {
    type: 'request.opened',
    requestId,
    kind: 'approval',
    callId,
    candidates: [],
    server: hold.asked.server,
    tool: hold.asked.tool,
    title,
    risk,
    deadline: hold.deadline,
    upstream: null,
    digest: hold.digest,
    elicitationId: null,
    earlier: null,
    ...hold.route,
    assignedTo: null,
    approval: hold.approval,
    writer: 'person',
  };
  return [
    { actor: holdpoint, body: { type: 'call.held', callId, rule: hold.rule, requestId } },
    { actor: holdpoint, body: opened },
  ];
}
