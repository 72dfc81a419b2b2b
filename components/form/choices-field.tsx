'use client';

import { useState } from 'react';
import type { ReactElement } from 'react';
import type { ChoicesField } from '@/lib/domain/form/field';
import { limitsOf } from '@/lib/domain/form/limit-words';
import { FieldGroup } from '@/components/form/group';
import type { FieldProps } from '@/components/form/field-props';
import { matchingOptions, optionsAtOnce } from '@/components/form/matching-options';
import { OptionWords } from '@/components/form/option-words';

const inSightMax = 7;

interface Props extends FieldProps<ChoicesField> {
  readonly picked: readonly string[] | null;
}

/** Several of the offered. Where none at all is an answer, it is one that has to be given. */
export function ChoicesFieldView({ field, id, picked, error, onChange, onLeave }: Props): ReactElement {
  const [search, setSearch] = useState('');
  const values = picked ?? [];
  const many = field.options.length > inSightMax;
  const matches = matchingOptions(field.options, search);
  const found = matches.slice(0, optionsAtOnce);
  const short = found.every((option) => option.description === null);
  const toggle = (value: string): void => {
    const next = values.includes(value) ? values.filter((entry) => entry !== value) : [...values, value];
    // Unticking the last one is not yet an answer “none” while that choice stands on its own below.
    onChange({ kind: 'choices', values: next.length === 0 && offersNone(field) ? null : next });
  };
  const limits = [limitsOf(field), many && values.length > 0 ? `${values.length} picked` : ''].filter(
    (part) => part !== '',
  );
  return (
    <FieldGroup {...{ field, id, error, onLeave }} limits={limits.join(', ')} of="checkboxes" onClear={null}>
      {many ? (
        <input
          className="input list-search"
          type="search"
          placeholder={`Search ${field.options.length.toLocaleString('en')} choices`}
          aria-label={`Search ${field.label}`}
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
      ) : null}
      <div className={`choices${short ? ' two' : ''}${many ? ' list' : ''}`}>
        {found.map((option) => (
          <label className="choice bare" key={option.value}>
            <input type="checkbox" checked={values.includes(option.value)} onChange={() => toggle(option.value)} />
            <OptionWords option={option} />
          </label>
        ))}
      </div>
      {many ? <p className="hint list-rest">{restWords(matches.length)}</p> : null}
      {offersNone(field) ? (
        <label className="choice bare none">
          <input
            type="checkbox"
            checked={picked !== null && picked.length === 0}
            onChange={(event) => onChange({ kind: 'choices', values: event.target.checked ? [] : null })}
          />
          <span>None of these</span>
        </label>
      ) : null}
    </FieldGroup>
  );
}

const offersNone = (field: ChoicesField): boolean => field.required && field.minItems === 0;

function restWords(matches: number): string {
  if (matches === 0) return 'Nothing matches';
  return matches > optionsAtOnce ? `${(matches - optionsAtOnce).toLocaleString('en')} more; type to narrow` : '';
}
