'use client';

import Link from 'next/link';
import { type ReactNode, useState } from 'react';
import Check from 'lucide-react/icons/check';
import Clock from 'lucide-react/icons/clock';
import CircleSlash from 'lucide-react/icons/circle-slash';
import Undo from 'lucide-react/icons/undo-2';
import Unplug from 'lucide-react/icons/unplug';
import Users from 'lucide-react/icons/users';
import X from 'lucide-react/icons/x';
import { CopyButton } from '@/components/ui/CopyButton';
import { Note } from '@/components/ui/Note';
import { Receipt } from '@/components/ui/Receipt';
import { receiptStages, wasAnswered } from '@/components/ui/receipt-stages';
import { clockTimeFrom, spanWords } from '@/components/ui/time-words';
import { Tree } from '@/components/ui/Tree';
import type { TreeChoices } from '@/components/ui/tree-model';
import { visibleText } from '@/components/ui/visible-text';
import { actorName } from '@/lib/domain/actor';
import type { Json } from '@/lib/domain/json';
import type { HoldRequest } from '@/lib/domain/request';
import type { RequestDetail } from '@/lib/domain/request-detail';
import { keptLines, keptText } from './kept-text';
import type { RequestDraft } from './draft';
import { actionDone, firstName } from './words';

export interface OverPanelProps {
  readonly detail: RequestDetail;
  readonly draft: RequestDraft;
  readonly meId: string;
  readonly now: number;
  readonly sessionHref: string;
}

/** How it ended, for whoever looks: the answer and its receipt, or that nobody answered. */
export function OverPanel(props: OverPanelProps): ReactNode {
  const { request } = props.detail;
  return (
    <div className="stack r-over">
      {wasAnswered(request) ? <Answered {...props} request={request} /> : <Unanswered {...props} />}
      <Kept {...props} />
      <p>
        <Link href={props.sessionHref}>Open the session’s timeline</Link>
      </p>
    </div>
  );
}

type AnsweredRequest = Extract<HoldRequest, { readonly answer: unknown }>;

function Answered({
  detail,
  request,
  meId,
  now,
  draft,
}: OverPanelProps & { readonly request: AnsweredRequest }): ReactNode {
  const { answer } = request;
  const mine = answer.by.kind === 'person' && answer.by.id === meId;
  const who = mine ? 'You' : firstName(actorName(answer.by));
  const when = clockTimeFrom(answer.savedAt, now);
  const lost = request.state === 'undelivered';
  const raced = !mine && keptText(detail, draft) !== '';
  const icon = lost ? Unplug : mine ? { accept: Check, decline: X, cancel: CircleSlash }[answer.action] : Users;
  const tone = lost ? 'danger' : mine && answer.action === 'accept' ? 'ok' : mine ? 'plain' : 'accent';
  return (
    <>
      <Note icon={icon} tone={tone} live="status">
        <p className="medium">
          {lost
            ? `${mine ? 'Your' : `${who}’s`} answer did not arrive`
            : `${who} ${actionDone[answer.action]} this${raced ? ' before you' : ''}`}
        </p>
        <p className="t2 num">
          {lost
            ? `It is saved since ${when}, but ${lower(request.why)}`
            : `At ${when}, ${spanWords(Math.max(1_000, answer.savedAt - request.openedAt))} after it was asked.`}
        </p>
      </Note>
      <Receipt stages={receiptStages(request)} />
      {lost ? <p className="t2">If the agent asks again, a person is asked again. Nothing is sent by itself.</p> : null}
      {answer.reason === null || answer.reason === '' ? null : (
        <section>
          <h2 className="h">Reason given</h2>
          <p className="quote">{visibleText(answer.reason)}</p>
        </section>
      )}
      {detail.answer === null || answer.action !== 'accept' ? null : <Content value={detail.answer} />}
    </>
  );
}

function lower(words: string): string {
  const text = words.endsWith('.') ? words : `${words}.`;
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function Content({ value }: { readonly value: Json }): ReactNode {
  const [choices, setChoices] = useState<TreeChoices>(new Map());
  return (
    <section>
      <h2 className="h">The answer</h2>
      <div className="card tree-box">
        <Tree value={value} choices={choices} onChoices={setChoices} />
      </div>
    </section>
  );
}

function Unanswered({ detail, now }: OverPanelProps): ReactNode {
  const { request, summary } = detail;
  if (request.state === 'withdrawn') {
    return (
      <>
        <Note icon={Undo} live="status">
          <p className="medium">No longer needed</p>
          <p className="t2">
            <span className="num">{clockTimeFrom(request.endedAt, now)}.</span> {visibleText(request.why)}
          </p>
        </Note>
        <p className="t2">The question was taken back before anyone answered. No answer was sent.</p>
      </>
    );
  }
  const endedAt = request.state === 'expired' ? request.endedAt : request.deadline.at;
  return (
    <>
      <Note icon={Clock} live="status">
        <p className="medium">No one answered</p>
        <p className="t2 num">
          Open for {spanWords(endedAt - request.openedAt)}, until {clockTimeFrom(endedAt, now)}:{' '}
          {request.deadline.reason}.
        </p>
      </Note>
      <dl className="kv">
        <dt>The agent</dt>
        <dd>{summary.session.agent.name} hears “no one answered”, not a refusal</dd>
        <dt>The call</dt>
        <dd>{request.kind === 'approval' ? 'expired, nothing was sent' : 'goes on or ends as the server decides'}</dd>
      </dl>
    </>
  );
}

/** What this person had typed and did not get to send. */
function Kept({ detail, draft, meId }: OverPanelProps): ReactNode {
  const { request } = detail;
  if (wasAnswered(request) && answeredByMe(request, meId)) return null;
  const lines = keptLines(detail, draft);
  if (lines.length === 0) return null;
  return (
    <section className="stack">
      <div className="row">
        <h2 className="h grow">Your text is kept</h2>
        <CopyButton look="words" label="Copy my text" text={() => keptText(detail, draft)} />
      </div>
      <dl className="kv kept">
        {lines.map(({ name, text }) => (
          <div key={name} className="contents">
            <dt>{name}</dt>
            <dd className="words">{text}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function answeredByMe(request: AnsweredRequest, meId: string): boolean {
  return request.answer.by.kind === 'person' && request.answer.by.id === meId;
}
