import { type ReactNode, useState } from 'react';
import Bot from 'lucide-react/icons/bot';
import Pencil from 'lucide-react/icons/pencil';
import Server from 'lucide-react/icons/server';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import Eye from 'lucide-react/icons/eye';
import { Tag } from '@/components/ui/Tag';
import { visibleText } from '@/components/ui/visible-text';
import { plainLine } from '@/lib/domain/form/plain-text';
import type { RequestDetail } from '@/lib/domain/request-detail';
import type { Risk } from '@/lib/domain/tool';
import { readElicitation, saysSame, toolDescription } from './ask';
import { riskNames } from './words';

const quoteStartCharacters = 1_200;

export function RiskTag({ risk }: { readonly risk: Risk }): ReactNode {
  const look = {
    read_only: { icon: Eye, tone: 'plain' },
    writes: { icon: Pencil, tone: 'person' },
    destructive: { icon: TriangleAlert, tone: 'danger' },
  } as const;
  return (
    <Tag icon={look[risk].icon} tone={look[risk].tone}>
      {riskNames[risk]}
    </Tag>
  );
}

/** What is asked, and in whose words. */
export function RequestHead({ detail }: { readonly detail: RequestDetail }): ReactNode {
  const { request, call, summary } = detail;
  const title = plainLine(request.title);
  const words = request.kind === 'approval' ? toolDescription(detail.tool) : readElicitation(detail.ask).message;
  return (
    <div className="stack r-head-words">
      <div className="row wrap r-tags">
        <RiskTag risk={request.risk} />
        <Tag icon={Server}>{request.server}</Tag>
        {request.tool === null ? null : <Tag look="code">{call?.tool ?? request.tool}</Tag>}
        <Tag icon={Bot}>{summary.session.agent.name}</Tag>
      </div>
      <h1 className="title r-title" tabIndex={-1}>
        {title}
      </h1>
      {words === '' || saysSame(title, words) ? null : (
        <figure className="r-quote">
          <Quote text={words} />
          <figcaption className="meta">
            {request.kind === 'approval' ? `How ${request.server} describes this tool` : `${request.server}’s words`}
          </figcaption>
        </figure>
      )}
    </div>
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
