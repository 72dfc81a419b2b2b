'use client';

import { Lock } from 'lucide-react';
import { useState } from 'react';
import type { ReactElement } from 'react';
import { draftChoice, draftChoices, draftText, draftYesNo, setDraftValue } from '@/lib/domain/form/draft';
import type { DraftValue, FormDraft } from '@/lib/domain/form/draft';
import type { FormField } from '@/lib/domain/form/field';
import type { FieldErrors } from '@/lib/domain/form/read-draft';
import { ChoiceFieldView } from '@/components/form/choice-field';
import { ChoiceListFieldView } from '@/components/form/choice-list-field';
import { ChoicesFieldView } from '@/components/form/choices-field';
import { DateFieldView } from '@/components/form/date-field';
import { fieldId } from '@/components/form/field-id';
import { formRows } from '@/components/form/form-rows';
import { NumberFieldView } from '@/components/form/number-field';
import { TextFieldView } from '@/components/form/text-field';
import { YesNoFieldView } from '@/components/form/yes-no-field';

const radiosMax = 7;

export interface AnswerFormProps {
  /** Unique on the page and stable for the request; `fieldOnPage` finds fields by it. */
  readonly formId: string;
  readonly fields: readonly FormField[];
  readonly draft: FormDraft;
  /** Everything wrong with the draft now; each is shown once its field was left, or after an attempt to send. */
  readonly errors: FieldErrors;
  readonly attempt: 'none' | 'made';
  readonly onChange: (draft: FormDraft) => void;
  /** Why nothing can be entered; null when it can. */
  readonly disabledReason: string | null;
}

/** The form a server asked for. It holds no answer of its own: give it a `key` per request. */
export function AnswerForm(props: AnswerFormProps): ReactElement {
  const { formId, fields, draft, errors, attempt, onChange, disabledReason } = props;
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const reasonId = `${formId}-disabled`;
  const view = (field: FormField, index: number): ReactElement => (
    <FieldView
      key={field.name}
      field={field}
      draft={draft}
      id={fieldId(formId, index)}
      error={attempt === 'made' || left.has(field.name) ? (errors.get(field.name) ?? null) : null}
      onChange={(value) => onChange(setDraftValue(draft, field.name, value))}
      onLeave={() => setLeft((before) => (before.has(field.name) ? before : new Set(before).add(field.name)))}
    />
  );
  return (
    <form
      className="answer-form"
      id={formId}
      aria-label="Answer"
      noValidate
      onSubmit={(event) => event.preventDefault()}
    >
      {disabledReason === null ? null : (
        <p className="note" id={reasonId}>
          <Lock className="i i-sm" aria-hidden="true" />
          <span>{disabledReason}</span>
        </p>
      )}
      {fields.length === 0 ? <p className="hint">Nothing has to be filled in.</p> : null}
      <fieldset
        className="answer-fields"
        aria-label="Fields"
        disabled={disabledReason !== null}
        {...(disabledReason === null ? {} : { 'aria-describedby': reasonId })}
      >
        {formRows(fields).map((row) =>
          row.length === 1 ? (
            row.map(({ field, index }) => view(field, index))
          ) : (
            <div className="cols2" key={row[0]?.field.name}>
              {row.map(({ field, index }) => view(field, index))}
            </div>
          ),
        )}
      </fieldset>
    </form>
  );
}

interface FieldViewProps {
  readonly field: FormField;
  readonly draft: FormDraft;
  readonly id: string;
  readonly error: string | null;
  readonly onChange: (value: DraftValue) => void;
  readonly onLeave: () => void;
}

function FieldView({ field, draft, ...rest }: FieldViewProps): ReactElement {
  switch (field.kind) {
    case 'text':
      return <TextFieldView field={field} text={draftText(draft, field.name)} {...rest} />;
    case 'date':
    case 'date-time':
      return <DateFieldView field={field} text={draftText(draft, field.name)} {...rest} />;
    case 'number':
      return <NumberFieldView field={field} text={draftText(draft, field.name)} {...rest} />;
    case 'yes-no':
      return <YesNoFieldView field={field} value={draftYesNo(draft, field.name)} {...rest} />;
    case 'choice': {
      const View = field.options.length > radiosMax ? ChoiceListFieldView : ChoiceFieldView;
      return <View field={field} picked={draftChoice(draft, field.name)} {...rest} />;
    }
    case 'choices':
      return <ChoicesFieldView field={field} picked={draftChoices(draft, field.name)} {...rest} />;
  }
}
