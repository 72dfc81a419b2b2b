'use client';

import { type ReactNode, useMemo, useRef, useState } from 'react';
import { focusField } from '@/components/form/field-id';
import { type TreeChoices, treeModel } from '@/components/ui/tree-model';
import { clockTime } from '@/components/ui/time-words';
import { plainLine } from '@/lib/domain/form/plain-text';
import { checkLink } from '@/lib/domain/link';
import type { RequestKind } from '@/lib/domain/event';
import type { Claim } from '@/lib/domain/request';
import type { RequestDetail } from '@/lib/domain/request-detail';
import { AnswerBar, type AnswerBarProps, type BarCommit } from './AnswerBar';
import { AnswerBody } from './AnswerBody';
import { Arguments } from './Arguments';
import { readElicitation } from './ask';
import type { RequestDraft } from './draft';
import { shownDraft } from './earlier';
import {
  closedBecause,
  type FormState,
  formReadiness,
  formStateOf,
  linkReadiness,
  type Readiness,
  replyReadiness,
} from './readiness';
import { RecoveryFacts } from './RecoveryFacts';
import { focusRecovery, needsArming, recoveryCommit, recoveryKeys } from './recovery-answering';
import { recoveryReadiness } from './recovery-choice';
import type { AnswerIntent, RequestScreenProps } from './request-props';
import { useArming } from './use-arming';
import { acceptWords, firstName } from './words';

export interface Answering {
  readonly body: ReactNode;
  /** What stays readable once it is over. */
  readonly after: ReactNode;
  readonly bar: ReactNode;
}

/** Who else is at it. */
export interface Others {
  /** A claim in force that is not this person's. */
  readonly claim: Claim | null;
  readonly rival: string | null;
}

/** The part a person fills and the bar that sends it, for every kind. */
export function useAnswering(props: RequestScreenProps, others: Others): Answering {
  const { detail, draft, sending } = props;
  const { request } = detail;
  const [tried, setTried] = useState(false);
  const [choices, setChoices] = useState<TreeChoices>(new Map());
  const args = useRef<HTMLElement>(null);
  const formId = `answer-${request.requestId}`;
  const shown = useShownDraft(props);
  const form = useFormState(detail, shown);
  const arms = isArmed(props);
  const arming = useArming(
    `${request.requestId} ${request.revision} ${request.digest ?? ''} ${draft.choice ?? ''}`,
    arms && detail.arguments !== null ? treeModel(detail.arguments, choices).hidden.length : 0,
  );
  const readiness = readinessOf({ ...props, draft: shown }, form);
  const invalid = sending.state === 'refused' && sending.refusal.code === 'invalid_answer';
  const attempt = tried || invalid ? 'made' : 'none';
  const onAccept = (): void => {
    setTried(true);
    if (readiness.kind === 'blocked') return focusProblem(props, form, formId);
    const commit = (): void => props.onAnswer(readiness.intent);
    if (arms) arming.press({ commit, show: () => show(args.current) });
    else commit();
  };
  const pointed = arming.arming.step === 'pointed' ? 'pointed' : 'none';
  const card = !judgesArguments(request.kind) ? null : (
    <Arguments look="card" ref={args} value={detail.arguments} {...{ choices, pointed }} onChoices={setChoices} />
  );
  return {
    body: <AnswerBody {...props} {...{ shown, form, formId, attempt, card }} closed={closedBecause(detail)} />,
    after:
      request.kind === 'recovery' ? (
        <>
          <RecoveryFacts detail={detail} clockOffsetMs={props.clockOffsetMs} />
          {card}
        </>
      ) : (
        card
      ),
    bar: (
      <AnswerBar
        {...barFacts(props, others)}
        blocked={blockedWords(props, readiness, attempt)}
        off={isOff(props, readiness) ? 'off' : 'on'}
        arming={arming.arming}
        onAccept={onAccept}
        onNotYet={arming.notYet}
      />
    ),
  };
}

/** Where the arguments are what is decided on. */
function judgesArguments(kind: RequestKind): boolean {
  return kind === 'approval' || kind === 'recovery';
}

/** Whether committing takes two steps. */
function isArmed({ detail, draft }: RequestScreenProps): boolean {
  return (
    detail.request.kind === 'approval' || (detail.request.kind === 'recovery' && needsArming(detail, draft.choice))
  );
}

type BarFacts = Omit<AnswerBarProps, 'blocked' | 'off' | 'arming' | 'onAccept' | 'onNotYet'>;

