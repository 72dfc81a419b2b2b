'use client';

import { type CSSProperties, type ReactNode, useMemo, useState } from 'react';
import Lock from 'lucide-react/icons/lock';
import { Icon } from '@/components/ui/Icon';
import { visibleText } from '@/components/ui/visible-text';
import type { Json } from '@/lib/domain/json';
import { masked } from '@/lib/domain/masking/masked';

/** A message longer than this is shown in full on demand. */
const firstLines = 400;
const keyed = /^(\s*)("(?:[^"\\]|\\.)*")(: )(.*)$/s;
const maskedText = JSON.stringify(masked);

/** A JSON message as text, with its keys set off and masked values marked. Nothing is cut without saying so. */
export function JsonText({ value }: { readonly value: Json }): ReactNode {
  const lines = useMemo(() => visibleText(JSON.stringify(value, null, 2)).split('\n'), [value]);
  const [all, setAll] = useState<Json | null>(null);
  const shown = all === value ? lines : lines.slice(0, firstLines);
  return (
    <>
      <pre className="raw mono">
        {shown.map((line, index) => (
          <JsonLine key={index} line={line} />
        ))}
      </pre>
      {shown.length === lines.length ? null : (
        <button type="button" className="btn sm raw-all" onClick={() => setAll(value)}>
          Show all {lines.length.toLocaleString('en-US')} lines
        </button>
      )}
    </>
  );
}

function JsonLine({ line }: { readonly line: string }): ReactNode {
  const parts = keyed.exec(line);
  const indent = line.length - line.trimStart().length;
  return (
    <span className="jl" style={{ '--in': `${indent}ch` } as CSSProperties}>
      {parts === null ? (
        valueOf(line.trimStart())
      ) : (
        <>
          <b>{parts[2]}</b>
          {parts[3]}
          {valueOf(parts[4] ?? '')}
        </>
      )}
    </span>
  );
}

function valueOf(text: string): ReactNode {
  if (!text.includes(masked)) return text;
  if (text.trim().replace(/,$/, '') === maskedText) {
    return (
      <>
        <Mask />
        {text.endsWith(',') ? ',' : ''}
      </>
    );
  }
  return text.split(masked).map((part, index) => (
    <span key={index}>
      {index === 0 ? null : <Mask />}
      {part}
    </span>
  ));
}

function Mask(): ReactNode {
  return (
    <span className="masked">
      <Icon of={Lock} size="xs" />
      masked
    </span>
  );
}
