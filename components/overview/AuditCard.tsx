import Link from 'next/link';
import { type ReactNode, useId } from 'react';
import CircleAlert from 'lucide-react/icons/circle-alert';
import Clock from 'lucide-react/icons/clock';
import ShieldCheck from 'lucide-react/icons/shield-check';
import type { AdminData } from '@/components/admin/AdminPage';
import { actWords } from '@/components/admin/audit/act-words';
import type { AuditRead } from '@/components/admin/audit/audit-known';
import { entryHref } from '@/components/admin/audit/audit-query';
import { Button } from '@/components/ui/Button';
import { Icon } from '@/components/ui/Icon';
import { Bone, Skeleton } from '@/components/ui/Skeleton';
import { visibleText } from '@/components/ui/visible-text';
import { actorName } from '@/lib/domain/actor';
import type { AuditEntry } from '@/lib/domain/audit';
import type { AuditHealth } from '@/lib/domain/audit-look';
import { whenWords } from '@/lib/domain/timeline/time-words';

export interface AuditCardProps {
  readonly data: AdminData<AuditRead>;
  readonly now: number;
  readonly onRetry: () => void;
}

/** Whether the audit log is whole, and what was recorded last. */
export function AuditCard({ data, now, onRetry }: AuditCardProps): ReactNode {
  const id = useId();
  return (
    <section className="card ov-card" aria-labelledby={id}>
      <div className="card-h">
        <h2 id={id}>Audit log</h2>
        {data.is === 'ready' ? <State health={data.value.health} now={now} /> : null}
        <span className="grow" />
        <Link className="btn ghost sm" href="/audit">
          Open
        </Link>
      </div>
      <Body data={data} now={now} onRetry={onRetry} />
    </section>
  );
}

function State({ health, now }: { readonly health: AuditHealth; readonly now: number }): ReactNode {
  switch (health.state) {
    case 'unverified':
      return (
        <span className="meta ov-audit">
          <Icon of={Clock} size="xs" />
          being verified
        </span>
      );
    case 'whole':
      return (
        <span className="meta ov-audit ok">
          <Icon of={ShieldCheck} size="xs" />
          whole up to {health.upTo.toLocaleString('en-US')}, {whenWords(health.at, now)}
        </span>
      );
    case 'broken':
      return (
        <Link className="meta ov-audit danger" href={entryHref(health.broken.seq)}>
          <Icon of={CircleAlert} size="xs" />
          broken at entry {health.broken.seq.toLocaleString('en-US')}
        </Link>
      );
  }
}

function Body({ data, now, onRetry }: AuditCardProps): ReactNode {
  switch (data.is) {
    case 'loading':
      return (
        <div className="ov-none">
          <Skeleton label="Loading the audit log">
            <div className="ov-bones">
              {['50%', '62%', '44%'].map((width) => (
                <Bone key={width} width={width} />
              ))}
            </div>
          </Skeleton>
        </div>
      );
    case 'forbidden':
      return <p className="meta ov-none">{data.message}</p>;
    case 'failed':
      return (
        <p className="meta ov-none" role="alert">
          <span>It could not be read: {data.message}</span>
          <Button size="sm" onClick={onRetry}>
            Try again
          </Button>
        </p>
      );
    case 'ready':
      return data.value.entries.length === 0 ? (
        <p className="meta ov-none">Nothing is recorded yet.</p>
      ) : (
        <ol className="ov-entries" aria-label="The last entries">
          {data.value.entries.map((entry) => (
            <li key={entry.seq}>
              <Entry entry={entry} now={now} />
            </li>
          ))}
        </ol>
      );
  }
}

function Entry({ entry, now }: { readonly entry: AuditEntry; readonly now: number }): ReactNode {
  const { actor, about } = entry;
  const name = actorName(actor);
  return (
    <Link className="ov-entry" href={entryHref(entry.seq)}>
      <time className="num t2" dateTime={new Date(entry.at).toISOString()}>
        {whenWords(entry.at, now)}
      </time>
      <span className="cut">
        <span className="medium">{visibleText(name)}</span> {actWords[entry.act] ?? entry.act}
        {about.name === null || about.name === name ? null : <span className="t2"> · {visibleText(about.name)}</span>}
      </span>
    </Link>
  );
}
