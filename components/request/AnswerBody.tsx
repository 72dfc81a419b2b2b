'use client';

import type { ReactNode } from 'react';
import { AnswerForm } from '@/components/form/answer-form';
import { JsonAnswer } from '@/components/form/json-answer';
import { readElicitation } from './ask';
import { type RequestDraft, withFormDraft } from './draft';
import { EarlierNote } from './EarlierNote';
import { byHand } from './earlier';
import { LinkBody } from './LinkBody';
import { type FormState, isGiven } from './readiness';
import { RecoveryBody } from './RecoveryBody';
import { RecoveryFacts } from './RecoveryFacts';
import { askedBefore } from './recovery-answering';
import { recoveryReadiness } from './recovery-choice';
import type { RequestScreenProps } from './request-props';

export interface AnswerBodyProps extends RequestScreenProps {
  /** The draft, with an earlier answer filled in where nothing was touched. */
  readonly shown: RequestDraft;
  readonly form: FormState | null;
  readonly formId: string;
  readonly attempt: 'none' | 'made';
  /** The arguments, where they are what is decided on. */
  readonly card: ReactNode;
  /** Why nothing can be entered; null when it can. */
  readonly closed: string | null;
}

/** What a person fills: the form, the JSON editor, the page to visit, or what to decide on. */
export function AnswerBody(props: AnswerBodyProps): ReactNode {
  const { detail, draft, onDraft, card, closed } = props;
  const { request } = detail;
  switch (request.kind) {
    case 'approval':
      return card;
    case 'recovery':
      return (
        <Given {...props}>
          <Decision {...props} />
        </Given>
      );
    case 'url':
      return (
        <LinkBody
          url={readElicitation(detail.ask).url ?? ''}
          state={draft.link}
          server={request.server}
          may={closed === null ? 'answer' : 'look'}
          assignee={assigneeOf(props)}
          ends={request.elicitationId === null ? 'by_hand' : 'by_itself'}
          onOpened={() => onDraft({ ...draft, link: 'opened' })}
        />
      );
    case 'form':
      return (
        <>
          <EarlierNote {...props} />
          <Given {...props}>
            <Fields {...props} />
          </Given>
        </>
      );
    case 'sampling':
      return null;
  }
}

/** What is shown is what is sent: once the answer was given it is taken back before it is changed. */
function Given({ sending, children }: AnswerBodyProps & { readonly children: ReactNode }): ReactNode {
  return (
    <fieldset className="as-if-absent" disabled={isGiven(sending)}>
      {children}
    </fieldset>
  );
}

/** Whoever opens it may sign in there as themselves: it should be the person the agent acts for. */
function assigneeOf({ detail: { request, summary }, me }: AnswerBodyProps): { readonly words: string } | null {
  const { assignedTo } = request;
  if (assignedTo === null) return null;
  const agent = summary.session.agent.name;
  return assignedTo.id === me.id
    ? { words: `This is for you: ${agent} acts for you, and what is done there is done in your name.` }
    : { words: `This is for ${assignedTo.name}, for whom ${agent} acts. Open it only if you stand in for them.` };
}

function Decision({ detail, draft, onDraft, attempt, card, closed, clockOffsetMs }: AnswerBodyProps): ReactNode {
  const { request, summary } = detail;
  return (
    <>
      <RecoveryFacts detail={detail} clockOffsetMs={clockOffsetMs} />
      <RecoveryBody
        draft={draft}
        onDraft={onDraft}
        asker={{ server: request.server, agent: summary.session.agent.name }}
        call={{ risk: request.risk, asked: askedBefore(detail) }}
        readiness={recoveryReadiness(draft)}
        attempt={attempt}
        closed={closed}
      />
      {card}
    </>
  );
}

function Fields({ detail, draft, onDraft, form, formId, attempt, closed }: AnswerBodyProps): ReactNode {
  if (form === null) return null;
  if (form.kind === 'json') {
    return (
      <JsonAnswer
        formId={formId}
        requestedSchema={form.schema}
        reason={form.reason}
        text={form.text}
        errors={form.errors}
        check={form.check}
        attempt={attempt}
        onChange={(json) => onDraft(byHand(detail, { ...draft, json }))}
        disabledReason={closed}
      />
    );
  }
  return (
    <AnswerForm
      formId={formId}
      fields={form.fields}
      draft={form.draft}
      errors={form.errors}
      attempt={attempt}
      onChange={(values) => onDraft(byHand(detail, withFormDraft(draft, values)))}
      disabledReason={closed}
    />
  );
}
