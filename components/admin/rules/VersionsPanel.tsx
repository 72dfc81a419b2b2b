'use client';

import { type ReactNode, useEffect, useState } from 'react';
import RotateCcw from 'lucide-react/icons/rotate-ccw';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import { Button } from '@/components/ui/Button';
import { Dialog } from '@/components/ui/Dialog';
import { Note } from '@/components/ui/Note';
import { Bone, Skeleton } from '@/components/ui/Skeleton';
import { Tag } from '@/components/ui/Tag';
import { visibleText } from '@/components/ui/visible-text';
import { diffRules } from '@/lib/domain/policy/editing';
import { type PolicyVersion, usualTerms } from '@/lib/domain/policy/rule';
import { approversWords, deadlineWords, type TeamNames } from '@/lib/domain/policy/words';
import { dayTime } from '@/lib/domain/timeline/time-words';
import type { VersionRow } from '@/lib/protocol/command/rules';
import { useAction } from '../use-action';
import { ChangeList } from './ChangeList';
import { countWords } from './count-words';
import { DecisionTag } from './DecisionTag';
import type { RulesDesk } from './rules-props';

export interface VersionsPanelProps {
  readonly current: PolicyVersion;
  readonly versions: readonly VersionRow[];
  readonly names: TeamNames;
  /** How many unsaved changes restoring would replace. */
  readonly unsaved: number;
  readonly now: number;
  readonly read: RulesDesk['version'];
  readonly onRestore: (version: PolicyVersion) => void;
}

export function VersionsPanel(props: VersionsPanelProps): ReactNode {
  const { current, versions, now, onRestore } = props;
  const [open, setOpen] = useState<number | null>(null);
  const sorted = versions.toSorted((a, b) => b.version - a.version);
  return (
    <>
      <table className="table ad rl-versions">
        <thead>
          <tr>
            <th scope="col">Version</th>
            <th scope="col">Saved</th>
            <th scope="col">By</th>
            <th scope="col">Note</th>
            <th scope="col" className="r">
              Rules
            </th>
            <th scope="col">
              <span className="sr">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {sorted.map((row) => (
            <tr key={row.version}>
              <td>
                <span className="row">
                  <span className="medium num">{row.version}</span>
                  {row.version === current.version ? <Tag tone="ok">in force</Tag> : null}
                </span>
              </td>
              <td className="num t2">{dayTime(row.savedAt, now)}</td>
              <td>{row.savedBy ?? <span className="t3">configuration</span>}</td>
              <td className="t2">{row.note ?? <span className="t3">none</span>}</td>
              <td className="r num">{row.rules}</td>
              <td className="r">
                <Button size="sm" aria-label={`View version ${row.version}`} onClick={() => setOpen(row.version)}>
                  View
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {open === null ? null : (
        <VersionDialog
          {...props}
          version={open}
          onRestore={(version) => {
            setOpen(null);
            onRestore(version);
          }}
          onClose={() => setOpen(null)}
        />
      )}
    </>
  );
}

interface VersionDialogProps extends VersionsPanelProps {
  readonly version: number;
  readonly onClose: () => void;
}

function VersionDialog(props: VersionDialogProps): ReactNode {
  const { version, current, unsaved, read, onRestore, onClose } = props;
  const [found, setFound] = useState<PolicyVersion | null>(version === current.version ? current : null);
  const { state, run } = useAction<PolicyVersion>(setFound);
  useEffect(() => {
    if (version !== current.version) run(() => read(version));
  }, [version, current.version, read, run]);
  const isPast = version !== current.version;
  const ask = (
    <p className="t2">
      {isPast ? `Restored, it is version ${current.version + 1}; every other version stays.` : 'This is in force.'}
    </p>
  );
  const footer = (
    <>
      <span className="meta grow">
        {isPast && unsaved > 0 ? `Restoring replaces your ${countWords(unsaved)}.` : ''}
      </span>
      <Button size="lg" hint="Esc" onClick={onClose}>
        Close
      </Button>
      {isPast ? (
        <Button
          size="lg"
          look="primary"
          icon={RotateCcw}
          disabled={found === null}
          onClick={() => found !== null && onRestore(found)}
        >
          Restore as a new version
        </Button>
      ) : null}
    </>
  );
  return (
    <Dialog title={`Version ${version}`} onClose={onClose} ask={ask} footer={footer} size="lg">
      {state.is === 'refused' ? (
        <Note icon={TriangleAlert} tone="danger" live="alert">
          {state.message}
        </Note>
      ) : null}
      {found === null ? (
        state.is === 'refused' ? null : (
          <Skeleton label={`Loading version ${version}`}>
            <Bone width="60%" />
          </Skeleton>
        )
      ) : (
        <VersionBody {...props} found={found} />
      )}
    </Dialog>
  );
}

function VersionBody({
  found,
  current,
  names,
  now,
}: VersionDialogProps & { readonly found: PolicyVersion }): ReactNode {
  const changes = diffRules(current.rules, found.rules);
  return (
    <>
      <p className="t2">
        Saved {dayTime(found.savedAt, now)} by {found.savedBy ?? 'the configuration'}
        {found.note === null ? '.' : `: “${found.note}”`}
      </p>
      {found.version === current.version ? null : (
        <>
          <h3 className="h">
            {changes.length === 0
              ? 'The same as what is in force'
              : `Restoring it makes ${countWords(changes.length)} to version ${current.version}`}
          </h3>
          <ChangeList label="What restoring changes" changes={changes} names={names} />
        </>
      )}
      <h3 className="h">Its rules</h3>
      {found.rules.length === 0 ? <p className="t3">None: the defaults decided.</p> : null}
      <ol className="rl-past">
        {found.rules.map((rule, index) => (
          <li key={rule.id}>
            <span className="num t3">{index + 1}</span>
            <div className="rl-whole">
              <span className="row wrap">
                <DecisionTag of={rule.decision} />
                <span className="medium">{rule.id}</span>
                {rule.enabled ? null : <Tag>off</Tag>}
                {rule.decision === 'hold' ? (
                  <span className="meta">
                    {approversWords(rule.hold ?? usualTerms, names)}; {deadlineWords(rule.hold ?? usualTerms)}
                  </span>
                ) : null}
              </span>
              <code className="mono rl-cel">{visibleText(rule.when)}</code>
            </div>
          </li>
        ))}
      </ol>
    </>
  );
}
