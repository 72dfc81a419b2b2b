'use client';

import { type ReactNode, useEffect, useState } from 'react';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import { KindsTable } from '@/components/settings/KindsTable';
import type { SettingsDesk } from '@/components/settings/settings-props';
import { TimesFields } from '@/components/settings/TimesFields';
import { Button } from '@/components/ui/Button';
import { Dialog } from '@/components/ui/Dialog';
import { Note } from '@/components/ui/Note';
import { Bone, Skeleton } from '@/components/ui/Skeleton';
import { teamChannels, teamKinds, type TeamPreferences } from '@/lib/domain/notice';
import { preferenceProblem } from '@/lib/domain/notice/preference-problem';
import type { TeamRef } from '@/lib/domain/team';
import { useAction } from '../use-action';
import { placeKindWords } from './place-kinds';

export interface TeamTimesDialogProps {
  readonly team: TeamRef;
  readonly now: number;
  readonly desk: SettingsDesk;
  readonly onClose: () => void;
}

type Read =
  | { readonly is: 'reading' }
  | { readonly is: 'failed'; readonly message: string }
  | { readonly is: 'ready'; readonly draft: TeamPreferences };

/** What a team's places hear, and when. */
export function TeamTimesDialog({ team, now, desk, onClose }: TeamTimesDialogProps): ReactNode {
  const [read, setRead] = useState<Read>({ is: 'reading' });
  const { state, run } = useAction<unknown>(onClose);
  useEffect(() => {
    let here: 'here' | 'left' = 'here';
    desk.teamPreferences(team.id).then(
      (said) => {
        if (here === 'here')
          setRead(said.ok ? { is: 'ready', draft: said.value } : { is: 'failed', message: said.message });
      },
      () => setRead({ is: 'failed', message: 'There was no answer. Close this and try again.' }),
    );
    return () => {
      here = 'left';
    };
  }, [desk, team.id]);
  const problem = read.is === 'ready' ? preferenceProblem(read.draft, teamChannels) : null;
  const footer = (
    <>
      <span className={`grow ${problem === null ? '' : 'err'}`} role="status">
        {problem}
      </span>
      <Button size="lg" hint="Esc" onClick={onClose}>
        Cancel
      </Button>
      <Button
        size="lg"
        look="primary"
        disabled={read.is !== 'ready' || problem !== null || state.is === 'busy'}
        onClick={() => {
          if (read.is === 'ready') run(() => desk.saveTeamPreferences(team.id, read.draft));
        }}
      >
        {state.is === 'busy' ? 'Saving' : 'Save'}
      </Button>
    </>
  );
  return (
    <Dialog title={`When ${team.name} is told`} onClose={onClose} footer={footer} size="lg">
      <TeamTimes read={read} now={now} onDraft={(draft) => setRead({ is: 'ready', draft })} />
      {state.is === 'refused' ? (
        <Note icon={TriangleAlert} tone="danger" live="alert">
          {state.message}
        </Note>
      ) : null}
    </Dialog>
  );
}

interface TeamTimesProps {
  readonly read: Read;
  readonly now: number;
  readonly onDraft: (draft: TeamPreferences) => void;
}

function TeamTimes({ read, now, onDraft }: TeamTimesProps): ReactNode {
  switch (read.is) {
    case 'reading':
      return (
        <Skeleton label="Loading what is chosen">
          <div className="stack">
            {['60%', '72%', '48%'].map((width) => (
              <Bone key={width} width={width} />
            ))}
          </div>
        </Skeleton>
      );
    case 'failed':
      return (
        <Note icon={TriangleAlert} tone="danger" live="alert">
          {read.message}
        </Note>
      );
    case 'ready': {
      const { draft } = read;
      return (
        <>
          <KindsTable
            label="What the team’s places hear"
            rows={teamKinds}
            words={placeKindWords}
            always="Through quiet hours as well, to each place that is told of it"
            columns={[
              { channel: 'slack', name: 'Slack', offWhy: null },
              { channel: 'webhook', name: 'Webhook', offWhy: null },
            ]}
            kinds={draft.kinds}
            onKinds={(kinds) => onDraft({ ...draft, kinds })}
          />
          <TimesFields times={draft} now={now} onTimes={(times) => onDraft({ ...draft, ...times })} />
        </>
      );
    }
  }
}
