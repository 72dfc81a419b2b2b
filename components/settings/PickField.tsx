'use client';

import { type KeyboardEvent, type ReactNode, useId } from 'react';
import ChevronsUpDown from 'lucide-react/icons/chevrons-up-down';
import { ComboOptions, listId, optionId } from '@/components/form/combo-options';
import { type Combo, useCombo } from '@/components/form/combo-state';
import { Icon } from '@/components/ui/Icon';
import type { Option } from '@/lib/domain/form/field';

export type PickOption = Option;

export interface PickFieldProps {
  readonly label: string;
  readonly options: readonly PickOption[];
  readonly picked: string | null;
  readonly placeholder?: string;
  readonly hint?: ReactNode;
  readonly onPick: (value: string) => void;
}

/** One of many: a text field that searches a list. Leaving it without a pick changes nothing. */
export function PickField({ label, options, picked, placeholder, hint, onPick }: PickFieldProps): ReactNode {
  const id = useId();
  const pickedOption = options.find(({ value }) => value === picked);
  const combo = useCombo(options, pickedOption, onPick);
  return (
    <div
      className="field"
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) combo.close();
      }}
    >
      <label className="name" htmlFor={id}>
        {label}
      </label>
      <div className="affix combo st-pick">
        <input
          id={id}
          className="input"
          type="text"
          role="combobox"
          autoComplete="off"
          spellCheck={false}
          aria-expanded={combo.shown === 'open'}
          aria-controls={listId(id)}
          aria-autocomplete="list"
          aria-describedby={hint === undefined ? undefined : `${id}-hint`}
          {...(combo.active >= 0 ? { 'aria-activedescendant': optionId(id, combo.active) } : {})}
          placeholder={pickedOption?.label ?? placeholder ?? 'Type to search'}
          value={combo.text}
          onChange={(event) => combo.type(event.target.value)}
          onFocus={(event) => event.target.select()}
          onClick={combo.open}
          onKeyDown={(event) => keysOf(combo, event)}
        />
        <span className="post">
          <Icon of={ChevronsUpDown} size="sm" />
        </span>
        <ComboOptions id={id} label={label} picked={picked} combo={combo} values="hidden" />
      </div>
      {hint === undefined ? null : (
        <div id={`${id}-hint`} className="hint">
          {hint}
        </div>
      )}
    </div>
  );
}

/** An open list takes Esc for itself: a dialog around it stays. */
function keysOf(combo: Combo, event: KeyboardEvent): void {
  if (event.key !== 'Enter' || combo.shown === 'open') combo.onKeyDown(event);
}
