'use client';

import { type ReactNode, type RefObject, useEffect, useMemo, useRef, useState } from 'react';
import Info from 'lucide-react/icons/info';
import Pencil from 'lucide-react/icons/pencil';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import { Button } from '@/components/ui/Button';
import { Icon } from '@/components/ui/Icon';
import type { KeyBinding } from '@/components/ui/key-match';
import { Note } from '@/components/ui/Note';
import { useKeys } from '@/components/ui/use-keys';
import { isJsonObject, type Json } from '@/lib/domain/json';
import { type Change, changesBetween, valueAt } from '@/lib/domain/policy/pointer';
import { type EditReading, editRows, rawOf, readEdit, withEntry, withoutEntry } from './argument-edit';
import { Diff } from './Diff';
import type { ArgumentEdit } from './draft';
import { EditLine, type EditLineActs } from './EditLine';
import { termsOf } from './quorum';
import type { RequestScreenProps } from './request-props';
import { shownArguments } from './shown-arguments';
import { useFieldKeys } from './use-field-keys';
import { useLatest } from '@/components/ui/use-latest';
import { requestKeys } from './request-keys';

export interface EditArgumentsProps
  extends Pick<RequestScreenProps, 'detail' | 'draft' | 'onDraft' | 'desk' | 'reach' | 'onNext'> {
  /** `taken` where the person opened it just now: who only passes by with it open keeps the keys. */
  readonly focus: 'taken' | 'left';
  readonly onClose: () => void;
}

type Saving = { readonly state: 'idle' | 'saving' } | { readonly state: 'refused'; readonly words: string };

/** Other arguments for a held call: what may change, how it would differ, and what that leads to (I6). */
export function EditArguments(props: EditArgumentsProps): ReactNode {
  const { detail, draft, reach } = props;
  const { request } = detail;
  const { editable } = termsOf(request);
  const box = useFirstFieldFocused(props.focus);
  const edit = useEdit(props);
  const { base, entries, reading, changes, saving } = edit;
  const rows = useMemo(() => editRows(base, editable, entries), [base, editable, entries]);
  const moved = draft.edit !== null && draft.edit.revision !== request.revision;
  const canSave =
    changes.length > 0 && reading.problems.length === 0 && saving.state !== 'saving' && reach === 'online';
  useFieldKeys(canSave ? edit.save : null);
  useKeys(editKeys(props.onNext), request.requestId);
  return (
    <section className="card a-edit" ref={box} aria-label="Edit arguments">
      <div className="card-h">
        <Icon of={Pencil} size="sm" />
        <h2 className="medium">Edit arguments</h2>
        <span className="count">{mayWords(editable)}</span>
      </div>
      {moved ? (
        <Note icon={Info} tone="accent" live="status">
          This changed while you edited. Your text is kept and laid over what it is now: look at the difference, then
          save.
        </Note>
      ) : null}
      <ul className="a-lines">
        {rows.map((row) => (
          <EditLine
            key={`${row.kind === 'branch' || row.kind === 'locked' ? row.kind : 'field'} ${row.pointer}`}
            {...{ row, base, editable }}
            schema={schemaOf(detail.tool)}
            problem={reading.problems.find(({ pointer }) => pointer === row.pointer)?.words ?? null}
            acts={edit.acts}
          />
        ))}
      </ul>
      <Preview changes={changes} votes={request.votes.filter(({ vote }) => vote === 'approve').length} />
      <div className="a-edit-foot">
        {saving.state === 'refused' ? (
          <p className="st danger a-edit-no" role="alert">
            <Icon of={TriangleAlert} size="sm" />
            {saving.words}
          </p>
        ) : null}
        <span className="meta grow" role="status">
          {footWords(changes.length, reading.problems.length, reach)}
          {canSave ? <span className="wide">. Ctrl Enter saves</span> : null}
        </span>
        <Button look="ghost" size="lg" onClick={edit.discard}>
          {entries.length === 0 ? 'Close' : 'Discard'}
        </Button>
        <Button look="primary" size="lg" disabled={!canSave} onClick={edit.save}>
          {saving.state === 'saving' ? 'Saving' : 'Save new arguments'}
        </Button>
      </div>
    </section>
  );
}

interface Edit {
  readonly base: Json;
  readonly entries: readonly ArgumentEdit[];
  readonly reading: EditReading;
  readonly changes: readonly Change[];
  readonly saving: Saving;
  readonly acts: EditLineActs;
  readonly discard: () => void;
  readonly save: () => void;
}

