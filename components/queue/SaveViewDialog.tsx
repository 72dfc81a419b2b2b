'use client';

import { type FormEvent, type ReactNode, useId, useState } from 'react';
import { Button } from '@/components/ui/Button';
import { Dialog } from '@/components/ui/Dialog';
import type { SavedView } from '@/lib/protocol/command/me';

const longestName = 40;
const mostViews = 50;

export interface SaveViewDialogProps {
  readonly taken: readonly SavedView[];
  /** The present name, to give it another. */
  readonly name?: string;
  readonly onClose: () => void;
  /** Null when it was saved, else why not. */
  readonly onSave: (name: string) => Promise<string | null>;
}

/** Names a view. The address alone would do; a name puts it beside the others. */
export function SaveViewDialog({ taken, name = '', onClose, onSave }: SaveViewDialogProps): ReactNode {
  const id = useId();
  const [typed, setTyped] = useState(name);
  const [state, setState] = useState<{ readonly is: 'asking' | 'saving' } | { readonly is: 'failed'; words: string }>({
    is: 'asking',
  });
  const wanted = typed.trim();
  const why = whyNot(wanted, taken, name);
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (wanted === '' || why !== null) return;
    setState({ is: 'saving' });
    const words = await onSave(wanted);
    if (words === null) onClose();
    else setState({ is: 'failed', words });
  };
  return (
    <Dialog
      title={name === '' ? 'Save this view' : 'Rename the view'}
      onClose={onClose}
      footer={
        <>
          <span className="grow" />
          <Button onClick={onClose}>Cancel</Button>
          <Button
            look="primary"
            type="submit"
            form={`${id}-form`}
            disabled={wanted === '' || why !== null || state.is === 'saving'}
          >
            {state.is === 'saving' ? 'Saving' : 'Save'}
          </Button>
        </>
      }
    >
      <form id={`${id}-form`} className="stack" onSubmit={(event) => void save(event)}>
        <div>
          <label className="label" htmlFor={id}>
            Name
          </label>
          <input
            id={id}
            className="input"
            data-first
            maxLength={longestName}
            value={typed}
            autoComplete="off"
            aria-invalid={why !== null}
            aria-describedby={`${id}-why`}
            onChange={(event) => setTyped(event.target.value)}
          />
          <p className="hint" id={`${id}-why`} role="status">
            {why ?? (state.is === 'failed' ? state.words : 'It shows up under the views, for you alone.')}
          </p>
        </div>
      </form>
    </Dialog>
  );
}

function whyNot(wanted: string, taken: readonly SavedView[], before: string): string | null {
  if (wanted !== before && taken.some(({ name }) => name.toLowerCase() === wanted.toLowerCase()))
    return 'There is a view of this name already.';
  return before === '' && taken.length >= mostViews ? `There can be ${mostViews} views at most.` : null;
}
