'use client';

import Link from 'next/link';
import type { ReactNode } from 'react';
import Check from 'lucide-react/icons/check';
import CircleQuestionMark from 'lucide-react/icons/circle-question-mark';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import { Button } from '@/components/ui/Button';
import { CopyButton } from '@/components/ui/CopyButton';
import { Dialog } from '@/components/ui/Dialog';
import { Icon } from '@/components/ui/Icon';
import { Note } from '@/components/ui/Note';
import { actorName } from '@/lib/domain/actor';
import type { Timeline } from '@/lib/domain/timeline';
import { countOf, endStepWords } from '@/lib/domain/timeline/end-step-words';
import type { Lane } from '@/lib/domain/timeline/lane-model';
import type { Ending } from '@/lib/domain/timeline/session-life';
import { clockTimeMs, spanWords } from '@/lib/domain/timeline/time-words';

export interface EndProofDialogProps {
  readonly ending: Ending;
  readonly timeline: Timeline;
  readonly onForce: () => void;
  readonly onClose: () => void;
}

interface ProofLine {
  readonly key: number;
  readonly at: number;
  readonly title: string;
  readonly detail: string;
  readonly went: 'well' | 'badly';
}

/** What was done, step by step, as the session's events say it. */
export function EndProofDialog({ ending, timeline, onForce, onClose }: EndProofDialogProps): ReactNode {
  const lines = proofLines(ending, timeline);
  const unknown = [...timeline.lanes.values()].filter(
    (lane) => lane.state === 'indeterminate' && (lane.to ?? 0) >= ending.at,
  );
  const over = ending.endedAt !== null;
  const footer = (
    <>
      <CopyButton look="words" label="Copy as text" text={() => textOf(lines)} />
      <span className="grow" />
      <Link className="btn lg" href="/sessions">
        All sessions
      </Link>
      {over || !isWaiting(ending) ? null : (
        <Button size="lg" look="danger" onClick={onForce}>
          Force now
        </Button>
      )}
      <Button size="lg" look="primary" onClick={onClose}>
        {over ? 'See the timeline' : 'Close, it goes on'}
      </Button>
    </>
  );
  return (
    <Dialog
      scrolls="keys"
      size="lg"
      title={titleOf(over ? 'over' : 'under way', unknown.length)}
      onClose={onClose}
      footer={footer}
    >
      <p className="t2 end-lead" role="status">
        {countOf(lines.length, 'step')}{' '}
        {ending.endedAt === null ? 'so far' : `in ${spanWords(ending.endedAt - ending.at)}`}, each an event in the log.
      </p>
      <ol className="proof">
        {lines.map((line) => (
          <ProofItem key={line.key} line={line} />
        ))}
        {over ? null : (
          <li className="wait">
            <span className="dot-ring spin" />
            <p className="t2">Waiting for the next step</p>
          </li>
        )}
      </ol>
      {unknown.map((lane) => (
        <UnknownNote key={lane.id} lane={lane} />
      ))}
    </Dialog>
  );
}

/** Servers have time left to stop by themselves. */
function isWaiting({ steps }: Ending): boolean {
  const names = steps.map(({ detail }) => detail.step);
  return names.includes('grace') && !names.includes('forced');
}

function titleOf(stage: 'over' | 'under way', unknown: number): string {
  if (stage === 'under way') return 'Ending the session';
  return unknown === 0 ? 'Session ended' : `Session ended, ${countOf(unknown, 'outcome')} unknown`;
}

function textOf(lines: readonly ProofLine[]): string {
  return lines.map((line) => `${clockTimeMs(line.at)}  ${line.title}: ${line.detail}`).join('\n');
}

function ProofItem({ line }: { readonly line: ProofLine }): ReactNode {
  return (
    <li className={line.went === 'well' ? 'ok' : 'danger'}>
      <span className="pi">
        <Icon of={line.went === 'well' ? Check : TriangleAlert} size="xs" />
      </span>
      <div>
        <p>{line.title}</p>
        <p className="meta">{line.detail}</p>
      </div>
      <span className="mono t3">{clockTimeMs(line.at)}</span>
    </li>
  );
}

function UnknownNote({ lane }: { readonly lane: Lane }): ReactNode {
  // It may be whole sentences.
  const cause = lane.outcome?.cause?.replace(/\.$/, '') ?? null;
  return (
    <Note icon={CircleQuestionMark} tone="person">
      <p className="medium">{lane.tool} may have taken effect</p>
      <p className="t2">
        It was sent to {lane.server} and no outcome came{cause === null ? '' : `: ${cause}`}. Check there before it is
        run again.
      </p>
    </Note>
  );
}

function proofLines(ending: Ending, timeline: Timeline): readonly ProofLine[] {
  const first: ProofLine = {
    key: 0,
    at: ending.at,
    title: 'Session set to ending',
    detail: `by ${actorName(ending.by)}: “${ending.reason}”`,
    went: 'well',
  };
  const steps = ending.steps.map((step): ProofLine => ({ key: step.seq, at: step.at, ...endStepWords(step.detail) }));
  if (ending.endedAt === null || ending.endedSeq === null) return [first, ...steps];
  const last: ProofLine = {
    key: ending.endedSeq,
    at: ending.endedAt,
    title: 'Session ended',
    detail: `event ${ending.endedSeq} closes the log of ${timeline.life?.agent.name ?? 'the agent'}`,
    went: 'well',
  };
  return [first, ...steps, last];
}
