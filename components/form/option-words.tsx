import type { ReactElement } from 'react';
import type { Option } from '@/lib/domain/form/field';

export function valueIsSaid({ label, value }: Option): boolean {
  return value === '' || label.toLowerCase() === value.toLowerCase();
}

/** The name a person reads, and beside it the value that is sent when the two differ. */
export function OptionWords({
  option,
  values = 'shown',
}: {
  readonly option: Option;
  readonly values?: 'shown' | 'hidden';
}): ReactElement {
  return (
    <>
      <span className="option">
        {option.label}
        {values === 'hidden' || valueIsSaid(option) ? null : (
          <span className="mono t3 value">{` ${option.value}`}</span>
        )}
      </span>
      {option.description === null ? null : <small>{option.description}</small>}
    </>
  );
}
