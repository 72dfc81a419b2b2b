'use client';

import { type FormEvent, type ReactNode, useId, useRef, useState } from 'react';
import Play from 'lucide-react/icons/play';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import { Button } from '@/components/ui/Button';
import { Note } from '@/components/ui/Note';
import type { PolicyRule } from '@/lib/domain/policy/rule';
import type { TeamNames } from '@/lib/domain/policy/words';
import type { RulesTryReply } from '@/lib/protocol/command/rules';
import { useAction } from '../use-action';
import { Check, Field } from './fields';
import type { RulesDesk } from './rules-props';
import { type CallForm, hints, readCall, type Said } from './try-call';
import { TryResult } from './TryResult';

export interface Tried {
  readonly rules: readonly PolicyRule[];
  readonly form: CallForm;
  readonly reply: RulesTryReply;
}

export interface TryPanelProps {
  readonly rules: readonly PolicyRule[];
  /** "version 12" or "your draft" */
  readonly against: string;
  readonly form: CallForm;
  readonly tried: Tried | null;
  readonly servers: readonly string[];
  readonly agents: readonly string[];
  readonly names: TeamNames;
  readonly attempt: RulesDesk['try'];
  readonly onForm: (form: CallForm) => void;
  readonly onTried: (tried: Tried) => void;
}

/** A made-up call, and what the rules as they stand here would say. */
export function TryPanel(props: TryPanelProps): ReactNode {
  const { rules, form, tried, names, attempt, onForm, onTried } = props;
  const result = useRef<HTMLElement>(null);
  const [asked, setAsked] = useState<'asked' | 'fresh'>('fresh');
  const { state, run } = useAction<RulesTryReply>((reply) => {
    onTried({ rules, form, reply });
    // On a phone the verdict is below the form.
    requestAnimationFrame(() => result.current?.scrollIntoView({ block: 'nearest' }));
  });
  const read = readCall(form);
  const problems = read.ok || asked === 'fresh' ? {} : read.problems;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setAsked('asked');
    if (read.ok && state.is !== 'busy') run(() => attempt(rules, read.call));
  };
  const stale = tried !== null && (tried.rules !== rules || tried.form !== form);
  return (
    <div className="rl-try">
      <form className="stack rl-try-form" onSubmit={submit} noValidate aria-label="A made-up call">
        <CallFields {...props} problems={problems} onChange={(part) => onForm({ ...form, ...part })} />
        <div className="row wrap rl-try-go">
          <Button size="lg" look="primary" icon={Play} type="submit" disabled={state.is === 'busy'}>
            {state.is === 'busy' ? 'Trying' : 'Try it'}
          </Button>
          <span className="meta">Against {props.against}. Nothing is sent anywhere.</span>
        </div>
      </form>
      <section ref={result} className="rl-try-result stack" aria-label="What the rules say" aria-live="polite">
        {state.is === 'refused' ? (
          <Note icon={TriangleAlert} tone="danger">
            {state.message}
          </Note>
        ) : null}
        {tried === null ? (
          <p className="t3 rl-try-none">
            Make up a call and try it: the verdict stands here, with what each rule said, in order.
          </p>
        ) : (
          <TryResult tried={tried} stale={stale ? 'stale' : 'fresh'} names={names} />
        )}
      </section>
    </div>
  );
}

interface CallFieldsProps extends Pick<TryPanelProps, 'form' | 'servers' | 'agents'> {
  readonly problems: { readonly server?: string; readonly tool?: string; readonly args?: string };
  readonly onChange: (part: Partial<CallForm>) => void;
}

function CallFields({ form, servers, agents, problems, onChange }: CallFieldsProps): ReactNode {
  return (
    <>
      <div className="rl-pair">
        <TextField
          label="Server"
          value={form.server}
          problem={problems.server}
          options={servers}
          onValue={(server) => onChange({ server })}
        />
        <TextField label="Tool" value={form.tool} problem={problems.tool} onValue={(tool) => onChange({ tool })} />
      </div>
      <Check label="The server is trusted" checked={form.trusted} onChecked={(trusted) => onChange({ trusted })} />
      <Field label="Arguments" problem={problems.args ?? null} help="One JSON object.">
        {(ties) => (
          <textarea
            {...ties}
            className="input mono"
            rows={Math.min(14, Math.max(4, form.args.split('\n').length))}
            spellCheck={false}
            value={form.args}
            onChange={(event) => onChange({ args: event.target.value })}
          />
        )}
      </Field>
      <HintFields form={form} onChange={onChange} />
      <TextField
        label="Description of the tool"
        optional
        value={form.description}
        onValue={(description) => onChange({ description })}
      />
      <div className="rl-pair three">
        <TextField
          label="Agent"
          optional
          value={form.agent}
          options={agents}
          onValue={(agent) => onChange({ agent })}
        />
        <TextField
          label="Its owner"
          optional
          placeholder="ana@example.com"
          value={form.owner}
          onValue={(owner) => onChange({ owner })}
        />
        <TextField label="Client" optional value={form.client} onValue={(client) => onChange({ client })} />
      </div>
    </>
  );
}

function HintFields({ form, onChange }: Pick<CallFieldsProps, 'form' | 'onChange'>): ReactNode {
  return (
    <fieldset className="field">
      <legend>Annotations of the tool</legend>
      <div className="rl-hints">
        {hints.map(({ hint, label }) => (
          <Field key={hint} label={label} problem={null}>
            {(ties) => (
              <select
                {...ties}
                className="input rl-select"
                value={form.hints[hint]}
                onChange={(event) => onChange({ hints: { ...form.hints, [hint]: readSaid(event.target.value) } })}
              >
                <option value="unsaid">not said</option>
                <option value="yes">yes</option>
                <option value="no">no</option>
              </select>
            )}
          </Field>
        ))}
      </div>
    </fieldset>
  );
}

function readSaid(text: string): Said {
  return text === 'yes' || text === 'no' ? text : 'unsaid';
}

interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly problem?: string | undefined;
  readonly optional?: boolean;
  readonly placeholder?: string;
  readonly options?: readonly string[];
  readonly onValue: (value: string) => void;
}

function TextField({ label, value, problem, optional, placeholder, options, onValue }: TextFieldProps): ReactNode {
  const list = useId();
  return (
    <Field label={label} optional={optional ?? false} problem={problem ?? null}>
      {(ties) => (
        <>
          <input
            {...ties}
            className="input"
            value={value}
            maxLength={200}
            autoComplete="off"
            spellCheck={false}
            placeholder={placeholder}
            list={options === undefined ? undefined : list}
            onChange={(event) => onValue(event.target.value)}
          />
          {options === undefined ? null : (
            <datalist id={list}>
              {options.map((option) => (
                <option key={option} value={option}>
                  {option}
                </option>
              ))}
            </datalist>
          )}
        </>
      )}
    </Field>
  );
}
