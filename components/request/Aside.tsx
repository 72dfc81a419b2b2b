'use client';

import Link from 'next/link';
import { type ReactNode, useMemo, useState } from 'react';
import CalendarOff from 'lucide-react/icons/calendar-off';
import Check from 'lucide-react/icons/check';
import Clock from 'lucide-react/icons/clock';
import Users from 'lucide-react/icons/users';
import X from 'lucide-react/icons/x';
import { CopyButton } from '@/components/ui/CopyButton';
import { Icon } from '@/components/ui/Icon';
import { wasAnswered } from '@/components/ui/receipt-stages';
import { clockTimeFrom } from '@/components/ui/time-words';
import type { TreeChoices } from '@/components/ui/tree-model';
import { type Person, standsInFor } from '@/lib/domain/permission';
import { isPageFirst } from '@/lib/domain/permit';
import type { HoldRequest } from '@/lib/domain/request';
import type { RequestDetail } from '@/lib/domain/request-detail';
import { Arguments } from './Arguments';
import { type AskedAs, askedAs } from './asked-as';
import { resultLostWhy, plainSentence } from './call-words';
import { cannotAccept } from './cannot-accept';
import { limitWords } from './deadline-words';
import { QuorumCard } from './QuorumCard';
import { isPlain, termsOf, voteLeadsTo, voteOf } from './quorum';
import type { PresentPerson } from './request-props';
import { type Consequences, consequences } from './answer-words';
import { shortId } from './words';

export interface AsideProps {
  readonly detail: RequestDetail;
  readonly sessionHref: string;
  readonly now: number;
  readonly me: Person;
  readonly people: readonly PresentPerson[];
}

/** Who asks, with what, and what each answer leads to. */
export function Aside({ detail, sessionHref, now, me, people }: AsideProps): ReactNode {
  const [choices, setChoices] = useState<TreeChoices>(new Map());
  const { kind } = detail.request;
  return (
    <aside className="r-aside" aria-label="About this request">
      {kind === 'approval' ? <QuorumCard request={detail.request} me={me} people={people} now={now} /> : null}
      <StandIn request={detail.request} me={me} />
      <WhoAsks detail={detail} sessionHref={sessionHref} />
      {kind === 'approval' || kind === 'recovery' || detail.call === null ? null : (
        <Arguments look="aside" value={detail.arguments} choices={choices} onChoices={setChoices} />
      )}
      {kind === 'approval' ? <WhatIsApproved detail={detail} /> : null}
      {detail.request.state === 'open' ? <WhatHappens detail={detail} now={now} me={me} /> : null}
    </aside>
  );
}

/** Why it stands in front of someone who is neither of its team nor the one it is for. */
function StandIn({ request, me }: { readonly request: HoldRequest; readonly me: Person }): ReactNode {
  const names = standsInFor(me, request).map(({ name }) => name);
  if (names.length === 0) return null;
  return (
    <p className="hint a-not">
      <Icon of={CalendarOff} size="xs" />
      You see this because you stand in for {names.join(' and ')}. You answer in your own name.
    </p>
  );
}

function WhoAsks({ detail, sessionHref }: Pick<AsideProps, 'detail' | 'sessionHref'>): ReactNode {
  const { request, call, summary } = detail;
  const client = summary.session.client;
  return (
    <section>
      <h2 className="h">{request.kind === 'recovery' ? 'The call' : 'Who asks'}</h2>
      <dl className="kv">
        <dt>Server</dt>
        <dd>{request.server}</dd>
        <dt>Tool</dt>
        <dd>
          {request.tool === null ? (
            <span className="t3">the server did not say</span>
          ) : (
            <span className="mono">{request.tool}</span>
          )}
        </dd>
        <dt>Agent</dt>
        <dd>
          {summary.session.agent.name}
          {client === null ? null : (
            <span className="t3">
              {' '}
              with {client.name} {client.version}
            </span>
          )}
        </dd>
        <dt>Session</dt>
        <dd>
          <Link className="mono" href={sessionHref}>
            {shortId(summary.session.sessionId)}
          </Link>
        </dd>
        <dt>Why</dt>
        <dd className="t2">{whyWords(detail)}</dd>
        {call === null || call.state !== 'input_required' || request.state !== 'open' ? null : (
          <>
            <dt>The call</dt>
            <dd className="t2">{call.progress === null ? 'waits for this answer' : progressWords(call.progress)}</dd>
          </>
        )}
      </dl>
    </section>
  );
}

