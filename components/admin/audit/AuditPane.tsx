'use client';

import Link from 'next/link';
import { type ReactNode, useEffect, useRef } from 'react';
import CircleAlert from 'lucide-react/icons/circle-alert';
import X from 'lucide-react/icons/x';
import { CopyButton } from '@/components/ui/CopyButton';
import { Icon } from '@/components/ui/Icon';
import { IconButton } from '@/components/ui/IconButton';
import { Bone, Skeleton } from '@/components/ui/Skeleton';
import { visibleText } from '@/components/ui/visible-text';
import { actorName } from '@/lib/domain/actor';
import type { AuditEntry } from '@/lib/domain/audit';
import { type AuditLook, wholeAudit } from '@/lib/domain/audit-look';
import { dayTime } from '@/lib/domain/timeline/time-words';
import { actWords } from './act-words';
import type { AuditLine } from './audit-known';
import { pageOfSubject, sessionPage } from './audit-places';
import { aboutHref, auditHref } from './audit-query';

export interface AuditPaneProps {
  /** Undefined: a filter leaves it out, or it is none of the log's. */
  readonly line: AuditLine | undefined;
  readonly seq: number;
  readonly look: AuditLook;
  readonly proof: 'yes' | 'no';
  readonly onClose: () => void;
}

/** All that one entry says. */
export function AuditPane({ line, seq, look, proof, onClose }: AuditPaneProps): ReactNode {
  const title = useRef<HTMLHeadingElement>(null);
  const name = `Entry ${seq.toLocaleString('en-US')}`;
  useEffect(() => {
    // On a phone it takes the place of the list.
    if (window.matchMedia('(max-width: 720px)').matches) title.current?.focus();
  }, []);
  return (
    <aside className="au-pane" aria-label={name}>
      <header className="au-pane-h">
        <h2 className="grow au-title" ref={title} tabIndex={-1}>
          {name}
        </h2>
        <CopyButton text={() => window.location.href} label="Copy a link to this entry" />
        <IconButton of={X} label="Close" onClick={onClose} />
      </header>
      <div className="scroll">
        {proof === 'no' ? (
          <p className="au-unproven">
            <Icon of={CircleAlert} size="xs" />
            From the break on nothing is proven: this may not be what was written.
          </p>
        ) : null}
        <Body line={line} look={look} />
      </div>
    </aside>
  );
}

function Body({ line, look }: Pick<AuditPaneProps, 'line' | 'look'>): ReactNode {
  switch (line?.is) {
    case 'entry':
      return <Entry entry={line.entry} look={look} />;
    case 'unread':
      return (
        <Skeleton label="Reading the entry">
          {['60%', '80%', '40%', '70%'].map((width) => (
            <div key={width} className="au-bone">
              <Bone width={width} />
            </div>
          ))}
        </Skeleton>
      );
    case 'missing':
      return (
        <p className="au-none">
          The log does not hold it any more, or not so that it can be read: somebody changed the database.
        </p>
      );
    case undefined:
      return (
        <p className="au-none">
          It is not among what is shown. <Link href={auditHref(wholeAudit)}>Show all entries</Link>
        </p>
      );
  }
}

function Entry({ entry, look }: { readonly entry: AuditEntry; readonly look: AuditLook }): ReactNode {
  const { actor, from, why } = entry;
  const id = 'id' in actor ? actor.id : null;
  return (
    <>
      <p className="au-said">
        <span className="medium">{visibleText(actorName(actor))}</span> {actWords[entry.act] ?? entry.act}
      </p>
      {why === null ? null : <blockquote className="au-reason">{visibleText(why)}</blockquote>}
      <dl className="au-facts">
        <Fact name="When">
          {dayTime(entry.at, 0)} · <code className="mono au-instant">{new Date(entry.at).toISOString()}</code>
        </Fact>
        <Fact name="Act">
          <code className="mono">{entry.act}</code>
        </Fact>
        <Fact name="By">
          {visibleText(actorName(actor))}
          {id === null || look.who === id ? null : (
            <>
              {' '}
              · <Link href={auditHref({ ...wholeAudit, who: id })}>All they did</Link>
            </>
          )}
        </Fact>
        <Fact name="About">
          <About entry={entry} look={look} />
        </Fact>
        {from === null ? null : (
          <Fact name="From">
            {from.address ?? 'an address that is not known'}, by {from.by}
            {from.client === null ? '' : `, ${visibleText(from.client)}`}
          </Fact>
        )}
        {Object.entries(entry.facts).map(([name, value]) => (
          <Fact key={name} name={<code className="mono">{visibleText(name)}</code>}>
            <code className="mono">{visibleText(typeof value === 'string' ? value : JSON.stringify(value))}</code>
          </Fact>
        ))}
        <Fact name="Hash">
          <code className="mono">{entry.hash}</code>
        </Fact>
        <Fact name="Before">
          <code className="mono">{entry.prev}</code>
        </Fact>
      </dl>
    </>
  );
}

function About({ entry, look }: { readonly entry: AuditEntry; readonly look: AuditLook }): ReactNode {
  const { kind, id, name } = entry.about;
  const place = pageOfSubject(entry);
  const session = sessionPage(entry);
  return (
    <>
      {kind} {name === null ? '' : `${visibleText(name)} `}
      {place === null ? <code className="mono">{visibleText(id)}</code> : <Link href={place}>{visibleText(id)}</Link>}
      {session === null ? null : (
        <>
          {' '}
          in <Link href={session}>its session</Link>
        </>
      )}
      {look.about === id ? null : (
        <>
          {' '}
          · <Link href={aboutHref(id)}>Its history</Link>
        </>
      )}
    </>
  );
}

function Fact({ name, children }: { readonly name: ReactNode; readonly children: ReactNode }): ReactNode {
  return (
    <div>
      <dt className="t3">{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
