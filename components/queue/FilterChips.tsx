'use client';

import type { ReactNode } from 'react';
import Bookmark from 'lucide-react/icons/bookmark';
import BookmarkCheck from 'lucide-react/icons/bookmark-check';
import X from 'lucide-react/icons/x';
import { kindNames, riskNames } from '@/components/request/words';
import { Icon } from '@/components/ui/Icon';
import { widened } from '@/lib/domain/queue';
import type { QueueBarProps } from './QueueBar';

/** What narrows the list, each to be taken away by itself. */
export function FilterChips(props: QueueBarProps): ReactNode {
  const { look, teams, typed, searched, onLook } = props;
  const chips = [
    ...look.kinds.map((kind) => ({
      words: kindNames[kind],
      without: () => onLook({ ...look, kinds: look.kinds.filter((other) => other !== kind) }),
    })),
    ...look.risks.map((risk) => ({
      words: riskNames[risk],
      without: () => onLook({ ...look, risks: look.risks.filter((other) => other !== risk) }),
    })),
    ...look.teams.map((team) => ({
      words: teams.find(({ id }) => id === team)?.name ?? team,
      without: () => onLook({ ...look, teams: look.teams.filter((other) => other !== team) }),
    })),
  ];
  const searching = typed.trim() !== '';
  return (
    <div className="q-chips" role="group" aria-label="Filters in use">
      {chips.map(({ words, without }) => (
        <button key={words} type="button" className="q-filter-chip" title={`Without ${words}`} onClick={without}>
          {words}
          <Icon of={X} size="xs" />
          <span className="sr">: take away</span>
        </button>
      ))}
      {searching && searched !== 'failed' ? (
        <span className="meta q-searching" role="status">
          {searched === 'asking' || typed !== look.text
            ? 'Searching everything visible…'
            : 'Searched everything visible'}
        </span>
      ) : null}
      <ChipActs {...props} />
    </div>
  );
}

/** What is done with the look as a whole. */
function ChipActs({ look, typed, savedAs, onLook, onType, onSaveView }: QueueBarProps): ReactNode {
  return (
    <span className="q-chip-acts">
      {savedAs === null || typed !== look.text ? null : (
        <span className="meta q-saved-as" title={`Saved as ${savedAs}`}>
          <Icon of={BookmarkCheck} size="xs" />
          <span className="sr">Saved as </span>
          <span className="cut">{savedAs}</span>
        </span>
      )}
      {onSaveView === null ? null : (
        <button type="button" className="q-chip-act" onClick={onSaveView}>
          <Icon of={Bookmark} size="xs" />
          Save view
        </button>
      )}
      <button
        type="button"
        className="q-chip-act"
        onClick={() => {
          onType('');
          onLook(widened(look));
        }}
      >
        Clear
      </button>
    </span>
  );
}
