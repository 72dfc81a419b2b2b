'use client';

import { type ReactNode, useId, useRef } from 'react';
import Check from 'lucide-react/icons/check';
import { Icon } from '@/components/ui/Icon';
import { visibleText } from '@/components/ui/visible-text';
import { placeAt } from '@/lib/domain/policy/words';
import type { RuleProblem } from '@/lib/protocol/command/rules';
import { examples, variables } from './condition-words';
import { Problem } from './fields';

export interface ConditionFieldProps {
  readonly value: string;
  /** What is wrong before the server is asked. */
  readonly own: string | null;
  readonly found: RuleProblem | null;
  readonly state: 'checking' | 'checked' | 'unknown';
  readonly onValue: (value: string) => void;
}

export function ConditionField({ value, own, found, state, onValue }: ConditionFieldProps): ReactNode {
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const isWrong = own !== null || found !== null;
  const insert = (text: string): void => {
    const input = area.current;
    const [start, end] = input === null ? [value.length, value.length] : [input.selectionStart, input.selectionEnd];
    const before = value.slice(0, start);
    const piece = before === '' || /[\s(!]$/.test(before) ? text : ` ${text}`;
    onValue(`${before}${piece}${value.slice(end)}`);
    const at = start + piece.length;
    requestAnimationFrame(() => {
      area.current?.focus();
      area.current?.setSelectionRange(at, at);
    });
  };
  return (
    <div className="field" data-problem={isWrong ? 'yes' : undefined}>
      <label className="name" htmlFor={id}>
        Condition <span className="opt">CEL: for which calls</span>
        <span className="grow" />
        <CheckState state={state} look={isWrong ? 'wrong' : value.trim() === '' ? 'none' : 'right'} />
      </label>
      <textarea
        ref={area}
        id={id}
        className="input mono rl-when"
        rows={Math.min(10, Math.max(3, value.split('\n').length + 1))}
        value={value}
        maxLength={4_000}
        spellCheck={false}
        autoComplete="off"
        autoCapitalize="off"
        placeholder={'server.name == "payments" && !tool.readOnly'}
        aria-invalid={isWrong}
        aria-describedby={`${id}-found`}
        onChange={(event) => onValue(event.target.value)}
      />
      <div id={`${id}-found`} aria-live="polite">
        {own === null ? null : <Problem>{own}</Problem>}
        {found === null || own !== null ? null : <Found text={value} problem={found} />}
      </div>
      <Names onInsert={insert} />
    </div>
  );
}

function CheckState({
  state,
  look,
}: {
  readonly state: ConditionFieldProps['state'];
  readonly look: 'wrong' | 'right' | 'none';
}): ReactNode {
  if (state === 'unknown') return <span className="opt">could not be checked</span>;
  if (state === 'checking') return <span className="opt">checking</span>;
  if (look !== 'right') return null;
  return (
    <span className="opt rl-fine">
      <Icon of={Check} size="xs" /> can be read
    </span>
  );
}

/** The line with the error, its place underlined and pointed at. */
function Found({ text, problem }: { readonly text: string; readonly problem: RuleProblem }): ReactNode {
  const place = problem.at === null ? null : placeAt(text, problem.at.offset);
  return (
    <div className="rl-found">
      {place === null ? null : (
        <div className="rl-found-line mono">
          <span className="t3" aria-hidden="true">
            {place.line}
          </span>
          <pre>
            {visibleText(place.before)}
            <mark>{place.at}</mark>
            {visibleText(place.after)}
            {'\n'}
            <span className="rl-caret" aria-hidden="true">
              {' '.repeat(visibleText(place.before).length)}
              {'^'.repeat(place.at.length)}
            </span>
          </pre>
        </div>
      )}
      <Problem>
        {place === null ? '' : `Line ${place.line}, column ${place.column}: `}
        {problem.message}
      </Problem>
    </div>
  );
}

function Names({ onInsert }: { readonly onInsert: (text: string) => void }): ReactNode {
  return (
    <details className="rl-names">
      <summary>What a condition can use</summary>
      <ul>
        {variables.map(({ name, says }) => (
          <li key={name}>
            <button type="button" className="link mono" aria-label={`Insert ${name}`} onClick={() => onInsert(name)}>
              {name}
            </button>
            <span className="t3">{says}</span>
          </li>
        ))}
      </ul>
      <p className="hint">Examples</p>
      <ul>
        {examples.map(({ text, says }) => (
          <li key={text} className="rl-example">
            <button type="button" className="link mono" aria-label={`Insert ${text}`} onClick={() => onInsert(text)}>
              {text}
            </button>
            <span className="t3">{says}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}
