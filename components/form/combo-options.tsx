'use client';

import { useEffect, useRef } from 'react';
import type { ReactElement } from 'react';
import type { Combo } from '@/components/form/combo-state';
import { OptionWords } from '@/components/form/option-words';

interface Props {
  readonly id: string;
  readonly label: string;
  readonly picked: string | null;
  readonly combo: Combo;
  /** `hidden`: what is sent is an id that says nothing to people. */
  readonly values?: 'shown' | 'hidden';
}

export const listId = (id: string): string => `${id}-list`;
export const optionId = (id: string, index: number): string => `${id}-option-${index}`;

/** The rows under a combobox. The text field keeps the focus and points at a row; these take clicks only. */
export function ComboOptions({ id, label, picked, combo, values = 'shown' }: Props): ReactElement {
  const activeRow = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    activeRow.current?.scrollIntoView({ block: 'nearest' });
  }, [combo.active]);
  return (
    <div className="float combo-list" hidden={combo.shown === 'closed'}>
      <div className="combo-rows" role="listbox" id={listId(id)} aria-label={label}>
        {combo.shown === 'closed'
          ? null
          : combo.found.map((option, index) => (
              <button
                type="button"
                key={option.value}
                id={optionId(id, index)}
                role="option"
                tabIndex={-1}
                aria-selected={option.value === picked}
                data-active={index === combo.active}
                ref={index === combo.active ? activeRow : null}
                // The field keeps the focus, so that picking by pointer is not also leaving.
                onPointerDown={(event) => event.preventDefault()}
                onClick={() => combo.pick(option)}
              >
                <OptionWords option={option} values={values} />
              </button>
            ))}
      </div>
      <output className="hint">{combo.shown === 'closed' ? '' : restWords(combo)}</output>
    </div>
  );
}

function restWords({ found, rest }: Combo): string {
  if (found.length === 0) return 'Nothing matches';
  return rest > 0 ? `${rest.toLocaleString('en')} more; type to narrow` : '';
}
