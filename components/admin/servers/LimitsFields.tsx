'use client';

import type { ReactNode } from 'react';
import { TextField } from '@/components/settings/TextField';
import type { Limits } from '@/lib/domain/server';
import type { ServerForm } from './server-form';

export interface LimitsFieldsProps {
  readonly form: ServerForm;
  readonly problems: ReadonlyMap<string, string>;
  readonly onChange: (next: Partial<ServerForm>) => void;
}

const limits: readonly (readonly [key: keyof Limits, words: string])[] = [
  ['requestMs', 'One call'],
  ['idleMs', 'Idle session'],
  ['lifetimeMs', 'Whole session'],
  ['streamMs', 'One stream'],
];

/** What the server limits by itself, so that people are given no more time than there is (I8). */
export function LimitsFields({ form, problems, onChange }: LimitsFieldsProps): ReactNode {
  return (
    <details className="sv-more">
      <summary>Limits of the server, and what is safe to repeat</summary>
      <div className="sv-limits">
        {limits.map(([key, words]) => (
          <TextField
            key={key}
            label={`${words}, minutes`}
            inputMode="decimal"
            value={form.limits[key]}
            placeholder="none"
            problem={problems.get(key) ?? null}
            onValue={(text) => onChange({ limits: { ...form.limits, [key]: text } })}
          />
        ))}
      </div>
      <TextField
        label="Tools that may run twice"
        look="mono"
        value={form.repeatable}
        placeholder="get_*, search"
        hint="Names, with * for any characters. After a lost connection these are called again without asking."
        problem={null}
        onValue={(repeatable) => onChange({ repeatable })}
      />
    </details>
  );
}
