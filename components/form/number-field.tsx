'use client';

import type { ReactElement } from 'react';
import type { NumberField } from '@/lib/domain/form/field';
import { limitsOf, sentence } from '@/lib/domain/form/limit-words';
import { described } from '@/components/form/field-props';
import type { FieldProps } from '@/components/form/field-props';
import { FieldError, FieldHints, NameWords } from '@/components/form/field-words';

interface Props extends FieldProps<NumberField> {
  readonly text: string;
}

/** A text field, not `type=number`: that one drops what it cannot read and changes under the scroll wheel. */
export function NumberFieldView({ field, id, text, error, onChange, onLeave }: Props): ReactElement {
  const wholeFromZero = field.whole === 'whole' && (field.minimum ?? -1) >= 0;
  return (
    <div className="field">
      <label className="name" htmlFor={id}>
        <NameWords field={field} limits="" />
      </label>
      <input
        className="input num"
        type="text"
        inputMode={wholeFromZero ? 'numeric' : 'text'}
        autoComplete="off"
        id={id}
        value={text}
        onChange={(event) => onChange({ kind: 'text', text: event.target.value })}
        onBlur={onLeave}
        aria-required={field.required}
        {...described(id, error)}
      />
      <FieldError id={id} error={error} />
      <FieldHints id={id} field={field} words={sentence(limitsOf(field))} />
    </div>
  );
}
