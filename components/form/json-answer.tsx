'use client';

import { Info, Lock, TriangleAlert } from 'lucide-react';
import { useRef, useState } from 'react';
import type { ReactElement } from 'react';
import { emptyJsonAnswer, type LineError } from '@/lib/domain/form/json-answer';
import { errorId, hintId } from '@/components/form/field-props';

const errorsShownMax = 5;

export interface JsonAnswerProps {
  readonly formId: string;
  /** The schema exactly as the server sent it. */
  readonly requestedSchema: unknown;
  /** Why it is not drawn as a form. */
  readonly reason: string;
  readonly text: string;
  readonly errors: readonly LineError[];
  /** `none`: no answer can be checked against the schema, and what cannot be checked is not sent. */
  readonly check: 'possible' | 'none';
  readonly attempt: 'none' | 'made';
  readonly onChange: (text: string) => void;
  readonly disabledReason: string | null;
}

/** For a schema that cannot be drawn: the schema as it came, and an editor checked against it. */
export function JsonAnswer(props: JsonAnswerProps): ReactElement {
  const { formId, requestedSchema, reason, text, errors, check, attempt, onChange, disabledReason } = props;
  const [left, setLeft] = useState<'not-yet' | 'once'>('not-yet');
  const shown = attempt === 'made' || left === 'once' ? errors.slice(0, errorsShownMax) : [];
  return (
    <form
      className="answer-form"
      id={formId}
      aria-label="Answer"
      noValidate
      onSubmit={(event) => event.preventDefault()}
    >
      <p className="note" id={hintId(formId)}>
        <Info className="i i-sm" aria-hidden="true" />
        <span>
          {reason}.{' '}
          {check === 'possible'
            ? 'Answer as JSON; it is checked against the schema.'
            : 'No answer can be checked against it, so none can be accepted: decline it and say why.'}
        </span>
      </p>
      {disabledReason === null ? null : (
        <p className="note">
          <Lock className="i i-sm" aria-hidden="true" />
          <span>{disabledReason}</span>
        </p>
      )}
      {check === 'none' ? null : (
        <JsonEditor {...{ formId, text, onChange, disabledReason }} errors={shown} onLeave={() => setLeft('once')} />
      )}
      {check === 'none' || shown.length === 0 ? null : (
        <ul className="stack json-errors" id={errorId(formId)}>
          {shown.map((error) => (
            <li className="err" key={`${error.line} ${error.message}`}>
              <TriangleAlert className="i i-xs" aria-hidden="true" />
              <span>
                Line {error.line}: {error.message}.
              </span>
            </li>
          ))}
        </ul>
      )}
      <SchemaView requestedSchema={requestedSchema} />
    </form>
  );
}

interface EditorProps {
  readonly formId: string;
  readonly text: string;
  readonly errors: readonly LineError[];
  readonly onChange: (text: string) => void;
  readonly onLeave: () => void;
  readonly disabledReason: string | null;
}

function JsonEditor({ formId, text, errors, onChange, onLeave, disabledReason }: EditorProps): ReactElement {
  const gutter = useRef<HTMLDivElement>(null);
  const lines = text.split('\n').length;
  const bad = new Set(errors.map((error) => error.line));
  return (
    <div className="json-editor" data-invalid={errors.length > 0}>
      <div className="json-lines mono" aria-hidden="true" ref={gutter}>
        {Array.from({ length: lines }, (_, index) => (
          <div key={index} className={bad.has(index + 1) ? 'bad' : undefined}>
            {index + 1}
          </div>
        ))}
      </div>
      <textarea
        className="mono"
        id={`${formId}-json`}
        aria-label="Answer as JSON"
        aria-describedby={errors.length === 0 ? hintId(formId) : `${errorId(formId)} ${hintId(formId)}`}
        aria-invalid={errors.length > 0}
        rows={Math.min(20, Math.max(5, lines))}
        wrap="off"
        spellCheck={false}
        autoCapitalize="none"
        autoComplete="off"
        value={text}
        disabled={disabledReason !== null}
        onChange={(event) => onChange(event.target.value)}
        onFocus={(event) => toStart(event.currentTarget)}
        onBlur={onLeave}
        onScroll={(event) => gutter.current?.style.setProperty('translate', `0 -${event.currentTarget.scrollTop}px`)}
      />
    </div>
  );
}

/** Nothing typed yet: what is typed first belongs between the braces. */
function toStart(editor: HTMLTextAreaElement): void {
  if (editor.value !== emptyJsonAnswer) return;
  const inside = emptyJsonAnswer.lastIndexOf('\n');
  editor.setSelectionRange(inside, inside);
}

/** Drawn only when asked for: a hostile schema may be megabytes long. */
function SchemaView({ requestedSchema }: { readonly requestedSchema: unknown }): ReactElement {
  const [shown, setShown] = useState<'hidden' | 'part' | 'all'>('hidden');
  const whole = shown === 'hidden' ? '' : schemaText(requestedSchema);
  const cut = shown === 'part' && whole.length > schemaShownMax;
  return (
    <div className="stack">
      <div className="row wrap">
        <button
          type="button"
          className="btn"
          aria-expanded={shown !== 'hidden'}
          onClick={() => setShown(shown === 'hidden' ? 'part' : 'hidden')}
        >
          {shown === 'hidden' ? 'Show schema' : 'Hide schema'}
        </button>
        {cut ? (
          <button type="button" className="btn ghost" onClick={() => setShown('all')}>
            Show all {whole.length.toLocaleString('en')} characters
          </button>
        ) : null}
      </div>
      {shown === 'hidden' ? null : (
        <textarea
          className="schema mono"
          aria-label="Schema"
          readOnly
          rows={14}
          value={cut ? `${whole.slice(0, schemaShownMax)}…` : whole}
        />
      )}
    </div>
  );
}

const schemaShownMax = 20_000;

function schemaText(requestedSchema: unknown): string {
  try {
    return JSON.stringify(requestedSchema, null, 2) ?? 'The server sent no schema';
  } catch {
    return 'This schema is nested too deep to be shown';
  }
}
