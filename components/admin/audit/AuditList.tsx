import Link from 'next/link';
import type { ReactNode } from 'react';
import { endingHrefOf } from '@/components/ending/ending-words';
import { visibleText } from '@/components/ui/visible-text';
import { actorName } from '@/lib/domain/actor';
import type { AuditEntry } from '@/lib/domain/audit';
import { type AuditLook, wholeAudit } from '@/lib/domain/audit-look';
import { dayTime } from '@/lib/domain/timeline/time-words';
import { actWords } from './act-words';
import { aboutHref, auditHref } from './audit-query';

export interface AuditListProps {
  readonly entries: readonly AuditEntry[];
  /** The first entry that is not as it was written; null when all is whole. */
  readonly brokenFrom: number | null;
  readonly look: AuditLook;
  readonly now: number;
}

export function AuditList({ entries, brokenFrom, look, now }: AuditListProps): ReactNode {
  return (
    <ol className="au-list" aria-label="Entries, newest first">
      {entries.map((entry) => (
        <li key={entry.seq} data-proven={brokenFrom !== null && entry.seq >= brokenFrom ? 'no' : 'yes'}>
          <Row entry={entry} look={look} now={now} />
        </li>
      ))}
    </ol>
  );
}

function Row({
  entry,
  look,
  now,
}: {
  readonly entry: AuditEntry;
  readonly look: AuditLook;
  readonly now: number;
}): ReactNode {
  const { actor, from, why } = entry;
  const id = 'id' in actor ? actor.id : null;
  return (
    <details className="au-row">
      <summary>
        <time className="num t2 au-when" dateTime={new Date(entry.at).toISOString()}>
          {dayTime(entry.at, now)}
        </time>
        <span className="au-what">
          <span className="medium">{visibleText(actorName(actor))}</span> {actWords[entry.act] ?? entry.act}
          {entry.about.name === null || entry.about.name === actorName(actor) ? null : (
            <span className="t2"> · {visibleText(entry.about.name)}</span>
          )}
        </span>
        <span className="t2 au-why">{why === null ? '' : `“${visibleText(why)}”`}</span>
        <span className="t3 au-from">{from === null ? '' : (from.address ?? 'address not known')}</span>
      </summary>
      <dl className="au-facts">
        <Fact name="Entry">
          <span className="num">{entry.seq.toLocaleString('en-US')}</span> · <code className="mono">{entry.act}</code>
        </Fact>
        <Fact name="By">
          {visibleText(actorName(actor))}
          {id === null || look.who === id ? null : (
            <>
              {' '}
              <Link href={auditHref({ ...wholeAudit, who: id })}>All they did</Link>
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
        <Facts facts={entry.facts} />
        <Fact name="Hash">
          <code className="mono">{entry.hash}</code>
        </Fact>
      </dl>
    </details>
  );
}

function About({ entry, look }: { readonly entry: AuditEntry; readonly look: AuditLook }): ReactNode {
  const { kind, id, name } = entry.about;
  const session = entry.facts['session'];
  const place = kind === 'request' ? `/queue/${id}` : kind === 'session' ? `/sessions/${id}` : endingHrefOf(id);
  return (
    <>
      {kind} {name === null ? '' : `${visibleText(name)} `}
      {place === null ? <code className="mono">{visibleText(id)}</code> : <Link href={place}>{id}</Link>}
      {typeof session === 'string' && kind !== 'session' ? (
        <>
          {' '}
          in <Link href={`/sessions/${session}`}>its session</Link>
        </>
      ) : null}
      {look.about === id ? null : (
        <>
          {' '}
          · <Link href={aboutHref(id)}>Its history</Link>
        </>
      )}
    </>
  );
}

function Facts({ facts }: { readonly facts: AuditEntry['facts'] }): ReactNode {
  return Object.entries(facts).map(([name, value]) => (
    <Fact key={name} name={name}>
      <code className="mono">{visibleText(typeof value === 'string' ? value : JSON.stringify(value))}</code>
    </Fact>
  ));
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }): ReactNode {
  return (
    <div>
      <dt className="t3">{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
