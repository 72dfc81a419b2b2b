'use client';

import type { CSSProperties, ReactNode } from 'react';
import ChevronDown from 'lucide-react/icons/chevron-down';
import ChevronRight from 'lucide-react/icons/chevron-right';
import Lock from 'lucide-react/icons/lock';
import type { Json } from '@/lib/domain/json';
import { visibleText } from './visible-text';
import { Icon } from './Icon';
import type { Revealing } from './reveal-context';
import { type TreeChoices, type TreeRow, treeModel } from './tree-model';

export interface TreeProps {
  readonly value: Json;
  readonly choices: TreeChoices;
  readonly onChoices: (choices: TreeChoices) => void;
  /** JSON Pointers of values to be marked as edited. */
  readonly marked?: readonly string[];
  /** Set where masked values may be revealed in place. */
  readonly revealing?: Revealing | null;
}

const noMarks: readonly string[] = [];

/** A JSON value a person can read. Nothing is cut without saying how much and offering the rest. */
export function Tree({ value, choices, onChoices, marked = noMarks, revealing = null }: TreeProps): ReactNode {
  const { rows } = treeModel(value, choices);
  const choose = (path: string, choice: 'open' | 'closed'): void => onChoices(new Map(choices).set(path, choice));
  if (rows.length === 0) return <p className="tree tree-none muted">none</p>;
  return (
    <ul className="tree">
      {rows.map((row) => (
        <li key={`${row.kind}:${row.path}`} style={{ '--d': Math.min(row.depth, 12) } as CSSProperties}>
          <Row row={row} choose={choose} revealing={revealing} />
          {marked.includes(row.path) ? <span className="edited-mark">edited</span> : null}
        </li>
      ))}
    </ul>
  );
}

interface RowProps {
  readonly revealing: Revealing | null;
  readonly row: TreeRow;
  readonly choose: (path: string, choice: 'open' | 'closed') => void;
}

function Row({ row, choose, revealing }: RowProps): ReactNode {
  if (row.kind === 'more') {
    return (
      <button type="button" className="more" onClick={() => choose(row.path, 'open')}>
        Show {row.hidden.toLocaleString('en-US')} more
      </button>
    );
  }
  const key = row.name === null ? null : <span className="k">{visibleText(row.name)}</span>;
  switch (row.kind) {
    case 'branch':
      return (
        <button
          type="button"
          className="branch"
          aria-expanded={row.open}
          onClick={() => choose(row.path, row.open ? 'closed' : 'open')}
        >
          <span className="tw">
            <Icon of={row.open ? ChevronDown : ChevronRight} size="xs" />
          </span>
          {key}
          <span className="muted">{row.words}</span>
        </button>
      );
    case 'masked':
      return (
        <>
          {key}
          <span className="masked">
            <Icon of={Lock} size="xs" />
            masked
          </span>
          {revealing?.covered.includes(row.path) === true ? <RevealHere path={row.path} revealing={revealing} /> : null}
        </>
      );
    case 'plain':
      return (
        <>
          {key}
          <span className="v">{row.text}</span>
        </>
      );
    case 'text':
      return (
        <>
          {key}
          <Text row={row} choose={choose} />
        </>
      );
  }
}

/** The value is not sent before it is asked for: that is on record. */
function RevealHere({ path, revealing }: { readonly path: string; readonly revealing: Revealing }): ReactNode {
  return (
    <>
      <button type="button" className="more" onClick={() => revealing.onReveal(path)}>
        Reveal, on record
      </button>
      {revealing.refusal === null ? null : <span role="alert">{revealing.refusal}</span>}
    </>
  );
}

interface TextProps extends Pick<RowProps, 'choose'> {
  readonly row: Extract<TreeRow, { readonly kind: 'text' }>;
}

function Text({ row, choose }: TextProps): ReactNode {
  const { long } = row;
  const cut = long?.shown === 'start';
  return (
    <span className="v-box">
      <span className={`v s ${cut ? 'begun' : ''}`}>{visibleText(row.text)}</span>
      {long === null ? null : (
        <span className="long">
          <span className="muted">{cut ? `starts like this, ${long.words}` : `all ${long.words}`}</span>
          <button type="button" className="more" onClick={() => choose(row.path, cut ? 'open' : 'closed')}>
            {cut ? 'Show all' : 'Show less'}
          </button>
        </span>
      )}
    </span>
  );
}
