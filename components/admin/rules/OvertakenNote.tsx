'use client';

import { type ReactNode, useState } from 'react';
import Layers from 'lucide-react/icons/layers';
import { Button } from '@/components/ui/Button';
import { Dialog } from '@/components/ui/Dialog';
import { Note } from '@/components/ui/Note';
import { diffRules } from '@/lib/domain/policy/editing';
import type { TeamNames } from '@/lib/domain/policy/words';
import { whenWords } from '@/lib/domain/timeline/time-words';
import { ChangeList } from './ChangeList';
import { countWords } from './count-words';
import type { RulesView } from './rules-props';
import type { RulesEditing } from './use-rules-draft';

export interface OvertakenNoteProps {
  readonly view: Pick<RulesView, 'current'>;
  readonly editing: RulesEditing;
  readonly names: TeamNames;
  readonly now: number;
  readonly onTop: () => void;
  readonly onTheirs: () => void;
}

/** Someone saved while we edited: our draft is kept, and we choose. */
export function OvertakenNote(props: OvertakenNoteProps): ReactNode {
  const { names, now, onTop, onTheirs } = props;
  const { current } = props.view;
  const { base } = props.editing;
  const mine = props.editing.changes.length;
  const [looking, setLooking] = useState<'open' | 'closed'>('closed');
  const changes = diffRules(base.rules, current.rules);
  return (
    <div className="rl-over">
      <Note icon={Layers} tone="person" live="alert">
        <p>
          <span className="medium">
            {current.savedBy ?? 'The configuration'} saved version {current.version}
          </span>{' '}
          at {whenWords(current.savedAt, now)}
          {current.note === null ? '' : `: “${current.note}”`}. Your {countWords(mine)} to version {base.version}{' '}
          {mine === 1 ? 'is' : 'are'} kept.
        </p>
        <p className="row wrap rl-over-acts">
          <Button size="sm" onClick={() => setLooking('open')}>
            What they changed
          </Button>
          <Button size="sm" onClick={onTheirs}>
            Load theirs, drop mine
          </Button>
          <Button size="sm" look="primary" onClick={onTop}>
            Apply mine on top
          </Button>
        </p>
      </Note>
      {looking === 'open' ? (
        <Dialog
          title={`Version ${base.version} to ${current.version}`}
          size="lg"
          ask={<p className="t2">This is in force. Your own changes are kept until you choose.</p>}
          onClose={() => setLooking('closed')}
          footer={
            <>
              <span className="grow" />
              <Button size="lg" onClick={() => setLooking('closed')}>
                Close
              </Button>
            </>
          }
        >
          {changes.length === 0 ? (
            <p className="t2">The rules are the same.</p>
          ) : (
            <ChangeList label="Their changes" changes={changes} names={names} />
          )}
        </Dialog>
      ) : null}
    </div>
  );
}
