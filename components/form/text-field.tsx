'use client';

import type { ChangeEvent, ReactElement } from 'react';
import type { TextField } from '@/lib/domain/form/field';
import { limitsOf } from '@/lib/domain/form/limit-words';
import { described } from '@/components/form/field-props';
import type { FieldProps } from '@/components/form/field-props';
import { FieldError, FieldHints, NameWords } from '@/components/form/field-words';

const oneLineMax = 200;

/** A text offered with line breaks would lose them in a one-line field. */
function isLong(field: TextField): boolean {
  return field.format === 'plain' && ((field.maxLength ?? 0) > oneLineMax || (field.initial ?? '').includes('\n'));
}

interface Props extends FieldProps<TextField> {
  readonly text: string;
}

export function TextFieldView({ field, id, text, error, onChange, onLeave }: Props): ReactElement {
  const shared = {
    id,
    value: text,
    onChange: (event: ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) =>
      onChange({ kind: 'text', text: event.target.value }),
    onBlur: onLeave,
    autoComplete: 'off',
    'aria-required': field.required,
    ...described(id, error),
  };
  const mono = field.pattern === null && field.format !== 'uri' ? '' : ' mono';
  return (
    <div className="field">
      <label className="name" htmlFor={id}>
        <NameWords field={field} limits={limitsOf(field)} />
      </label>
      {isLong(field) ? (
        <textarea className="input grows" rows={3} {...shared} />
      ) : (
        <input
          className={`input${mono}`}
          type="text"
          inputMode={field.format === 'email' ? 'email' : field.format === 'uri' ? 'url' : 'text'}
          autoCapitalize={field.format === 'plain' && mono === '' ? 'sentences' : 'none'}
          spellCheck={field.format === 'plain' && mono === ''}
          {...shared}
        />
      )}
      <FieldError id={id} error={error} />
      <FieldHints id={id} field={field} />
    </div>
  );
}
