'use client';

import { type ReactNode, type Ref, useContext } from 'react';
import Pencil from 'lucide-react/icons/pencil';
import { Button } from '@/components/ui/Button';
import { CopyButton } from '@/components/ui/CopyButton';
import { Tree } from '@/components/ui/Tree';
import { RevealContext } from '@/components/ui/reveal-context';
import { showAll, type TreeChoices, type TreeModel, treeModel } from '@/components/ui/tree-model';
import { isJsonObject, type Json } from '@/lib/domain/json';

export interface ArgumentsProps {
  readonly value: Json | null;
  readonly choices: TreeChoices;
  readonly onChoices: (choices: TreeChoices) => void;
  readonly look: 'card' | 'aside';
  readonly ref?: Ref<HTMLElement>;
  /** Set when the person has to look here before going on. */
  readonly pointed?: 'pointed' | 'none';
  /** JSON Pointers of what people edited. */
  readonly marked?: readonly string[];
  /** Opens the editor; null where nothing may be edited. */
  readonly onEdit?: (() => void) | null;
}

/** The arguments of the call, whole: what is not shown yet is counted and can be shown. */
export function Arguments(props: ArgumentsProps): ReactNode {
  const { value, choices, onChoices, look, ref, pointed = 'none', marked = [], onEdit = null } = props;
  const revealing = useContext(RevealContext);
  const model = value === null ? null : treeModel(value, choices);
  const isNone = isJsonObject(value) && Object.keys(value).length === 0;
  const counts = model === null || isNone ? 'none given' : countWords(model);
  const buttons =
    value === null || model === null || isNone ? null : (
      <>
        {model.hidden.length === 0 ? null : (
          <Button
            look="ghost"
            size="sm"
            hint={look === 'card' ? 'V' : undefined}
            onClick={() => onChoices(showAll(value, choices))}
          >
            Show all
          </Button>
        )}
        {onEdit === null ? null : (
          <Button look="ghost" size="sm" icon={Pencil} hint="E" id="edit-arguments" onClick={onEdit}>
            Edit
          </Button>
        )}
        <CopyButton label="Copy arguments" text={() => JSON.stringify(value, null, 2)} />
      </>
    );
  const tree = value === null || isNone ? null : <Tree {...{ value, choices, onChoices, marked, revealing }} />;
  if (look === 'aside') {
    return (
      <section className="sect" ref={ref} aria-label="Arguments">
        <div className="row args-head">
          <h2 className="h">Arguments</h2>
          <span className="meta num grow">{counts}</span>
          {buttons === null ? null : <span className="row args-acts">{buttons}</span>}
        </div>
        {tree === null ? null : <div className="card tree-box">{tree}</div>}
      </section>
    );
  }
  return (
    <section
      className={`card args ${pointed === 'pointed' ? 'pointed' : ''}`}
      ref={ref}
      tabIndex={-1}
      aria-label="Arguments"
    >
      <div className="card-h">
        <h2 className="medium">Arguments</h2>
        <span className="count">{counts}</span>
        <span className="grow" />
        {buttons}
      </div>
      {tree === null ? <p className="card-b t3">The call has no arguments.</p> : <div className="tree-box">{tree}</div>}
    </section>
  );
}

function countWords({ values, hidden, rows }: TreeModel): string {
  const counted = `${values.toLocaleString('en-US')} ${values === 1 ? 'value' : 'values'}`;
  if (hidden.length > 0) return `${counted}, ${hidden.length} not fully shown`;
  const masked = rows.filter(({ kind }) => kind === 'masked').length;
  return masked === 0 ? `${counted}, all shown` : `${counted}, ${masked} masked`;
}
