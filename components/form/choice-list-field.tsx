'use client';

import { ChevronsUpDown } from 'lucide-react';
import type { ReactElement } from 'react';
import type { ChoiceField, Option } from '@/lib/domain/form/field';
import { ComboOptions, listId, optionId } from '@/components/form/combo-options';
import { useCombo } from '@/components/form/combo-state';
import { described } from '@/components/form/field-props';
import type { FieldProps } from '@/components/form/field-props';
import { FieldError, FieldHints, NameWords } from '@/components/form/field-words';
import { valueIsSaid } from '@/components/form/option-words';

interface Props extends FieldProps<ChoiceField> {
  readonly picked: string | null;
}

/** One of many: a field that searches a list. Leaving it without a pick changes nothing. */
export function ChoiceListFieldView({ field, id, picked, error, onChange, onLeave }: Props): ReactElement {
  const pickedOption = field.options.find((option) => option.value === picked);
  const combo = useCombo(field.options, pickedOption, (value) => onChange({ kind: 'choice', value }));
  return (
    <div
      className="field"
      onBlur={(event) => {
        if (event.currentTarget.contains(event.relatedTarget)) return;
        combo.close();
        onLeave();
      }}
    >
      <label className="name" htmlFor={id}>
        <NameWords field={field} limits={`${field.options.length.toLocaleString('en')} choices`} />
      </label>
      <div className="affix combo">
        <input
          className="input"
          type="text"
          role="combobox"
          autoComplete="off"
          spellCheck={false}
          id={id}
          aria-expanded={combo.shown === 'open'}
          aria-controls={listId(id)}
          aria-autocomplete="list"
          aria-required={field.required}
          {...(combo.active >= 0 ? { 'aria-activedescendant': optionId(id, combo.active) } : {})}
          {...described(id, error)}
          placeholder={pickedOption?.label ?? 'Type to search'}
          value={combo.text}
          onChange={(event) => combo.type(event.target.value)}
          onFocus={(event) => event.target.select()}
          onClick={combo.open}
          onKeyDown={combo.onKeyDown}
        />
        <span className="post">
          <ChevronsUpDown className="i i-sm" aria-hidden="true" />
        </span>
        <ComboOptions id={id} label={field.label} picked={picked} combo={combo} />
      </div>
      <FieldError id={id} error={error} />
      <FieldHints id={id} field={field} words={pickedValueWords(pickedOption)} />
      {!field.required && picked !== null ? (
        <button type="button" className="link" onClick={() => onChange({ kind: 'choice', value: null })}>
          Clear {field.label}
        </button>
      ) : null}
    </div>
  );
}

const pickedValueWords = (option: Option | undefined): string =>
  option === undefined || valueIsSaid(option) ? '' : `Sent as ${option.value}`;
