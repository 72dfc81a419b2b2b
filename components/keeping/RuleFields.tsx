'use client';

import { type ReactNode, useId } from 'react';
import Trash2 from 'lucide-react/icons/trash-2';
import { TextField } from '@/components/settings/TextField';
import { IconButton } from '@/components/ui/IconButton';
import {
  type MaskedPart,
  type MaskingProblem,
  type MaskingRule,
  maskedParts,
  maskingNameMost,
  maskingPathMost,
} from '@/lib/domain/masking/rule';

const partNames: { readonly [P in MaskedPart]: string } = {
  arguments: 'Arguments',
  results: 'Results',
  answers: 'Answers',
  raw: 'Whole raw messages',
};

interface RuleFieldsProps {
  readonly rule: MaskingRule;
  readonly number: number;
  readonly problems: readonly MaskingProblem[];
  readonly reach: { readonly values: number; readonly failures: number } | null;
  readonly onChange: (part: Partial<MaskingRule>) => void;
  readonly onRemove: () => void;
}

/** One masking rule, as it is written. */
export function RuleFields({ rule, number, problems, reach, onChange, onRemove }: RuleFieldsProps): ReactNode {
  const problemOf = (field: MaskingProblem['field']): string | null =>
    problems.find((problem) => problem.field === field)?.message ?? null;
  return (
    <>
      <div className="row">
        <b className="medium grow">Rule {number}</b>
        <span className="meta">{reach === null ? '' : reachWords(reach)}</span>
        <IconButton of={Trash2} label={`Remove rule ${number}`} onClick={onRemove} />
      </div>
      <div className="kp-grid">
        <TextField
          label="What it is for"
          value={rule.name}
          maxLength={maskingNameMost}
          placeholder="Bank accounts of customers"
          problem={problemOf('name')}
          onValue={(name) => onChange({ name })}
        />
        <TextField
          label="JSON path"
          look="mono"
          value={rule.path}
          maxLength={maskingPathMost}
          hint="RFC 9535, such as $.customer.iban or $..ssn"
          problem={problemOf('path')}
          onValue={(path) => onChange({ path })}
        />
        <TextField
          label="Server"
          look="mono"
          value={rule.server ?? ''}
          placeholder="every server"
          hint="A name, with * for any part of it"
          problem={null}
          onValue={(server) => onChange({ server: server === '' ? null : server })}
        />
        <TextField
          label="Tool"
          look="mono"
          value={rule.tool ?? ''}
          placeholder="every tool"
          hint="A name, with * for any part of it"
          problem={null}
          onValue={(tool) => onChange({ tool: tool === '' ? null : tool })}
        />
      </div>
      <PartsField parts={rule.parts} problem={problemOf('parts')} onParts={(parts) => onChange({ parts })} />
    </>
  );
}

function reachWords({ values, failures }: { readonly values: number; readonly failures: number }): string {
  const counted = `${values.toLocaleString('en-US')} ${values === 1 ? 'value' : 'values'}`;
  return failures === 0 ? counted : `${counted}; could not be followed in ${failures}, which it masks whole`;
}

interface PartsFieldProps {
  readonly parts: readonly MaskedPart[];
  readonly problem: string | null;
  readonly onParts: (parts: readonly MaskedPart[]) => void;
}

function PartsField({ parts, problem, onParts }: PartsFieldProps): ReactNode {
  const id = useId();
  const toggle = (part: MaskedPart): void =>
    onParts(parts.includes(part) ? parts.filter((one) => one !== part) : [...parts, part]);
  return (
    <fieldset className="kp-parts">
      <legend className="name">Where</legend>
      {maskedParts.map((part) => (
        <label key={part} htmlFor={`${id}-${part}`} className="row">
          <input
            id={`${id}-${part}`}
            type="checkbox"
            className="check"
            checked={parts.includes(part)}
            onChange={() => toggle(part)}
          />
          {partNames[part]}
        </label>
      ))}
      {problem === null ? null : <p className="err">{problem}</p>}
    </fieldset>
  );
}
