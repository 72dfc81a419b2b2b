'use client';

import type { ReactNode } from 'react';
import { AnswerForm } from '@/components/form/answer-form';
import { JsonAnswer } from '@/components/form/json-answer';
import { readElicitation } from './ask';
import { withFormDraft } from './draft';
import { LinkBody } from './LinkBody';
import type { FormState } from './readiness';
import type { RequestScreenProps } from './request-props';

export interface AnswerBodyProps extends RequestScreenProps {
  readonly form: FormState | null;
  readonly formId: string;
  readonly attempt: 'none' | 'made';
  /** Why nothing can be entered; null when it can. */
  readonly closed: string | null;
}

/** What a person fills: the form, the JSON editor, or the page to visit. */
export function AnswerBody(props: AnswerBodyProps): ReactNode {
  const { detail, draft, onDraft, form, formId, attempt, closed } = props;
  const { request } = detail;
  if (request.kind === 'url') {
    return (
      <LinkBody
        url={readElicitation(detail.ask).url ?? ''}
        state={draft.link}
        server={request.server}
        may={closed === null ? 'answer' : 'look'}
        onOpened={() => onDraft({ ...draft, link: 'opened' })}
      />
    );
  }
  if (form === null) return null;
  if (form.kind === 'json') {
    return (
      <JsonAnswer
        formId={formId}
        requestedSchema={form.schema}
        reason={form.reason}
        text={form.text}
        errors={form.errors}
        attempt={attempt}
        onChange={(json) => onDraft({ ...draft, json })}
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
      onChange={(values) => onDraft(withFormDraft(draft, values))}
      disabledReason={closed}
    />
  );
}
