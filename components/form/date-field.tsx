'use client';

import { useState } from 'react';
import type { ReactElement } from 'react';
import { dayWords } from '@/lib/domain/form/date-words';
import type { DateField, DateTimeField } from '@/lib/domain/form/field';
import { localDate, localInput, withLocalOffset } from '@/lib/domain/form/local-time';
import { isDate } from '@/lib/domain/form/text-formats';
import { described } from '@/components/form/field-props';
import type { FieldProps } from '@/components/form/field-props';
import { FieldError, FieldHints, NameWords } from '@/components/form/field-words';

/** Kept in the draft while a native field holds half a date: to the page such a field looks empty, and would be left out. */
const halfTyped = 'not a whole date';

interface Props extends FieldProps<DateField | DateTimeField> {
  readonly text: string;
}

export function DateFieldView({ field, id, text, error, onChange, onLeave }: Props): ReactElement {
  const [today] = useState(() => localDate(Date.now()));
  const withTime = field.kind === 'date-time';
  const shown = withTime ? localInput(text) : isDate(text) ? text : '';
  const words = withTime ? (shown === '' ? '' : `Sent as ${text}`) : dayWords(text, today);
  const leave = (input: HTMLInputElement): void => {
    if (input.validity.badInput) onChange({ kind: 'text', text: halfTyped });
    else if (input.value === '' && text === halfTyped) onChange({ kind: 'text', text: '' });
    onLeave();
  };
  return (
    <div className="field">
      <label className="name" htmlFor={id}>
        <NameWords field={field} limits={withTime ? 'your time zone' : ''} />
      </label>
      <input
        className="input num"
        type={withTime ? 'datetime-local' : 'date'}
        id={id}
        value={shown}
        onChange={({ target: { value } }) =>
          onChange({ kind: 'text', text: withTime ? (withLocalOffset(value) ?? '') : value })
        }
        onBlur={(event) => leave(event.currentTarget)}
        aria-required={field.required}
        {...described(id, error)}
      />
      <FieldError id={id} error={error} />
      <FieldHints id={id} field={field} words={words} />
    </div>
  );
}
