import type { DraftValue } from '@/lib/domain/form/draft';

export interface FieldProps<Field> {
  readonly field: Field;
  /** Unique on the page; the hint and the error derive theirs from it. */
  readonly id: string;
  /** What is wrong, when it is time to say so. */
  readonly error: string | null;
  readonly onChange: (value: DraftValue) => void;
  readonly onLeave: () => void;
}

export const errorId = (id: string): string => `${id}-error`;
export const hintId = (id: string): string => `${id}-hint`;

export interface Described {
  readonly 'aria-describedby': string;
  readonly 'aria-invalid': boolean;
}

export function described(id: string, error: string | null): Described {
  return {
    'aria-describedby': error === null ? hintId(id) : `${errorId(id)} ${hintId(id)}`,
    'aria-invalid': error !== null,
  };
}
