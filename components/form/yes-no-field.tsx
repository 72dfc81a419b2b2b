'use client';

import type { ReactElement } from 'react';
import type { YesNoField } from '@/lib/domain/form/field';
import { FieldGroup } from '@/components/form/group';
import { described } from '@/components/form/field-props';
import type { FieldProps } from '@/components/form/field-props';
import { FieldHints, NameWords } from '@/components/form/field-words';

interface Props extends FieldProps<YesNoField> {
  readonly value: boolean | null;
}

/** A switch always stands somewhere, so it is shown only where the server said where it starts; else yes and no are both asked. */
export function YesNoFieldView(props: Props): ReactElement {
  return props.field.initial === null ? <YesOrNo {...props} /> : <Switch {...props} />;
}

function Switch({ field, id, value, error, onChange, onLeave }: Props): ReactElement {
  return (
    <div className="toggle">
      <div>
        <label className="medium" htmlFor={id}>
          <NameWords field={{ ...field, required: true }} limits="" />
        </label>
        <FieldHints id={id} field={field} />
      </div>
      <input
        className="switch"
        type="checkbox"
        role="switch"
        id={id}
        checked={value === true}
        aria-checked={value === true}
        onChange={(event) => onChange({ kind: 'yes-no', value: event.target.checked })}
        onBlur={onLeave}
        {...described(id, error)}
      />
    </div>
  );
}

function YesOrNo({ field, id, value, error, onChange, onLeave }: Props): ReactElement {
  const pick = (next: boolean | null): void => onChange({ kind: 'yes-no', value: next });
  const clearable = !field.required && value !== null;
  return (
    <FieldGroup {...{ field, id, error, onLeave }} limits="" of="radios" onClear={clearable ? () => pick(null) : null}>
      <div className="choices pair">
        <label className="choice">
          <input type="radio" name={id} checked={value === true} onChange={() => pick(true)} />
          <span>Yes</span>
        </label>
        <label className="choice">
          <input type="radio" name={id} checked={value === false} onChange={() => pick(false)} />
          <span>No</span>
        </label>
      </div>
    </FieldGroup>
  );
}
