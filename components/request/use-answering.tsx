'use client';

import { type ReactNode, useMemo, useRef, useState } from 'react';
import { fieldOnPage } from '@/components/form/field-id';
import { showAll, type TreeChoices, treeModel } from '@/components/ui/tree-model';
import { clockTime } from '@/components/ui/time-words';
import { plainLine } from '@/lib/domain/form/plain-text';
import type { RequestKind } from '@/lib/domain/event';
import { isPageFirst } from '@/lib/domain/permit';
import type { Claim } from '@/lib/domain/request';
import type { RequestDetail } from '@/lib/domain/request-detail';
import { AnswerBar } from './AnswerBar';
import type { AcceptBy, AnswerBarProps, BarCommit } from './answer-bar-props';
import { AnswerBody } from './AnswerBody';
import { approvalBlocked, approvalCommit, becauseId, ownVote } from './approval-answering';
import { ApprovalParts, type Opened, useApprovalParts } from './ApprovalParts';
import { Arguments } from './Arguments';
import { askedAs } from './asked-as';
import type { RequestDraft } from './draft';
import { shownDraft } from './earlier';
import { enterField, pointAtField } from './lead-to';
import { cannotAccept } from './cannot-accept';
import { closedBecause, type FormState, formReadiness, formStateOf, linkReadiness, type Readiness } from './readiness';
import { RecoveryFacts } from './RecoveryFacts';
import { maskedNames, withMasked } from './masked-values';
import { pagesLeft, pagesWords } from './not-run-words';
import { needsArming, recoveryCommit, recoveryKeys, recoveryProblem } from './recovery-answering';
import { recoveryReadiness } from './recovery-choice';
import { type DeclineAgain, fieldsOf, rememberNames } from './remember-words';
import type { AnswerIntent, RequestScreenProps } from './request-props';
import { isPlain, termsOf } from './quorum';
import { replyFrom, samplingReadiness } from './sampling-reply';
import { shownArguments } from './shown-arguments';
import { useArming } from './use-arming';
import { acceptWords } from './answer-words';
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
  const { detail, draft, sending } = props;
  const { request } = detail;
  const [tried, setTried] = useState(false);
  const formId = `answer-${request.requestId}`;
  const shown = useShownDraft(props);
  const form = useFormState(detail, shown);
  const cannot = useMemo(() => cannotAccept(detail), [detail]);
  const parts = useApprovalParts(props);
  const arms = isArmed(props);
  const judged = useJudged(detail);
  const arming = useArming(`${request.requestId} ${request.revision} ${request.digest ?? ''} ${draft.choice ?? ''}`, {
    hidden: arms ? judged.hidden : 0,
    risk: request.risk,
  });
  const readiness = readinessOf({ ...props, draft: shown }, form);
  const invalid = sending.state === 'refused' && sending.refusal.code === 'invalid_answer';
  const attempt = tried || invalid ? 'made' : 'none';
  const problem = (): HTMLElement | null => problemOf(props, form, formId);
  const onAccept = (by: AcceptBy): void => {
    setTried(true);
    if (readiness.kind === 'blocked') return by === 'letter' ? pointAtField(problem()) : enterField(problem());
    const commit = (): void => props.onAnswer(readiness.intent);
    if (arms) arming.press({ commit, show: judged.show });
    else commit();
  };
  const card = judged.card(arming.arming.step === 'pointed' ? 'pointed' : 'none', parts.onEdit);
  const facts = barFacts(props, others);
  const body =
    request.kind === 'approval' ? (
      <ApprovalParts {...props} parts={parts} card={card} attempt={attempt} />
    ) : (
      <AnswerBody {...props} {...{ shown, form, formId, attempt, card }} closed={closedBecause(detail)} />
    );
  return {
    body,
    after: afterOf(props, card),
    bar:
      parts.editing !== 'closed' ? null : (
        <AnswerBar
          {...facts}
          keys={[...facts.keys, ...parts.keys]}
          commit={withMasked(withMemory(facts.commit, parts.remembering, draft), judged.masked)}
          masked={arms ? judged.masked : null}
          blocked={cannot?.blocked ?? blockedWords({ ...props, draft: shown }, readiness, attempt)}
          onMissing={attempt === 'made' && readiness.kind === 'blocked' ? () => enterField(problem()) : null}
          off={cannot !== null || isOff(props, readiness) ? 'off' : 'on'}
          arming={arming.arming}
          unseen={arms ? judged.hidden : 0}
          onAccept={onAccept}
          onNotYet={arming.notYet}
          onShowAll={judged.onShowAll}
        />
      ),
  };
}

