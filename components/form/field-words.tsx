'use client';

import { TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import type { ReactElement } from 'react';
import type { FormField } from '@/lib/domain/form/field';
import { errorId, hintId } from '@/components/form/field-props';

const descriptionShownMax = 320;

/** `optional, up to 200 characters` beside a field's name. */
export function NameWords({ field, limits }: { readonly field: FormField; readonly limits: string }): ReactElement {
  const words = [field.required ? '' : 'optional', limits].filter((part) => part !== '').join(', ');
  return (
    <>
      <span className="name-text">{field.label}</span>
      {words === '' ? null : <span className="opt">{words}</span>}
    </>
  );
}

export function FieldError({ id, error }: { readonly id: string; readonly error: string | null }): ReactElement | null {
  if (error === null) return null;
  return (
    <p className="err" id={errorId(id)}>
      <TriangleAlert className="i i-xs" aria-hidden="true" />
      <span>{error}</span>
    </p>
  );
}

interface HintProps {
  readonly id: string;
  readonly field: FormField;
  /** Limits or a reading of what was typed; empty when there is nothing to say. */
  readonly words?: string;
}

export function FieldHints({ id, field, words = '' }: HintProps): ReactElement {
  return (
    <div className="hints" id={hintId(id)}>
      {words === '' ? null : <p className="hint num">{words}</p>}
      {field.description === null ? null : <Description text={field.description} />}
      {field.notes.map((note) => (
        <p className="hint noted" key={note}>
          {note}
        </p>
      ))}
    </div>
  );
}

function Description({ text }: { readonly text: string }): ReactElement {
  const [shown, setShown] = useState<'start' | 'all'>('start');
  if (shown === 'all' || text.length <= descriptionShownMax) return <p className="hint lines">{text}</p>;
  return (
    <p className="hint lines">
      {text.slice(0, descriptionShownMax)}…{' '}
      <button type="button" className="link" onClick={() => setShown('all')}>
        Show all {text.length.toLocaleString('en')} characters
      </button>
    </p>
  );
}
