'use client';

import { type ReactNode, useId, useState } from 'react';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import { useAction } from '@/components/admin/use-action';
import { Section } from '@/components/settings/Section';
import { Button } from '@/components/ui/Button';
import { Note } from '@/components/ui/Note';
import {
  type KeptKind,
  keptForWords,
  keptKinds,
  keptNames,
  type PurgeCount,
  type Retention,
  type RetentionVersion,
} from '@/lib/domain/retention';
import { whenWords } from '@/lib/domain/timeline/time-words';
import { countWords } from './count-words';
import type { KeepingDesk, KeepingView } from './keeping-props';
import { type Preview, usePreview } from './use-preview';

export interface RetentionSectionProps {
  readonly retention: RetentionVersion;
  readonly lastPurge: KeepingView['lastPurge'];
  readonly now: number;
  readonly desk: KeepingDesk;
}

const dayMs = 86_400_000;
const usual: readonly (number | null)[] = [1, 7, 14, 30, 60, 90, 180, 365, 730, 2_555].map((days) => days * dayMs);

const hints: { readonly [K in KeptKind]: string } = {
  payloads: 'From the end of their session, or of a call that is over and collected in one that lives on.',
  raw: 'JSON-RPC as it went over the wire, masked.',
  events: 'The timeline, calls and requests of a session. Its line in the list stays.',
  deliveries: 'Which notification was sent to whom.',
  audit: 'Who did what. The chain still verifies from where it then begins.',
};

/** How long each kind is kept, and what that would purge now. */
export function RetentionSection({ retention, lastPurge, now, desk }: RetentionSectionProps): ReactNode {
  const [draft, setDraft] = useState<Retention>(retention.retention);
  const [base, setBase] = useState(retention.version);
  const [said, setSaid] = useState<'nothing' | 'saved'>('nothing');
  const { state, run } = useAction<RetentionVersion>((saved) => {
    setBase(saved.version);
    setDraft(saved.retention);
    setSaid('saved');
  });
  const preview = usePreview(JSON.stringify(draft), () => desk.previewPurge(draft));
  const problem = preview.is === 'there' ? preview.value.problem : null;
  return (
    <Section
      title="How long it is kept"
      lead="What is open, or answered and not delivered yet, is never purged. What was purged cannot be brought back; pages say so in its place."
    >
      <div className="kp-kinds">
        {keptKinds.map((kind) => (
          <KindField
            key={kind}
            kind={kind}
            ms={draft[kind]}
            onMs={(ms) => {
              setSaid('nothing');
              setDraft((before) => ({ ...before, [kind]: ms }));
            }}
          />
        ))}
      </div>
      {problem === null ? null : (
        <Note icon={TriangleAlert} tone="danger" live="alert">
          {problem}
        </Note>
      )}
      <div className="kp-foot" aria-live="polite">
        <PurgePreview preview={preview} said={said} />
        <Button
          look="danger"
          disabled={state.is === 'busy' || problem !== null || preview.is === 'waiting'}
          onClick={() => run(() => desk.saveRetention(base, draft))}
        >
          {state.is === 'busy' ? 'Saving' : 'Save times'}
        </Button>
      </div>
      {state.is === 'refused' ? (
        <Note icon={TriangleAlert} tone="danger" live="alert">
          {state.message}
        </Note>
      ) : null}
      {lastPurge === null ? null : (
        <p className="meta">
          Last purge {whenWords(lastPurge.at, now)}: {lastPurge.counts.map(countWords).join('; ')}.
        </p>
      )}
    </Section>
  );
}

type Counted = Preview<{ readonly counts: readonly PurgeCount[]; readonly problem: string | null }>;

/** Once it is being done, what it would do is said no more. */
function PurgePreview({ preview, said }: { readonly preview: Counted; readonly said: 'nothing' | 'saved' }): ReactNode {
  if (said === 'saved') return <span className="t2 grow">Saved. What is old enough is being purged.</span>;
  const problem = preview.is === 'there' ? preview.value.problem : null;
  const counts = preview.is === 'there' ? preview.value.counts.filter(({ items }) => items > 0) : [];
  return (
    <div className="t2 grow">
      {preview.is === 'waiting' ? 'Counting what this would purge now' : null}
      {preview.is === 'refused' ? preview.message : null}
      {preview.is === 'there' && problem === null && counts.length === 0 ? 'This would purge nothing now.' : null}
      {counts.length === 0 ? null : (
        <>
          <span>This would purge now:</span>
          <ul className="kp-counts">
            {counts.map((count) => (
              <li key={count.kind}>{countWords(count)}</li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

interface KindFieldProps {
  readonly kind: KeptKind;
  readonly ms: number | null;
  readonly onMs: (ms: number | null) => void;
}

function KindField({ kind, ms, onMs }: KindFieldProps): ReactNode {
  const id = useId();
  // One that the configuration said need not be among the usual.
  const choices = [...new Set([ms, ...usual])].filter((one) => one !== null).sort((a, b) => a - b);
  return (
    <div className="kp-kind">
      <div className="grow">
        <label className="medium" htmlFor={id}>
          {keptNames[kind]}
        </label>
        <p id={`${id}-hint`} className="hint">
          {hints[kind]}
        </p>
      </div>
      <select
        id={id}
        className="input"
        value={ms ?? ''}
        aria-describedby={`${id}-hint`}
        onChange={(event) => onMs(event.target.value === '' ? null : Number(event.target.value))}
      >
        <option value="">for ever</option>
        {choices.map((one) => (
          <option key={one} value={one}>
            {keptForWords(one)}
          </option>
        ))}
      </select>
    </div>
  );
}
