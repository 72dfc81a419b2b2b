import { type ReactNode, useState } from 'react';
import Bot from 'lucide-react/icons/bot';
import Pencil from 'lucide-react/icons/pencil';
import Server from 'lucide-react/icons/server';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import UserCheck from 'lucide-react/icons/user-check';
import Users from 'lucide-react/icons/users';
import Vote from 'lucide-react/icons/vote';
import Eye from 'lucide-react/icons/eye';
import { Tag } from '@/components/ui/Tag';
import { clockTimeFrom } from '@/components/ui/time-words';
import { useNow } from '@/components/ui/use-now';
import { visibleText } from '@/components/ui/visible-text';
import type { RequestKind } from '@/lib/domain/event';
import type { RequestDetail } from '@/lib/domain/request-detail';
import { isRiskSaid, type Risk, type ToolAnnotations } from '@/lib/domain/tool';
import { readElicitation, saysSame, toolDescription } from './ask';
import { bestProgress, isPlain, termsOf } from './quorum';
import { readRecoveryAsk } from './recovery-ask';
import { riskNames, titleWords, unsaidRisk } from './words';

const quoteStartCharacters = 1_200;

interface RiskTagProps {
  readonly risk: Risk;
  readonly annotations: ToolAnnotations | null;
}

export function RiskTag({ risk, annotations }: RiskTagProps): ReactNode {
  const look = {
    read_only: { icon: Eye, tone: 'plain' },
    writes: { icon: Pencil, tone: 'person' },
    destructive: { icon: TriangleAlert, tone: 'danger' },
  } as const;
  return (
    <Tag icon={look[risk].icon} tone={look[risk].tone}>
      {isRiskSaid(risk, annotations) ? riskNames[risk] : unsaidRisk}
    </Tag>
  );
}

/** What is asked, and in whose words. */
export function RequestHead({
  detail,
  clockOffsetMs,
}: {
  readonly detail: RequestDetail;
  readonly clockOffsetMs: number;
}): ReactNode {
  const { request, call, summary } = detail;
  const title = titleWords(request);
  const words = judgedByTool(request.kind) ? toolDescription(detail.tool) : readElicitation(detail.ask).message;
  return (
    <div className="stack r-head-words">
      <div className="row wrap r-tags">
        <RiskTag risk={request.risk} annotations={call?.annotations ?? null} />
        <Tag icon={Server}>{request.server}</Tag>
        {request.tool === null ? null : <Tag look="code">{call?.tool ?? request.tool}</Tag>}
        <Tag icon={Bot}>{summary.session.agent.name}</Tag>
        <Whose request={request} />
        <Approvals request={request} />
      </div>
      <h1 className="title r-title" tabIndex={-1}>
        {title}
      </h1>
      {request.kind === 'recovery' ? <Unknown detail={detail} clockOffsetMs={clockOffsetMs} /> : null}
      {words === '' || saysSame(title, words) ? null : (
        <figure className="r-quote">
          <Quote text={words} />
          <figcaption className="meta">
            {judgedByTool(request.kind) ? `How ${request.server} describes this tool` : `${request.server}’s words`}
          </figcaption>
        </figure>
      )}
    </div>
  );
}

/** How far an approval by several people is, where it is seen on every screen. */
function Approvals({ request }: Pick<RequestDetail, 'request'>): ReactNode {
  if (request.kind !== 'approval' || request.state !== 'open' || isPlain(termsOf(request))) return null;
  const { have, of } = bestProgress(termsOf(request), request.votes);
  return (
    <Tag icon={Vote} tone="person">
      {have} of {of} approvals
    </Tag>
  );
}

/** Whose it is: a team, those asked besides, one person. */
function Whose({ request: { team, alsoTeams, assignedTo } }: Pick<RequestDetail, 'request'>): ReactNode {
  return (
    <>
      {team === null ? null : <Tag icon={Users}>{team.name}</Tag>}
      {alsoTeams.map(({ id, name }) => (
        <Tag key={id} icon={Users}>
          also asked: {name}
        </Tag>
      ))}
      {assignedTo === null ? null : (
        <Tag icon={UserCheck} tone="accent">
          for {assignedTo.name}
        </Tag>
      )}
    </>
  );
}

/** Where it is our question, what the tool says of itself stands in the place of the server's words. */
function judgedByTool(kind: RequestKind): boolean {
  return kind === 'approval' || kind === 'recovery';
}

/** What was done, and why nobody knows what came of it. */
function Unknown({
  detail,
  clockOffsetMs,
}: {
  readonly detail: RequestDetail;
  readonly clockOffsetMs: number;
}): ReactNode {
  const now = useNow(clockOffsetMs);
  const ask = readRecoveryAsk(detail.ask);
  const agent = detail.summary.session.agent.name;
  const { server, state } = detail.request;
  const known = `Whether it took effect ${state === 'open' ? 'is' : 'was'} not known.`;
  if (ask === null)
    return (
      <p className="r-lead">
        {agent} called it on {server}. {known}
      </p>
    );
  return (
    <p className="r-lead num">
      Sent to {server} for {agent} at {clockTimeFrom(ask.sentAt, now)}, and no outcome came back.{' '}
      <b className="medium">{known}</b>
    </p>
  );
}

/** A server's words: only ever text, with line breaks kept. */
export function Quote({ text }: { readonly text: string }): ReactNode {
  const [all, setAll] = useState(false);
  const cut = !all && text.length > quoteStartCharacters;
  return (
    <blockquote className="quote">
      {visibleText(cut ? text.slice(0, quoteStartCharacters) : text)}
      {cut ? (
        <button type="button" className="link" onClick={() => setAll(true)}>
          Show all {text.length.toLocaleString('en-US')} characters
        </button>
      ) : null}
    </blockquote>
  );
}