interface Judged {
  /** How many of the values are not fully shown. */
  readonly hidden: number;
  /** Those that are masked, by name; null when none is. */
  readonly masked: string | null;
  readonly card: (pointed: 'pointed' | 'none', onEdit: (() => void) | null) => ReactNode;
  /** Brings the arguments into view. */
  readonly show: () => void;
  readonly onShowAll: () => void;
}

/** The arguments, where they are what is decided on: as they would be sent (I6). */
function useJudged(detail: RequestDetail): Judged {
  const { request } = detail;
  const [choices, setChoices] = useState<TreeChoices>(new Map());
  const args = useRef<HTMLElement>(null);
  const value = shownArguments(detail);
  const judges = judgesArguments(request.kind);
  const { hidden, names } = useMemo(() => {
    if (!judges || value === null) return { hidden: 0, names: null };
    const model = treeModel(value, choices);
    return { hidden: model.hidden.length, names: maskedNames(model) };
  }, [judges, value, choices]);
  return {
    hidden,
    masked: names,
    card: (pointed, onEdit) =>
      judges ? (
        <Arguments
          look="card"
          ref={args}
          value={value}
          marked={request.edited}
          onEdit={onEdit}
          {...{ choices, pointed }}
          onChoices={setChoices}
        />
      ) : null,
    show: () => show(args.current),
    onShowAll: () => {
      if (value !== null) setChoices(showAll(value, choices));
      show(args.current);
    },
  };
}

/** What stays readable once it is over. */
function afterOf(props: RequestScreenProps, card: ReactNode): ReactNode {
  if (props.detail.request.kind === 'approval')
    return <ApprovalParts {...props} parts={null} card={card} attempt="none" />;
  if (props.detail.request.kind !== 'recovery') return card;
  return (
    <>
      <RecoveryFacts detail={props.detail} clockOffsetMs={props.clockOffsetMs} />
      {card}
    </>
  );
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

type BarFacts = Omit<
  AnswerBarProps,
  'blocked' | 'off' | 'arming' | 'unseen' | 'masked' | 'onMissing' | 'onAccept' | 'onNotYet' | 'onShowAll'
>;

/** What the bar takes straight from the request and its container. */
function barFacts(props: RequestScreenProps, { claim, rival }: Others): BarFacts {
  const { detail, draft } = props;
  const { request, summary } = detail;
  const reason = draft.reason.trim();
  return {
    subject: `${request.requestId} ${request.revision}`,
    kind: askedAs(detail),
    asker: { server: request.server, agent: summary.session.agent.name },
    commit: commitOf(props),
    decline: request.kind === 'recovery' ? 'in_body' : 'here',
    keys: request.kind === 'recovery' ? recoveryKeys(props) : [],
    closed: closedBecause(detail),
    read: props.read,
    reach: props.reach,
    sending: props.sending,
    voted: ownVote(props),
    shares: request.kind === 'approval' && !isPlain(termsOf(request)) ? 'votes' : 'decides',
    reason: draft.reason,
    rival: rival === null ? null : firstName(rival),
    claimed: claim === null ? null : `${firstName(claim.by.name)} is answering this, until ${clockTime(claim.untilAt)}`,
    onReason: (text) => props.onDraft({ ...draft, reason: text }),
    again: againOf(detail),
    onDecline: (remember) =>
      props.onAnswer({ action: 'decline', reason: reason === '' ? null : reason, content: null, remember }),
    onUnqueue: () => props.onUnqueue(),
    undoKey: props.lastUnsent === request.requestId ? 'here' : 'elsewhere',
    onNext: props.onNext,
  };
}

/** A decline is remembered where a choice may be, and this person's alone decides it. */
function againOf(detail: RequestDetail): DeclineAgain | null {
  const { request, allowed } = detail;
  if (request.kind !== 'approval' || request.tool === null || !allowed.remember.ok) return null;
  if (termsOf(request).denials !== 1) return null;
  return { tool: request.tool, fields: fieldsOf(shownArguments(detail)) };
}

/** What is remembered with it, said where it is committed. */
function withMemory(commit: BarCommit, remembering: Opened, { remember }: RequestDraft): BarCommit {
  if (remembering === 'closed') return commit;
  const memory =
    remember === null
      ? 'Nothing is remembered: no time was chosen.'
      : `Remembered: ${rememberNames[remember.for].toLowerCase()}.`;
  return { ...commit, seen: `${memory} ${commit.seen}`, goes: memory };
}

function commitOf(props: RequestScreenProps): BarCommit {
  const { detail, draft } = props;
  const { request } = detail;
  if (request.kind === 'recovery') return recoveryCommit(detail, draft.choice);
  const plain: BarCommit = {
    words: request.kind === 'sampling' ? replyWords[replyFrom(draft)] : acceptWords[request.kind],
    later: 'Accept when online',
    look: 'primary',
    armed: 'Approve?',
    question: `${plainLine(request.title)}, now?`,
    seen: 'All the arguments are shown above.',
    goes: goesTo(detail),
  };
  return request.kind === 'approval' ? approvalCommit(props, plain) : plain;
}

function goesTo(detail: RequestDetail): string {
  const { request } = detail;
  if (!isPageFirst(request)) return `Goes to ${request.server}`;
  const left = pagesLeft(detail);
  return left === 0 ? `Sends the call to ${request.server} again` : `Then it waits for ${pagesWords(left)}`;
}

const replyWords: { readonly [F in ReturnType<typeof replyFrom>]: string } = {
  person: acceptWords.sampling,
  model: 'Accept draft',
  edited: 'Accept edited reply',
};

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
      return accepting(samplingReadiness(draft));
    case 'url':
      return accepting(linkReadiness(draft.link));
    case 'approval':
      return approvalReadiness(detail, draft);
    case 'recovery':
      return recoveryReadiness(draft);
  }
}