const noArguments: Json = {};
const noEntries: readonly ArgumentEdit[] = [];

/** What was typed, read over the arguments as they are now. */
function useEdit({ detail, draft, onDraft, desk, onClose }: EditArgumentsProps): Edit {
  const { request } = detail;
  const [saving, setSaving] = useState<Saving>({ state: 'idle' });
  const base = shownArguments(detail) ?? noArguments;
  const entries = draft.edit?.entries ?? noEntries;
  const schema = schemaOf(detail.tool);
  const reading = useMemo(() => readEdit(base, entries, schema), [base, entries, schema]);
  const changes = useMemo(() => changesBetween(base, reading.value), [base, reading]);
  const put = (next: readonly ArgumentEdit[]): void => {
    setSaving({ state: 'idle' });
    onDraft({ ...draft, edit: { revision: draft.edit?.revision ?? request.revision, entries: next } });
  };
  const latest = useLatest({ draft, onDraft });
  const discard = (): void => {
    const now = latest.current;
    now?.onDraft({ ...now.draft, edit: null });
    onClose();
  };
  const save = async (): Promise<void> => {
    setSaving({ state: 'saving' });
    const said = await desk.edit({ revision: request.revision, arguments: reading.value });
    if (said.ok) return discard();
    setSaving({ state: 'refused', words: refusedWords(said) });
  };
  const acts: EditLineActs = {
    type: (entry) => put(withEntry(entries, entry, base)),
    back: (pointer) => put(withoutEntry(entries, pointer)),
    asJson: (pointer) =>
      put(withEntry(entries, { pointer, how: 'json', raw: rawOf(valueAt(reading.value, pointer) ?? null) }, base)),
  };
  return { base, entries, reading, changes, saving, acts, discard, save: () => void save() };
}

function schemaOf(tool: Json | null): Json {
  return isJsonObject(tool) ? (tool.inputSchema ?? null) : null;
}

function mayWords(editable: readonly string[]): string {
  return editable.includes('') ? 'all of them may change' : 'only what is not locked may change';
}

function refusedWords({ code, message }: { readonly code: string; readonly message: string }): string {
  return code === 'stale_revision'
    ? 'Someone changed this first. Your text is kept: look at the difference again, then save.'
    : message;
}

function footWords(changes: number, problems: number, reach: RequestScreenProps['reach']): string {
  if (reach !== 'online') return 'Cannot be saved right now; your text is kept';
  if (problems > 0) return `${problems} ${problems === 1 ? 'place' : 'places'} to fix`;
  return changes === 0 ? 'Nothing is changed yet' : 'Saving sends nothing yet';
}

interface PreviewProps {
  readonly changes: readonly Change[];
  readonly votes: number;
}

function Preview({ changes, votes }: PreviewProps): ReactNode {
  if (changes.length === 0) return null;
  const voided =
    votes === 0
      ? ''
      : ` ${votes === 1 ? 'The 1 approval' : `The ${votes} approvals`} so far ${votes === 1 ? 'becomes' : 'become'} void.`;
  return (
    <div className="a-preview">
      <h3 className="h">What would change</h3>
      <Diff changes={changes} />
      <Note icon={votes === 0 ? Info : TriangleAlert} tone={votes === 0 ? 'plain' : 'person'}>
        New arguments are a new thing to approve: the rules run again.{voided}
      </Note>
    </div>
  );
}

function useFirstFieldFocused(focus: EditArgumentsProps['focus']): RefObject<HTMLElement | null> {
  const box = useRef<HTMLElement>(null);
  useEffect(() => {
    if (focus === 'taken') enterFirst(box.current);
  }, [focus]);
  return box;
}

function enterFirst(box: Element | null): void {
  const first = ['textarea, input, select', 'button'].map((tags) => box?.querySelector<HTMLElement>(tags));
  first.find((field) => field != null)?.focus({ preventScroll: true });
  box?.scrollIntoView({ block: 'nearest' });
}

/** The answer bar is not there meanwhile; its keys that send nothing are. */
function editKeys(onNext: (() => void) | null): readonly KeyBinding[] {
  const enter = (): void => enterFirst(document.querySelector('.rq .a-edit'));
  return [
    { ...requestKeys.goOnEditing, guard: 'guarded', run: enter },
    ...(onNext === null ? [] : [{ ...requestKeys.next, guard: 'free', run: onNext } satisfies KeyBinding]),
  ];
}