function progressWords(progress: {
  readonly progress: number;
  readonly total: number | null;
  readonly message: string | null;
}): string {
  const count = progress.total === null ? `${progress.progress}` : `${progress.progress} of ${progress.total}`;
  return `waits at ${count}${progress.message === null ? '' : `, ${progress.message}`}`;
}

function whyWords({ request, call }: RequestDetail): string {
  if (request.kind === 'approval') return call?.rule?.words ?? 'A rule asks a person before this is sent.';
  if (call === null) {
    const count = request.candidates.length;
    return count === 0 ? 'Asked outside any call.' : `Asked outside a call; ${count} in flight may have asked.`;
  }
  const what = {
    form: 'The tool asks before it goes on.',
    url: isPageFirst(request)
      ? 'The server does not run the call before this page is visited.'
      : 'The tool asks a person to visit a page.',
    sampling: 'The tool asks for a model’s words.',
  };
  return request.kind === 'recovery' ? 'It was sent, and its outcome is not known.' : what[request.kind];
}

function WhatIsApproved({ detail }: { readonly detail: RequestDetail }): ReactNode {
  const { request, call } = detail;
  const digest = request.digest;
  const approval = approvalOf(request);
  return (
    <>
      {call?.rule == null || request.state !== 'open' ? null : (
        <section className="sect">
          <h2 className="h">Held by rule</h2>
          <p className="mono r-rule">{call.rule.id}</p>
        </section>
      )}
      <section className="sect">
        <h2 className="h">{approvalWords[approval]}</h2>
        <dl className="kv">
          <dt>Digest</dt>
          <dd className="row digest">
            <span className="mono">{digest === null ? 'none' : digestWords(digest)}</span>
            {digest === null ? null : <CopyButton label="Copy the whole digest" text={() => digest} />}
          </dd>
          <dt>Covers</dt>
          <dd className="t2">server, tool, arguments, definition, rules</dd>
          {approval === 'none' ? null : (
            <>
              <dt>Used</dt>
              <dd className="t2">once, checked again at sending</dd>
            </>
          )}
        </dl>
      </section>
      {call === null ? null : <Annotations annotations={call.annotations} server={request.server} />}
    </>
  );
}

type Approval = 'asked' | 'given' | 'none';

const approvalWords: { readonly [A in Approval]: string } = {
  asked: 'What exactly is approved',
  given: 'What exactly was approved',
  none: 'What exactly was asked',
};

/** Whether there is an approval of it that could be used (I6). */
function approvalOf(request: HoldRequest): Approval {
  if (request.state === 'open') return 'asked';
  return wasAnswered(request) && request.answer.action === 'accept' ? 'given' : 'none';
}

function digestWords(digest: string): string {
  const hex = digest.replace(/^sha-?256[:-]/i, '');
  return `${hex.slice(0, 8)} ${hex.slice(8, 16)}`.trim();
}

