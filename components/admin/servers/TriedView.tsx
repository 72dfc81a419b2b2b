'use client';

import Link from 'next/link';
import { type ReactNode, useState } from 'react';
import CircleCheck from 'lucide-react/icons/circle-check';
import LoaderCircle from 'lucide-react/icons/loader-circle';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import { Note } from '@/components/ui/Note';
import { Tree } from '@/components/ui/Tree';
import type { TreeChoices } from '@/components/ui/tree-model';
import { visibleText } from '@/components/ui/visible-text';
import type { JsonObject } from '@/lib/domain/json';
import type { Tried, TriedOutcome } from '@/lib/domain/server';

/** A call by hand as it stands: whom it waits for, how far it is, what it gave. */
export function TriedView({ tried }: { readonly tried: Tried }): ReactNode {
  const { outcome, words, progress } = tried;
  if (outcome !== null) return <Outcome outcome={outcome} />;
  return (
    <Note icon={LoaderCircle} tone="accent" live="status">
      <p className="medium">{visibleText(words)}</p>
      {progress === null ? null : (
        <p className="num">
          {progress.progress}
          {progress.total === null ? '' : ` of ${progress.total}`}
          {progress.message === null ? '' : ` · ${visibleText(progress.message)}`}
        </p>
      )}
      <p>
        Questions of the server and approvals are in the <Link href="/queue">queue</Link>.
      </p>
    </Note>
  );
}

const ends: { readonly [E in Exclude<TriedOutcome['is'], 'completed'>]: string } = {
  failed: 'The server answered with an error',
  rejected: 'It was not let go',
  expired: 'No one answered in time',
  cancelled: 'It was cancelled',
  indeterminate: 'Whether it took effect is not known',
  ended: 'Its session ended first',
};

function Outcome({ outcome }: { readonly outcome: TriedOutcome }): ReactNode {
  if (outcome.is !== 'completed')
    return (
      <Note icon={TriangleAlert} tone={outcome.is === 'cancelled' ? 'plain' : 'danger'} live="alert">
        <p className="medium">{ends[outcome.is]}</p>
        <p>{visibleText(outcome.message)}</p>
      </Note>
    );
  if (outcome.result === null)
    return (
      <Note icon={CircleCheck} tone="ok" live="status">
        It is done. Its result is {outcome.bytes.toLocaleString('en-US')} bytes, too large to be shown here; see its
        session.
      </Note>
    );
  return <Shown result={outcome.result} />;
}

function Shown({ result }: { readonly result: JsonObject }): ReactNode {
  const [choices, setChoices] = useState<TreeChoices>(new Map());
  const failed = result['isError'] === true;
  return (
    <section>
      <Note
        icon={failed ? TriangleAlert : CircleCheck}
        tone={failed ? 'danger' : 'ok'}
        live={failed ? 'alert' : 'status'}
      >
        {failed ? 'The tool says that it failed' : 'Done'}
      </Note>
      <Tree value={result} choices={choices} onChoices={setChoices} />
    </section>
  );
}
