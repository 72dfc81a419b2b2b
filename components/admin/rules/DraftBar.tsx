import type { ReactNode } from 'react';
import GitCompare from 'lucide-react/icons/git-compare';
import Save from 'lucide-react/icons/save';
import { Button } from '@/components/ui/Button';
import { KeyButton } from '@/components/ui/KeyButton';
import { adminKeys } from '../admin-keys';
import type { OpenDialog } from './BoardDialogs';
import type { RulesEditing } from './use-rules-draft';

export interface DraftBarProps {
  readonly editing: Pick<RulesEditing, 'changes' | 'base'>;
  /** Why it cannot be saved now; null when it can. */
  readonly blocked: string | null;
  readonly onDialog: (dialog: OpenDialog) => void;
}

/** What is not in force yet, at the foot of every tab. */
export function DraftBar({ editing: { changes, base }, blocked, onDialog }: DraftBarProps): ReactNode {
  if (changes.length === 0) return null;
  return (
    <section className="answer rl-bar" aria-label="Unsaved changes">
      <span className="medium" role="status">
        Unsaved changes: <span className="num">{changes.length}</span>
      </span>
      <span className="meta grow rl-blocked">{blocked ?? `Made on version ${base.version}. Kept in this tab.`}</span>
      <Button size="lg" look="ghost" onClick={() => onDialog({ is: 'discard' })}>
        Discard
      </Button>
      <Button size="lg" icon={GitCompare} onClick={() => onDialog({ is: 'changes' })}>
        See changes
      </Button>
      <KeyButton
        of={adminKeys.saveRules}
        size="lg"
        look="primary"
        icon={Save}
        disabled={blocked !== null}
        onClick={() => onDialog({ is: 'save', note: '' })}
      >
        Save
      </KeyButton>
    </section>
  );
}