function Annotations({
  annotations,
  server,
}: {
  readonly annotations: NonNullable<RequestDetail['call']>['annotations'];
  readonly server: string;
}): ReactNode {
  const rows = [
    { name: 'Read-only', value: annotations.readOnlyHint },
    { name: 'Destructive', value: annotations.destructiveHint },
    { name: 'Repeatable', value: annotations.idempotentHint },
    { name: 'Open world', value: annotations.openWorldHint },
  ];
  return (
    <section className="sect">
      <h2 className="h">What {server} says of the tool</h2>
      <dl className="kv">
        {rows.map(({ name, value }) => (
          <div key={name} className="contents">
            <dt>{name}</dt>
            <dd className={value === undefined ? 't3' : ''}>
              {value === undefined ? 'not said' : value ? 'yes' : 'no'}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

const neitherWords: { readonly [K in AskedAs]: string } = {
  form: 'the server hears “cancel”, and the agent that no one answered.',
  url: 'the server hears “cancel”, and the agent that no one answered.',
  sampling: 'the server and the agent hear that no one answered.',
  approval: 'the agent hears that no one answered. Nothing is sent.',
  page_first: 'the agent hears that no one answered. Nothing is sent again.',
  page_again: 'the agent hears that the outcome is unknown. Nothing is sent again.',
  recovery: 'the agent hears that the outcome is unknown. Nothing is sent again.',
};

/** A rule may let a call go when no one answers: that is said as plainly as can be. */
function neitherOf({ request, call }: Pick<RequestDetail, 'request' | 'call'>): string {
  return request.kind === 'approval' && request.deadline.onExpiry === 'allow'
    ? 'the call is sent without enough approvals: the rule says so.'
    : neitherWords[askedAs({ request, call })];
}

/** With more than one person to decide, what one more vote leads to. */
function withVotes(words: Consequences, { request, allowed }: RequestDetail, me: Person): Consequences {
  if (request.kind !== 'approval' || isPlain(termsOf(request))) return words;
  const own = voteOf(request.votes, me);
  const yes = voteLeadsTo(request, me, 'approve');
  const no = voteLeadsTo(request, me, 'deny');
  const accept =
    yes.tally === 'approved' ? `Yours decides. ${words.accept}` : `Yours counts. It then waits for ${yes.missing}.`;
  return {
    accept: !allowed.approve.ok
      ? (allowed.approve.why ?? 'You cannot approve this.')
      : own?.vote === 'approve'
        ? `You have approved. It waits for ${yes.missing}.`
        : accept,
    decline:
      no.tally === 'denied'
        ? `It is refused. ${words.decline}`
        : `Yours counts. ${no.denials} more ${no.denials === 1 ? 'decline refuses' : 'declines refuse'} it.`,
  };
}

function Escalation({ request, now }: { readonly request: HoldRequest; readonly now: number }): ReactNode {
  const escalation = request.approval?.escalation ?? null;
  if (escalation === null || request.alsoTeams.some(({ id }) => id === escalation.team.id)) return null;
  return (
    <>
      <dt>
        <Icon of={Users} size="sm" />
        Later
      </dt>
      <dd className="num">
        At {clockTimeFrom(escalation.at, now)} {escalation.team.name} is asked, too.
      </dd>
    </>
  );
}

function WhatHappens({ detail, now, me }: Pick<AsideProps, 'detail' | 'now' | 'me'>): ReactNode {
  const { request, summary } = detail;
  const asker = { server: request.server, agent: summary.session.agent.name };
  const words = withVotes(consequences(askedAs(detail), asker, request.risk), detail, me);
  const neither = `At ${clockTimeFrom(request.deadline.at, now)} ${neitherOf(detail)}`;
  const lost = resultLostWhy(detail.call) === null ? '' : ' Its result cannot come back.';
  const cannot = useMemo(() => cannotAccept(detail), [detail]);
  return (
    <>
      {request.kind === 'recovery' ? (
        <section className="sect">
          <h2 className="h">If no one decides</h2>
          <p className="t2 num">{neither}</p>
        </section>
      ) : (
        <section className="sect">
          <h2 className="h">What happens</h2>
          <dl className="kv what">
            <dt>
              <Icon of={Check} size="sm" />
              Accept
            </dt>
            <dd>{cannot?.instead ?? `${words.accept}${lost}`}</dd>
            <dt>
              <Icon of={X} size="sm" />
              Decline
            </dt>
            <dd>{words.decline}</dd>
            <dt>
              <Icon of={Clock} size="sm" />
              Neither
            </dt>
            <dd className="num">{neither}</dd>
            <Escalation request={request} now={now} />
          </dl>
        </section>
      )}
      <section className="sect">
        <h2 className="h">Why it ends then</h2>
        <dl className="kv">
          <dt>Set by</dt>
          <dd className="t2">{limitWords[request.deadline.cause]}</dd>
          <dt>Why</dt>
          <dd className="t2">{plainSentence(request.deadline.reason)}</dd>
        </dl>
      </section>
    </>
  );
}
