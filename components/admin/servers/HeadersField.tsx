'use client';

import { type ReactNode, useRef } from 'react';
import Plus from 'lucide-react/icons/plus';
import X from 'lucide-react/icons/x';
import { Button } from '@/components/ui/Button';
import { IconButton } from '@/components/ui/IconButton';
import type { HeaderLine } from './server-form';

export interface HeadersFieldProps {
  readonly headers: readonly HeaderLine[];
  readonly onHeaders: (headers: readonly HeaderLine[]) => void;
}

/** Headers that go with every request. A value that was saved is never shown again, only replaced. */
export function HeadersField({ headers, onHeaders }: HeadersFieldProps): ReactNode {
  const next = useRef(1_000);
  const change = (key: number, line: Partial<HeaderLine>): void =>
    onHeaders(headers.map((one) => (one.key === key ? { ...one, ...line } : one)));
  return (
    <fieldset className="field sv-headers">
      <legend>Headers</legend>
      <p className="hint">Sent with every request. Values are kept sealed and are never shown again.</p>
      {headers.map((line) => (
        <div key={line.key} className="sv-header">
          <input
            className="input mono"
            aria-label="Name of the header"
            placeholder="Authorization"
            value={line.name}
            readOnly={line.was === 'kept'}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => change(line.key, { name: event.target.value })}
          />
          {line.was === 'kept' ? (
            <Button onClick={() => change(line.key, { was: 'typed', value: '' })}>Replace the value</Button>
          ) : (
            <input
              className="input mono"
              type="password"
              aria-label={`Value of ${line.name === '' ? 'the header' : line.name}`}
              placeholder="Bearer …"
              value={line.value}
              autoComplete="new-password"
              spellCheck={false}
              onChange={(event) => change(line.key, { value: event.target.value })}
            />
          )}
          <IconButton
            of={X}
            label={`Remove ${line.name === '' ? 'this header' : line.name}`}
            onClick={() => onHeaders(headers.filter(({ key }) => key !== line.key))}
          />
        </div>
      ))}
      <div className="row">
        <Button
          size="sm"
          icon={Plus}
          onClick={() => {
            next.current += 1;
            onHeaders([...headers, { key: next.current, name: '', value: '', was: 'typed' }]);
          }}
        >
          Add header
        </Button>
      </div>
    </fieldset>
  );
}
