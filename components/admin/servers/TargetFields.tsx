'use client';

import { type ReactNode, useId } from 'react';
import { TextField } from '@/components/settings/TextField';
import type { ServerForm } from './server-form';

export interface TargetFieldsProps {
  readonly form: ServerForm;
  readonly problems: ReadonlyMap<string, string>;
  readonly hasQuery: boolean;
  readonly onChange: (next: Partial<ServerForm>) => void;
}

export function TargetFields(props: TargetFieldsProps): ReactNode {
  const { form, onChange } = props;
  const name = useId();
  return (
    <>
      <fieldset className="field">
        <legend>Where it is</legend>
        <div className="choices">
          <label className="choice">
            <input type="radio" name={name} checked={form.kind === 'url'} onChange={() => onChange({ kind: 'url' })} />
            <span>At an address</span>
            <small>Streamable HTTP</small>
          </label>
          <label className="choice">
            <input
              type="radio"
              name={name}
              checked={form.kind === 'agentcore'}
              onChange={() => onChange({ kind: 'agentcore' })}
            />
            <span>Amazon Bedrock AgentCore</span>
            <small>Signed with this machine’s AWS credentials</small>
          </label>
        </div>
      </fieldset>
      <Place {...props} />
    </>
  );
}

function Place({ form, problems, hasQuery, onChange }: TargetFieldsProps): ReactNode {
  return (
    <>
      {form.kind === 'url' ? (
        <TextField
          label="Address"
          look="mono"
          value={form.url}
          placeholder="https://example.com/mcp"
          hint={
            hasQuery
              ? 'What follows “?” is kept and not shown. Type the whole address to change it.'
              : 'Programs to start here are named in mcp.json alone, never in a browser.'
          }
          problem={problems.get('url') ?? null}
          onValue={(url) => onChange({ url })}
        />
      ) : (
        <>
          <TextField
            label="ARN of the runtime"
            look="mono"
            value={form.arn}
            placeholder="arn:aws:bedrock-agentcore:eu-central-1:123456789012:runtime/name-0123456789"
            problem={problems.get('arn') ?? null}
            onValue={(arn) => onChange({ arn })}
          />
          <TextField
            label="Endpoint of the runtime"
            look="mono"
            value={form.qualifier}
            placeholder="DEFAULT"
            hint="Nothing for DEFAULT, the one every runtime has."
            problem={null}
            onValue={(qualifier) => onChange({ qualifier })}
          />
        </>
      )}
    </>
  );
}
