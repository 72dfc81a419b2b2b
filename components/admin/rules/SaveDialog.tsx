'use client';

import { type FormEvent, type ReactNode, useId, useState } from 'react';
import Save from 'lucide-react/icons/save';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import { Button } from '@/components/ui/Button';
import { Dialog } from '@/components/ui/Dialog';
import { Note } from '@/components/ui/Note';
import type { RuleChange } from '@/lib/domain/policy/editing';
import type { PolicyRule, PolicyVersion } from '@/lib/domain/policy/rule';
import type { TeamNames } from '@/lib/domain/policy/words';
import { useAction } from '../use-action';
import { ChangeList } from './ChangeList';
import { countWords } from './count-words';
import { Field } from './fields';
import type { RulesDesk } from './rules-props';

export interface SaveDialogProps {
  readonly base: number;
  readonly rules: readonly PolicyRule[];
  readonly changes: readonly RuleChange[];
  readonly names: TeamNames;
  /** What stands in the note at first. */
  readonly note: string;
  readonly save: RulesDesk['save'];
  readonly onSaved: (version: PolicyVersion) => void;
  readonly onClose: () => void;
}

/** The changes once more, and a note; then they are in force together. */
export function SaveDialog(props: SaveDialogProps): ReactNode {
  const { base, rules, changes, names, save, onSaved, onClose } = props;
  const form = useId();
  const [note, setNote] = useState(props.note);
  const { state, run } = useAction<PolicyVersion>(onSaved);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (state.is !== 'busy') run(() => save({ base, rules, note: note.trim() === '' ? null : note.trim() }));
  };
  const footer = (
    <>
      <span className="grow" />
      <Button size="lg" hint="Esc" onClick={onClose}>
        Go on editing
      </Button>
      <Button size="lg" look="primary" icon={Save} type="submit" form={form} disabled={state.is === 'busy'}>
        {state.is === 'busy' ? 'Saving' : `Save version ${base + 1}`}
      </Button>
    </>
  );
  const ask = (
    <form id={form} onSubmit={submit}>
      <Field label="Note" optional problem={null} help="Why, for whoever reads the versions later.">
        {(ties) => (
          <input
            {...ties}
            className="input"
            value={note}
            maxLength={500}
            autoComplete="off"
            onChange={(event) => setNote(event.target.value)}
          />
        )}
      </Field>
    </form>
  );
  return (
    <Dialog title={`Save ${countWords(changes.length)}`} onClose={onClose} ask={ask} footer={footer} size="lg">
      <p className="t2">
        In force at once for new calls. Approvals given under version {base} and not yet used are asked for again.
      </p>
      <ChangeList label="Changes" changes={changes} names={names} />
      {state.is === 'refused' ? (
        <Note icon={TriangleAlert} tone="danger" live="alert">
          {state.message}
        </Note>
      ) : null}
    </Dialog>
  );
}
