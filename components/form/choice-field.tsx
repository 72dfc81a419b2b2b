'use client';

import type { ReactElement } from 'react';
import type { ChoiceField, Option } from '@/lib/domain/form/field';
import { FieldGroup } from '@/components/form/group';
import type { FieldProps } from '@/components/form/field-props';
import { OptionWords, valueIsSaid } from '@/components/form/option-words';

interface Props extends FieldProps<ChoiceField> {
  readonly picked: string | null;
}

const besideMax = 54;

/** Notes stand beside the names only where every one of them fits there. */
function fitsBeside(options: readonly Option[]): boolean {
  return options.every(
    (option) => valueIsSaid(option) && (option.label + (option.description ?? '')).length <= besideMax,
  );
}

/** One of a few: every choice is in sight. */
export function ChoiceFieldView({ field, id, picked, error, onChange, onLeave }: Props): ReactElement {
  const pick = (value: string | null): void => onChange({ kind: 'choice', value });
  const line = fitsBeside(field.options) ? 'choice line' : 'choice';
  const clearable = !field.required && picked !== null;
  return (
    <FieldGroup {...{ field, id, error, onLeave }} limits="" of="radios" onClear={clearable ? () => pick(null) : null}>
      <div className="choices">
        {field.options.map((option) => (
          <label className={line} key={option.value}>
            <input type="radio" name={id} checked={picked === option.value} onChange={() => pick(option.value)} />
            <OptionWords option={option} />
          </label>
        ))}
      </div>
    </FieldGroup>
  );
}
