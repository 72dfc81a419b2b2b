'use client';

import type { ReactNode } from 'react';
import Check from 'lucide-react/icons/check';
import ExternalLink from 'lucide-react/icons/external-link';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import UserCheck from 'lucide-react/icons/user-check';
import Ban from 'lucide-react/icons/ban';
import { Button } from '@/components/ui/Button';
import { CopyButton } from '@/components/ui/CopyButton';
import { Icon } from '@/components/ui/Icon';
import { Note } from '@/components/ui/Note';
import { visibleText } from '@/components/ui/visible-text';
import { checkLink, type LinkVerdict, warningWords } from '@/lib/domain/link';

export interface LinkBodyProps {
  readonly url: string;
  readonly state: 'unopened' | 'opened';
  readonly server: string;
  /** Whether this person may answer at all. */
  readonly may: 'answer' | 'look';
  /** The person the agent acts for: they should be the one who goes there. */
  readonly assignee: { readonly words: string } | null;
  /** Whether the server may say by itself that it is done. */
  readonly ends: 'by_itself' | 'by_hand';
  readonly onOpened: () => void;
}

/** A page the server wants visited. Nothing of it is fetched before the click, not even an icon. */
export function LinkBody(props: LinkBodyProps): ReactNode {
  const { url, state, server, may, assignee, ends, onOpened } = props;
  const verdict = checkLink(url);
  return (
    <section className="stack r-link" aria-label="The page to visit">
      {assignee === null ? null : <Note icon={UserCheck}>{assignee.words}</Note>}
      <h2 className="h">The whole address</h2>
      <Address verdict={verdict} url={url} />
      {verdict.ok ? (
        <Findings verdict={verdict} />
      ) : (
        <Note icon={Ban} tone="danger">
          <p className="medium">This address cannot be opened from here</p>
          <p className="t2">{verdict.words} Decline, and say why.</p>
        </Note>
      )}
      {verdict.ok && may === 'answer' ? (
        <>
          <div className="row wrap">
            <Button
              look={state === 'opened' ? 'plain' : 'primary'}
              size="lg"
              icon={ExternalLink}
              place="enter"
              onClick={() => openApart(verdict.href, onOpened)}
            >
              {state === 'opened' ? 'Open it again' : 'Open in a new tab'}
            </Button>
            <CopyButton look="words" label="Copy address" text={() => verdict.href} onCopied={onOpened} />
          </div>
          <p className="hint">
            {state === 'opened'
              ? `${ends === 'by_itself' ? `This page shows it when ${server} says that you are done. You can also come` : 'When you are done there, come'} back and press “I have finished”.`
              : `The new tab knows nothing of Holdpoint. What you type there goes to ${verdict.parts.host}, not to ${server}’s agent.`}
          </p>
        </>
      ) : null}
    </section>
  );
}

function Address({ verdict, url }: { readonly verdict: LinkVerdict; readonly url: string }): ReactNode {
  if (!verdict.ok) return <p className="url mono">{visibleText(url)}</p>;
  return (
    <p className="url mono">
      <span>{verdict.parts.before}</span>
      <b>{verdict.parts.host}</b>
      <span>{verdict.parts.after}</span>
    </p>
  );
}

function Findings({ verdict }: { readonly verdict: Extract<LinkVerdict, { readonly ok: true }> }): ReactNode {
  if (verdict.warnings.length === 0) {
    return (
      <ul className="trail" aria-label="Checks">
        <li className="ok">
          <Icon of={Check} size="xs" />
          <span>encrypted, no address tricks found</span>
        </li>
      </ul>
    );
  }
  return (
    <ul className="trail" aria-label="Warnings">
      {verdict.warnings.map((warning) => (
        <li key={warning} className="warn">
          <Icon of={TriangleAlert} size="xs" />
          <span>{warningWords[warning]}</span>
        </li>
      ))}
    </ul>
  );
}

/** No opener, no referrer; the page that opens cannot reach back. */
function openApart(href: string, onOpened: () => void): void {
  window.open(href, '_blank', 'noopener,noreferrer');
  onOpened();
}
