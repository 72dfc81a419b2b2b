'use client';

import type { ReactElement, ReactNode } from 'react';
import type { FormField } from '@/lib/domain/form/field';
import { described } from '@/components/form/field-props';
import { FieldError, FieldHints, NameWords } from '@/components/form/field-words';

interface Props {
  readonly field: FormField;
  readonly id: string;
  readonly error: string | null;
  readonly limits: string;
  readonly onLeave: () => void;
  /** What takes the answer back; null when there is nothing to take back. */
  readonly onClear: (() => void) | null;
  readonly of: 'radios' | 'checkboxes';
  readonly children: ReactNode;
}

/** Several inputs under one name. */
export function FieldGroup({ field, id, error, limits, onLeave, onClear, of, children }: Props): ReactElement {
  const { 'aria-describedby': describedBy, 'aria-invalid': invalid } = described(id, error);
  return (
    <fieldset
      className="field"
      id={id}
      aria-describedby={describedBy}
      {...(of === 'radios' ? { role: 'radiogroup', 'aria-invalid': invalid, 'aria-required': field.required } : {})}
      data-invalid={invalid}
    >
      <legend>
        <NameWords field={field} limits={limits} />
      </legend>
      <div
        className="group-body"
        onBlur={(event) => {
          if (!event.currentTarget.contains(event.relatedTarget)) onLeave();
        }}
      >
        {children}
      </div>
      <div className="under">
        <FieldError id={id} error={error} />
        <FieldHints id={id} field={field} />
        {onClear === null ? null : (
          <button type="button" className="link" onClick={onClear}>
            Clear {field.label}
          </button>
        )}
      </div>
    </fieldset>
  );
}
