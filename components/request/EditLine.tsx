'use client';

import { type CSSProperties, type ReactNode, useId, useState } from 'react';
import Braces from 'lucide-react/icons/braces';
import Lock from 'lucide-react/icons/lock';
import Plus from 'lucide-react/icons/plus';
import Trash from 'lucide-react/icons/trash-2';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import Undo from 'lucide-react/icons/undo-2';
import { Button } from '@/components/ui/Button';
import { Icon } from '@/components/ui/Icon';
import { IconButton } from '@/components/ui/IconButton';
import { Tree } from '@/components/ui/Tree';
import type { TreeChoices } from '@/components/ui/tree-model';
import { visibleText } from '@/components/ui/visible-text';
import type { Json } from '@/lib/domain/json';
import { isCovered, readPointer, valueAt } from '@/lib/domain/policy/pointer';
import type { EditRow } from './argument-edit';
import type { ArgumentEdit } from './draft';
import { enumOf, hintOf, schemaAt } from './schema-hints';

export interface EditLineActs {
  readonly type: (entry: ArgumentEdit) => void;
  /** What stood there before. */
  readonly back: (pointer: string) => void;
  readonly asJson: (pointer: string) => void;
}

export interface EditLineProps {
  readonly row: EditRow;
  readonly schema: Json;
  readonly base: Json;
  readonly editable: readonly string[];
  readonly problem: string | null;
  readonly acts: EditLineActs;
}

/** One line of the editor: a field, the head of what follows, or what is locked. */
export function EditLine(props: EditLineProps): ReactNode {
  const { row } = props;
  const name = row.name === null ? 'All arguments' : visibleText(row.name);
  return (
    <li className={`a-line ${row.kind}`} style={{ '--d': Math.min(row.depth, 8) } as CSSProperties}>
      <Line {...props} name={name} />
    </li>
  );
}

type LineProps = EditLineProps & { readonly name: string };

function Line(props: LineProps): ReactNode {
  const { row, name, acts } = props;
  switch (row.kind) {
    case 'branch':
      return (
        <div className="row">
          <span className="mono k">{name}</span>
          <span className="meta grow">{row.words}</span>
          {row.may === 'edit' ? (
            <Button look="ghost" size="sm" icon={Braces} onClick={() => acts.asJson(row.pointer)}>
              <span>
                As JSON<span className="sr">: {name}</span>
              </span>
            </Button>
          ) : null}
        </div>
      );
    case 'locked':
      return <Locked value={row.value} name={name} />;
    case 'removed':
      return (
        <div className="row">
          <span className="mono k a-gone">{name}</span>
          <span className="meta grow">removed</span>
          <IconButton of={Undo} label={`Keep ${name}`} onClick={() => acts.back(row.pointer)} />
        </div>
      );
    case 'absent':
      return (
        <div className="row">
          <span className="mono k">{name}</span>
          <span className="meta grow">not given</span>
          <Button look="ghost" size="sm" icon={Plus} onClick={() => acts.type(firstOf(props))}>
            <span>
              Give it<span className="sr">: {name}</span>
            </span>
          </Button>
        </div>
      );
    default:
      return <Field {...props} row={row} />;
  }
}

/** What a place that held nothing begins with. */
function firstOf({ row: { pointer }, schema }: LineProps): ArgumentEdit {
  const type = schemaAt(schema, readPointer(pointer) ?? [])?.type;
  if (type === 'string') return { pointer, how: 'text', raw: '' };
  return { pointer, how: 'json', raw: type === 'boolean' ? 'false' : '' };
}

function Locked({ value, name }: { readonly value: Json; readonly name: string }): ReactNode {
  const [choices, setChoices] = useState<TreeChoices>(new Map());
  return (
    <div className="a-locked">
      <span className="mono k">{name}</span>
      <span className="masked" title="The rule does not let this be edited">
        <Icon of={Lock} size="xs" />
        locked by the rule
      </span>
      <Tree value={value} choices={choices} onChoices={setChoices} />
    </div>
  );
}

type FieldRow = Extract<EditRow, { readonly raw: string }>;

function Field({
  row,
  name,
  schema,
  base,
  editable,
  problem,
  acts,
}: LineProps & { readonly row: FieldRow }): ReactNode {
  const id = useId();
  const here = schemaAt(schema, readPointer(row.pointer) ?? []);
  const hint = hintOf(here);
  const about = problem !== null ? `${id}-problem` : hint !== null ? `${id}-hint` : undefined;
  const how = row.kind === 'text' ? 'text' : 'json';
  return (
    <div className="field">
      <div className="row a-field-head">
        <label className="mono k grow" htmlFor={id}>
          {name}
          {row.state === 'changed' ? <span className="a-changed">changed</span> : null}
        </label>
        {row.state === 'changed' ? (
          <IconButton of={Undo} label={`As it was: ${name}`} onClick={() => acts.back(row.pointer)} />
        ) : null}
        {mayRemove(row, base, editable) ? (
          <IconButton
            of={Trash}
            label={`Remove ${name}`}
            onClick={() => acts.type({ pointer: row.pointer, how: 'removed', raw: '' })}
          />
        ) : null}
      </div>
      <Control
        id={id}
        row={row}
        options={row.kind === 'text' ? enumOf(here) : null}
        about={about}
        validity={problem === null ? 'valid' : 'invalid'}
        onRaw={(raw) => acts.type({ pointer: row.pointer, how, raw })}
      />
      {problem === null ? null : (
        <p className="err" id={`${id}-problem`}>
          <Icon of={TriangleAlert} size="xs" />
          {problem}
        </p>
      )}
      {problem === null && hint !== null ? (
        <p className="hint" id={`${id}-hint`}>
          {visibleText(hint)}
        </p>
      ) : null}
    </div>
  );
}

/** One that would change its list is only offered where the list may change. */
function mayRemove({ pointer }: FieldRow, base: Json, editable: readonly string[]): boolean {
  if (pointer === '' || valueAt(base, pointer) === undefined) return false;
  const parent = pointer.slice(0, pointer.lastIndexOf('/'));
  return isCovered(editable, parent) || !Array.isArray(valueAt(base, parent));
}

interface ControlProps {
  readonly id: string;
  readonly row: FieldRow;
  readonly options: readonly string[] | null;
  readonly about: string | undefined;
  readonly validity: 'valid' | 'invalid';
  readonly onRaw: (raw: string) => void;
}

function Control({ id, row, options, about, validity, onRaw }: ControlProps): ReactNode {
  const same = {
    id,
    className: `input ${row.kind === 'json' || row.kind === 'number' ? 'mono' : ''}`,
    value: row.raw,
    'aria-describedby': about,
    'aria-invalid': validity === 'invalid',
    onChange: (event: { readonly target: { readonly value: string } }): void => onRaw(event.target.value),
  };
  const choices = row.kind === 'yes-no' ? ['true', 'false'] : options;
  if (choices !== null) {
    return (
      <select {...same}>
        {choices.includes(row.raw) ? null : <option value={row.raw}>{visibleText(row.raw)}</option>}
        {choices.map((choice) => (
          <option key={choice} value={choice}>
            {visibleText(choice)}
          </option>
        ))}
      </select>
    );
  }
  if (row.kind === 'number') return <input {...same} inputMode="decimal" autoComplete="off" spellCheck={false} />;
  return <textarea {...same} rows={row.kind === 'json' ? 6 : 1} spellCheck={false} />;
}
