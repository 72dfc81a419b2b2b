import type { ReactNode } from 'react';
import { Button } from '@/components/ui/Button';
import { Dialog } from '@/components/ui/Dialog';
import type { PolicyVersion } from '@/lib/domain/policy/rule';
import type { TeamNames } from '@/lib/domain/policy/words';
import { ChangeList } from './ChangeList';
import { countWords } from './count-words';
import type { RulesDesk } from './rules-props';
import { SaveDialog } from './SaveDialog';
import type { RulesEditing } from './use-rules-draft';

export type OpenDialog =
  | { readonly is: 'none' }
  | { readonly is: 'changes' }
  | { readonly is: 'discard' }
  | { readonly is: 'save'; readonly note: string };

export interface BoardDialogsProps {
  readonly dialog: OpenDialog;
  readonly editing: RulesEditing;
  readonly names: TeamNames;
  readonly save: RulesDesk['save'];
  readonly onSaved: (version: PolicyVersion) => void;
  readonly onClose: () => void;
}

export function BoardDialogs(props: BoardDialogsProps): ReactNode {
  const { dialog, editing, names, save, onSaved, onClose } = props;
  const { changes } = editing;
  switch (dialog.is) {
    case 'none':
      return null;
    case 'changes':
      return <ChangesDialog editing={editing} names={names} onClose={onClose} />;
    case 'discard':
      return <DiscardDialog {...props} />;
    case 'save':
      // A restored version may be what is in force already.
      if (changes.length === 0) return <ChangesDialog editing={editing} names={names} onClose={onClose} />;
      return (
        <SaveDialog
          base={editing.base.version}
          rules={editing.rules}
          changes={changes}
          names={names}
          note={dialog.note}
          save={save}
          onSaved={onSaved}
          onClose={onClose}
        />
      );
  }
}

function ChangesDialog({
  editing: { changes, base },
  names,
  onClose,
}: Pick<BoardDialogsProps, 'editing' | 'names' | 'onClose'>): ReactNode {
  const footer = (
    <>
      <span className="grow" />
      <Button size="lg" hint="Esc" onClick={onClose}>
        Close
      </Button>
    </>
  );
  const title = `Draft and version ${base.version}`;
  const ask = <p className="t2">Not in force before it is saved.</p>;
  return (
    <Dialog title={title} onClose={onClose} ask={ask} footer={footer} size="lg">
      {changes.length === 0 ? (
        <p className="t2">They are the same: there is nothing to save.</p>
      ) : (
        <ChangeList label="Changes" changes={changes} names={names} />
      )}
    </Dialog>
  );
}

function DiscardDialog({ editing, onClose }: BoardDialogsProps): ReactNode {
  const footer = (
    <>
      <span className="grow" />
      <Button size="lg" hint="Esc" onClick={onClose}>
        Keep the draft
      </Button>
      <Button
        size="lg"
        look="danger-solid"
        onClick={() => {
          onClose();
          editing.discard();
        }}
      >
        Discard {countWords(editing.changes.length)}
      </Button>
    </>
  );
  return (
    <Dialog title="Discard the draft?" onClose={onClose} footer={footer}>
      <p className="t2">
        Version {editing.base.version} stays as it is. What you changed in this tab and have not saved is gone.
      </p>
    </Dialog>
  );
}