/** What the bar takes straight from the request and its container. */
function barFacts(props: RequestScreenProps, { claim, rival }: Others): BarFacts {
  const { detail, draft } = props;
  const { request, summary } = detail;
  const reason = draft.reason.trim();
  return {
    subject: `${request.requestId} ${request.revision}`,
    kind: request.kind,
    asker: { server: request.server, agent: summary.session.agent.name },
    commit: commitOf(props),
    decline: request.kind === 'recovery' ? 'in_body' : 'here',
    keys: request.kind === 'recovery' ? recoveryKeys(props) : [],
    closed: closedBecause(detail),
    reach: props.reach,
    sending: props.sending,
    reason: draft.reason,
    rival: rival === null ? null : firstName(rival),
    claimed: claim === null ? null : `${firstName(claim.by.name)} is answering this, until ${clockTime(claim.untilAt)}`,
    onReason: (text) => props.onDraft({ ...draft, reason: text }),
    onDecline: () => props.onAnswer({ action: 'decline', reason: reason === '' ? null : reason, content: null }),
    onUnqueue: props.onUnqueue,
  };
}

function commitOf({ detail, draft }: RequestScreenProps): BarCommit {
  const { request } = detail;
  if (request.kind === 'recovery') return recoveryCommit(detail, draft.choice);
  return {
    words: acceptWords[request.kind],
    later: 'Accept when online',
    look: 'primary',
    armed: 'Approve?',
    question: `${plainLine(request.title)}, now?`,
    seen: 'You have seen all the arguments.',
    goes: request.kind === 'approval' ? `Releases the call to ${request.server}` : `Goes to ${request.server}`,
  };
}

function show(args: HTMLElement | null): void {
  args?.scrollIntoView({ block: 'nearest' });
  args?.focus({ preventScroll: true });
}

function useShownDraft({ detail, draft }: RequestScreenProps): RequestDraft {
  return useMemo(() => shownDraft(detail, draft), [detail, draft]);
}

/** Read again only when the question or the draft of it changed: a schema may be large. */
function useFormState({ ask, request }: RequestDetail, { form, json }: RequestDraft): FormState | null {
  return useMemo(
    () => (request.kind === 'form' ? formStateOf(ask, { form, json }) : null),
    [request.kind, ask, form, json],
  );
}

/** What would be sent, or what stands in its way. */
type IntentReadiness =
  | { readonly kind: 'ready'; readonly intent: AnswerIntent }
  | { readonly kind: 'blocked'; readonly words: string };

function readinessOf({ detail, draft }: RequestScreenProps, form: FormState | null): IntentReadiness {
  switch (detail.request.kind) {
    case 'form':
      return accepting(form === null ? { kind: 'ready', content: null } : formReadiness(form));
    case 'sampling':
      return accepting(replyReadiness(draft.reply));
    case 'url':
      return accepting(linkReadiness(draft.link));
    case 'approval':
      return accepting({ kind: 'ready', content: null });
    case 'recovery':
      return recoveryReadiness(draft);
  }
}

function accepting(readiness: Readiness): IntentReadiness {
  if (readiness.kind === 'blocked') return readiness;
  return { kind: 'ready', intent: { action: 'accept', reason: null, content: readiness.content } };
}

/** A form says what is wrong once it was tried; a page to visit and a decision say at once why the button is off. */
function blockedWords(
  { detail, draft }: RequestScreenProps,
  readiness: IntentReadiness,
  attempt: 'none' | 'made',
): string | null {
  if (isRefusedLink(detail)) return 'The address cannot be opened';
  if (readiness.kind === 'ready') return null;
  const { kind } = detail.request;
  if (kind === 'recovery')
    return draft.choice === null ? readiness.words : attempt === 'made' ? '1 field to fix' : null;
  return kind === 'url' || attempt === 'made' ? readiness.words : null;
}

function isRefusedLink({ request, ask }: RequestDetail): boolean {
  return request.kind === 'url' && !checkLink(readElicitation(ask).url ?? '').ok;
}

/** Off where a press could lead nowhere; a form's button leads to what has to be put right. */
function isOff({ detail, draft }: RequestScreenProps, readiness: IntentReadiness): boolean {
  const { kind } = detail.request;
  if (kind === 'recovery') return draft.choice === null;
  return kind === 'url' && (readiness.kind === 'blocked' || isRefusedLink(detail));
}

/** Takes the person to what has to be put right. */
function focusProblem({ detail, draft }: RequestScreenProps, form: FormState | null, formId: string): void {
  if (detail.request.kind === 'recovery') return focusRecovery(recoveryReadiness(draft));
  if (form === null) return document.getElementById('reply')?.focus();
  if (form.kind === 'json') return document.getElementById(`${formId}-json`)?.focus();
  const first = form.fields.find((field) => form.errors.has(field.name));
  if (first !== undefined) focusField(formId, form.fields, first.name);
}
