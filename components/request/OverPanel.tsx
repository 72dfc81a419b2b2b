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
import type { AnswerAction } from '@/lib/domain/event';
import type { Json } from '@/lib/domain/json';
import { isPageFirst } from '@/lib/domain/permit';
import { readRecovery } from '@/lib/domain/recovery';
import type { HoldRequest } from '@/lib/domain/request';
import type { RequestDetail } from '@/lib/domain/request-detail';
import { askedAs } from './asked-as';
import { afterAnswerWords, openRecoveryOf, plainSentence } from './call-words';
import { limitWords, unansweredWords } from './deadline-words';
import { keptLines, keptText } from './kept-text';
import type { RequestDraft } from './draft';
import { usageWords } from './usage-words';
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

/** The server itself said that the page it asked for was visited. */
function endedByServer({ kind, answer }: AnsweredRequest): boolean {
  return kind === 'url' && answer.by.kind === 'server';
}

function Answered({
  detail,
  request,
  meId,
  now,
  draft,
}: OverPanelProps & { readonly request: AnsweredRequest }): ReactNode {
  const { answer } = request;
  const mine = answer.by.kind === 'person' && answer.by.id === meId;
  const who = mine ? 'You' : answer.by.kind === 'person' ? firstName(answer.by.name) : actorName(answer.by);
  const lost = request.state === 'undelivered';
  const raced = !mine && keptText(detail, draft) !== '';
  const icon = lost ? Unplug : mine ? { accept: Check, decline: X, cancel: CircleSlash }[answer.action] : Users;
  const tone = lost ? 'danger' : mine && answer.action === 'accept' ? 'ok' : mine ? 'plain' : 'accent';
  const did = endedByServer(request)
    ? 'says this is finished'
    : request.kind === 'recovery'
      ? decisionDone(detail, answer.action)
      : `${actionDone[answer.action]} this`;
  return (
    <>
      <Note icon={icon} tone={tone} live="status">
        <p className="medium">
          {lost ? `${mine ? 'Your' : `${who}’s`} answer did not arrive` : `${who} ${did}${raced ? ' before you' : ''}`}
        </p>
        <p className="t2 num">{lost ? lostWords(request, who, now) : answeredWords(request, now)}</p>
      </Note>
      <Receipt stages={receiptStages(request, detail.call)} />
      {answer.usage === null ? null : (
        <p className="meta num">
          {answer.usage.model}: {usageWords(answer.usage)}
        </p>
      )}
      {answer.remember === null ? null : (
        <p className="t2">
          This choice is remembered: see <Link href="/choices">Remembered choices</Link> to look at it or revoke it.
        </p>
      )}
      <After detail={detail} />
      {answer.reason === null || answer.reason === '' ? null : (
        <section>
          <h2 className="h">Reason given</h2>
          <p className="quote">{visibleText(answer.reason)}</p>
        </section>
      )}
      {detail.answer === null || answer.action !== 'accept' ? null : <Given detail={detail} value={detail.answer} />}
    </>
  );
}

function answeredWords({ answer, openedAt }: AnsweredRequest, now: number): string {
  const afterMs = Math.max(1_000, answer.savedAt - openedAt);
  return `At ${clockTimeFrom(answer.savedAt, now)}, ${spanWords(afterMs)} after it was asked.`;
}

/** When it was answered, and that the way to the server was cut before it got there. */
function lostWords(request: Extract<HoldRequest, { readonly state: 'undelivered' }>, who: string, now: number): string {
  const { answer, receipt, why } = request;
  const left =
    receipt.sentAt === null ? 'It was never sent' : 'It went out, and whether the server took it is not known';
  const when = `${who} ${actionDone[answer.action]} at ${clockTimeFrom(answer.savedAt, now)}, and that is saved.`;
  return `${when} ${left}. ${plainSentence(why)}`;
}

/** What a decision did, for whoever may see which it was. */
function decisionDone({ answer }: RequestDetail, action: AnswerAction): string {
  if (action !== 'accept') return action === 'decline' ? 'gave this up' : 'dismissed this';
  const reading = readRecovery(answer);
  if (!reading.ok) return 'decided this';
  return reading.decision.choice === 'run_again' ? 'had it run again' : 'marked it as done by hand';
}

function DecideLink({ recovery }: { readonly recovery: ReturnType<typeof openRecoveryOf> }): ReactNode {
  return recovery === null ? null : (
    <p>
      <Link href={`/queue/${recovery}`}>Decide whether to run it again</Link>
    </p>
  );
}

/** What became of the call where the way back was cut after the answer, and where that is decided. */
function After({ detail }: { readonly detail: RequestDetail }): ReactNode {
  const { request } = detail;
  const words = afterAnswerWords(detail);
  return (
    <>
      {words === null ? null : <p className="t2">{words}</p>}
      <DecideLink recovery={openRecoveryOf(detail)} />
      {request.state === 'undelivered' ? (
        <p className="t2">
          {request.answer.action === 'accept' && !isPageFirst(request)
            ? 'If the same is asked again, this answer is filled in for a person to check. It is never sent by itself.'
            : 'If the same is asked again, a person is asked again. Nothing is sent by itself.'}
        </p>
      ) : null}
    </>
  );
}

function Given({ detail, value }: { readonly detail: RequestDetail; readonly value: Json }): ReactNode {
  if (detail.request.kind !== 'recovery') return <Content value={value} />;
  const reading = readRecovery(value);
  if (!reading.ok || reading.decision.choice !== 'done_by_hand') return null;
  return (
    <section>
      <h2 className="h">What {detail.summary.session.agent.name} reads</h2>
      <p className="quote">{visibleText(reading.decision.note)}</p>
    </section>
  );
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
        <p className="t2">It was over before anyone answered. No answer was sent.</p>
        <DecideLink recovery={openRecoveryOf(detail)} />
      </>
    );
  }
  const endedAt = request.state === 'expired' ? request.endedAt : request.deadline.at;
  const asker = { server: request.server, agent: summary.session.agent.name };
  return (
    <>
      <Note icon={Clock} live="status">
        <p className="medium">{request.kind === 'recovery' ? 'No one decided in time' : 'No one answered in time'}</p>
        <p className="t2 num">
          Open for {spanWords(endedAt - request.openedAt)}, until {clockTimeFrom(endedAt, now)}. The limit was set by{' '}
          {limitWords[request.deadline.cause]}: {plainSentence(request.deadline.reason)}
        </p>
      </Note>
      <dl className="kv">
        {unansweredWords(askedAs(detail), asker).map(({ who, words }) => (
          <div key={who} className="contents">
            <dt>{who}</dt>
            <dd>{words}</dd>
          </div>
        ))}
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