function accepting(readiness: Readiness): IntentReadiness {
  if (readiness.kind === 'blocked') return readiness;
  return { kind: 'ready', intent: { action: 'accept', reason: null, content: readiness.content, remember: null } };
}

function approvalReadiness(detail: RequestDetail, { because, remember }: RequestDraft): IntentReadiness {
  const blocked = approvalBlocked(detail, because);
  if (blocked !== null) return { kind: 'blocked', words: blocked.words };
  const reason = because.trim();
  const kept = detail.allowed.remember.ok ? remember : null;
  return {
    kind: 'ready',
    intent: { action: 'accept', reason: reason === '' ? null : reason, content: null, remember: kept },
  };
}

/** A form says what is wrong once it was tried; a page to visit and a decision say at once why the button is off. */
function blockedWords(
  { detail, draft }: RequestScreenProps,
  readiness: IntentReadiness,
  attempt: 'none' | 'made',
): string | null {
  if (readiness.kind === 'ready') return null;
  const { kind } = detail.request;
  if (kind === 'approval') return attempt === 'made' || !detail.allowed.approve.ok ? readiness.words : null;
  if (kind === 'recovery')
    return draft.choice === null ? readiness.words : attempt === 'made' ? '1 field to fix' : null;
  return kind === 'url' || attempt === 'made' ? readiness.words : null;
}

/** Off where a press could lead nowhere; a form's button leads to what has to be put right. */
function isOff({ detail, draft }: RequestScreenProps, readiness: IntentReadiness): boolean {
  const { kind } = detail.request;
  if (kind === 'recovery') return draft.choice === null;
  if (kind === 'approval') return !detail.allowed.approve.ok;
  return kind === 'url' && readiness.kind === 'blocked';
}

/** Where what stands in the way is put right. */
function problemOf({ detail, draft }: RequestScreenProps, form: FormState | null, formId: string): HTMLElement | null {
  if (detail.request.kind === 'recovery') return recoveryProblem(recoveryReadiness(draft));
  if (detail.request.kind === 'approval') return document.getElementById(becauseId);
  if (form === null) return document.getElementById('reply');
  if (form.kind === 'json') return document.getElementById(`${formId}-json`);
  const first = form.fields.find((field) => form.errors.has(field.name));
  return first === undefined ? null : fieldOnPage(formId, form.fields, first.name);
}
