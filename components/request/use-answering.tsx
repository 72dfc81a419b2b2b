'use client';

import { type ReactNode, useMemo, useRef, useState } from 'react';
import { focusField } from '@/components/form/field-id';
import { type TreeChoices, treeModel } from '@/components/ui/tree-model';
import { clockTime } from '@/components/ui/time-words';
import { plainLine } from '@/lib/domain/form/plain-text';
import { checkLink } from '@/lib/domain/link';
import type { JsonObject } from '@/lib/domain/json';
import type { Claim } from '@/lib/domain/request';
import type { RequestDetail } from '@/lib/domain/request-detail';
import { AnswerBar, type AnswerBarProps } from './AnswerBar';
import { AnswerBody } from './AnswerBody';
import { Arguments } from './Arguments';
import { readElicitation } from './ask';
import {
  closedBecause,
  type FormState,
  formReadiness,
  formStateOf,
  linkReadiness,
  type Readiness,
  replyReadiness,
} from './readiness';
import type { RequestScreenProps } from './request-props';
import { useArming } from './use-arming';
import { firstName } from './words';

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
  const { detail, sending } = props;
  const { request } = detail;
  const [tried, setTried] = useState(false);
  const [choices, setChoices] = useState<TreeChoices>(new Map());
  const args = useRef<HTMLElement>(null);
  const formId = `answer-${request.requestId}`;
  const form = useFormState(props);
  const arming = useArming(
    `${request.requestId} ${request.revision} ${request.digest ?? ''}`,
    hiddenArguments(detail, choices),
  );
  const readiness = readinessOf(props, form);
  const invalid = sending.state === 'refused' && sending.refusal.code === 'invalid_answer';
  const attempt = tried || invalid ? 'made' : 'none';
  const accept = (content: JsonObject | null): void => props.onAnswer({ action: 'accept', reason: null, content });
  const onAccept = (): void => {
    if (request.kind === 'approval')
      return arming.press({ commit: () => accept(null), show: () => show(args.current) });
    setTried(true);
    if (readiness.kind === 'ready') return accept(readiness.content);
    focusProblem(form, formId);
  };
  const pointed = arming.arming.step === 'pointed' ? 'pointed' : 'none';
  const card =
    request.kind !== 'approval' ? null : (
      <Arguments look="card" ref={args} value={detail.arguments} {...{ choices, pointed }} onChoices={setChoices} />
    );
  return {
    body: card ?? <AnswerBody {...props} {...{ form, formId, attempt }} closed={closedBecause(detail)} />,
    after: card,
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
    title: plainLine(request.title),
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

function hiddenArguments({ request, arguments: given }: RequestDetail, choices: TreeChoices): number {
  return request.kind === 'approval' && given !== null ? treeModel(given, choices).hidden.length : 0;
}

function show(args: HTMLElement | null): void {
  args?.scrollIntoView({ block: 'nearest' });
  args?.focus({ preventScroll: true });
}

/** Read again only when the question or the draft of it changed: a schema may be large. */
function useFormState({ detail, draft }: RequestScreenProps): FormState | null {
  const { ask, request } = detail;
  const { form, json } = draft;
  return useMemo(
    () => (request.kind === 'form' ? formStateOf(ask, { form, json }) : null),
    [request.kind, ask, form, json],
  );
}

function readinessOf({ detail, draft }: RequestScreenProps, form: FormState | null): Readiness {
  switch (detail.request.kind) {
    case 'form':
      return form === null ? { kind: 'ready', content: null } : formReadiness(form);
    case 'sampling':
      return replyReadiness(draft.reply);
    case 'url':
      return linkReadiness(draft.link);
    case 'approval':
      return { kind: 'ready', content: null };
    case 'recovery':
      return { kind: 'blocked', words: 'This cannot be answered here yet', problems: 0 };
  }
}

/** A form says what is wrong once it was tried; a page to visit says at once why Accept is off. */
function blockedWords({ detail }: RequestScreenProps, readiness: Readiness, attempt: 'none' | 'made'): string | null {
  if (isRefusedLink(detail)) return 'The address cannot be opened';
  if (readiness.kind === 'ready') return null;
  return detail.request.kind === 'url' || detail.request.kind === 'recovery' || attempt === 'made'
    ? readiness.words
    : null;
}

function isRefusedLink({ request, ask }: RequestDetail): boolean {
  return request.kind === 'url' && !checkLink(readElicitation(ask).url ?? '').ok;
}

/** Off where a press could lead nowhere; a form's button leads to what has to be put right. */
function isOff({ detail }: RequestScreenProps, readiness: Readiness): boolean {
  const { kind } = detail.request;
  return kind === 'recovery' || (kind === 'url' && (readiness.kind === 'blocked' || isRefusedLink(detail)));
}

/** Takes the person to what has to be put right. */
function focusProblem(form: FormState | null, formId: string): void {
  if (form === null) return document.getElementById('reply')?.focus();
  if (form.kind === 'json') return document.getElementById(`${formId}-json`)?.focus();
  const first = form.fields.find((field) => form.errors.has(field.name));
  if (first !== undefined) focusField(formId, form.fields, first.name);
}
