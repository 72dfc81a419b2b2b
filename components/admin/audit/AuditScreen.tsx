'use client';

import { type ReactNode, type RefObject, useMemo, useRef } from 'react';
import Download from 'lucide-react/icons/download';
import FileSearch from 'lucide-react/icons/file-search';
import type { Line } from '@/components/session/SessionScreen';
import { OfflineLine } from '@/components/ui/OfflineLine';
import { Button } from '@/components/ui/Button';
import { Icon } from '@/components/ui/Icon';
import { MayNotRead } from '@/components/ui/Unread';
import { useKeys } from '@/components/ui/use-keys';
import { type AuditLook, wholeAudit } from '@/lib/domain/audit-look';
import { clockTime } from '@/lib/domain/timeline/time-words';
import { type AdminData, AdminPage, NoneYet } from '../AdminPage';
import { type AuditKnown, type AuditLines, linesOf } from './audit-known';
import { dayText, isWhole } from './audit-query';
import { AuditFilters } from './AuditFilters';
import { AuditHealth } from './AuditHealth';
import { AuditList } from './AuditList';
import { AuditPane } from './AuditPane';
import { auditKeys } from '../admin-keys';

export interface AuditScreenProps {
  readonly data: AdminData<AuditKnown>;
  readonly look: AuditLook;
  /** The entry that is open. */
  readonly chosen: number | null;
  readonly now: number;
  /** Offline what is shown is what was last read. */
  readonly line: Line;
  readonly more: 'idle' | 'failed';
  /** The entry that is open is being looked for among what a filter finds. */
  readonly seeking: 'yes' | 'no';
  readonly jump: AuditJump;
  readonly onLook: (look: AuditLook) => void;
  readonly onChoose: (seq: number | null) => void;
  readonly onDay: (dayAt: number) => void;
  readonly onSeen: (first: number, end: number) => void;
  readonly onNewest: () => void;
  readonly onAgain: () => void;
  readonly onRetry: () => void;
}

/** What became of going to a day: nothing to say, nothing at or before it, or it could not be looked for. */
export type AuditJump =
  | { readonly is: 'well' }
  | { readonly is: 'none'; readonly dayAt: number }
  | { readonly is: 'failed' };

/** Who did what, when, from where and why; and whether that is still as it was written. */
export function AuditScreen(props: AuditScreenProps): ReactNode {
  const { data, look, line, onRetry } = props;
  if (data.is === 'forbidden') return <Forbidden message={data.message} />;
  if (data.is !== 'ready')
    return (
      <AdminPage title="Audit" what="The audit log" count={null} data={data} onRetry={onRetry}>
        {() => null}
      </AdminPage>
    );
  return (
    <div className="main ad-page au-page">
      <header className="bar">
        <h1 className="page-title">Audit</h1>
        <span className="grow" />
        {line.is === 'offline' ? null : (
          <a className="btn sm" href={exportHref(look)} download>
            <Icon of={Download} size="sm" />
            {look.fromAt === null && look.toAt === null ? 'Export all' : 'Export these days'}
          </a>
        )}
      </header>
      {line.is === 'offline' ? (
        <OfflineLine>This is what was read until {clockTime(line.sinceAt)}. It catches up by itself.</OfflineLine>
      ) : null}
      <Log {...props} known={data.value} />
    </div>
  );
}

function Log(props: AuditScreenProps & { readonly known: AuditKnown }): ReactNode {
  const { known, look, chosen, now, line, onLook, onChoose, onDay } = props;
  const search = useRef<HTMLInputElement>(null);
  const lines = useMemo(() => linesOf(known), [known]);
  const { health } = known;
  const brokenFrom = health.state === 'broken' ? health.broken.seq : null;
  const close = (): void => {
    onChoose(null);
    // On a phone the list comes back only with the next drawing.
    const row = document.querySelector<HTMLElement>('.au-row.sel');
    requestAnimationFrame(() => row?.focus());
  };
  useEntryKeys({ lines, chosen, search, onChoose, close });
  return (
    <div className="au" data-open={chosen === null ? 'no' : 'yes'}>
      <div className="au-top">
        <AuditHealth health={health} now={now} />
        <AuditFilters look={look} search={search} onLook={onLook} onDay={onDay} />
        {props.more === 'failed' && line.is === 'online' ? (
          <p className="au-note au-failed" role="alert">
            Some entries could not be read.{' '}
            <Button size="sm" onClick={props.onAgain}>
              Try again
            </Button>
          </p>
        ) : null}
        <JumpNote jump={props.jump} look={look} />
      </div>
      <div className="au-side">
        {lines.length === 0 && !(known.is === 'found' && known.next !== null) ? (
          <None look={look} onLook={onLook} />
        ) : (
          <AuditList
            lines={lines}
            brokenFrom={brokenFrom}
            chosen={chosen}
            now={now}
            foot={footWords(known)}
            onNewest={known.is === 'found' && known.newer !== null ? props.onNewest : undefined}
            onChoose={onChoose}
            onSeen={props.onSeen}
          />
        )}
      </div>
      {chosen === null ? null : (
        <AuditPane
          key={chosen}
          seq={chosen}
          line={props.seeking === 'yes' ? { is: 'unread', seq: chosen } : lines.at(lines.placeOf(chosen))}
          look={look}
          proof={brokenFrom !== null && chosen >= brokenFrom ? 'no' : 'yes'}
          onClose={close}
        />
      )}
    </div>
  );
}

interface EntryKeys {
  readonly lines: AuditLines;
  readonly chosen: number | null;
  readonly search: RefObject<HTMLInputElement | null>;
  readonly onChoose: (seq: number | null) => void;
  readonly close: () => void;
}

/** `j` and `k` open the neighbour, `Enter` takes the focus into it, `Escape` closes it, `/` searches. */
function useEntryKeys({ lines, chosen, search, onChoose, close }: EntryKeys): void {
  const go = (step: 1 | -1): void => {
    const from = chosen === null ? -1 : lines.placeOf(chosen);
    const next = lines.at(from < 0 ? 0 : from + step);
    if (next !== undefined) onChoose(next.seq);
  };
  const enter = (): void => {
    if (chosen === null) return go(1);
    document.querySelector<HTMLElement>('.au-title')?.focus();
  };
  useKeys(
    [
      { ...auditKeys.next, guard: 'free', run: () => go(1) },
      { ...auditKeys.previous, guard: 'free', run: () => go(-1) },
      { ...auditKeys.enter, guard: 'free', run: enter },
      ...(chosen === null ? [] : [{ ...auditKeys.close, guard: 'free', run: close } as const]),
      { ...auditKeys.search, guard: 'free', run: () => search.current?.select() },
    ],
    '/audit',
  );
}

function JumpNote({ jump, look }: Pick<AuditScreenProps, 'jump' | 'look'>): ReactNode {
  if (jump.is === 'well') return null;
  const found = isWhole(look) ? 'Nothing' : 'Nothing that fits';
  return (
    <p className="t2 au-note" role="status">
      {jump.is === 'none'
        ? `${found} was recorded until the end of ${dayText(jump.dayAt)}.`
        : 'That day could not be looked for. Try again in a moment.'}
    </p>
  );
}

function footWords(known: AuditKnown): string {
  return known.is === 'found' && known.next !== null ? 'Looking for older entries…' : 'Nothing older is kept.';
}

function Forbidden({ message }: { readonly message: string }): ReactNode {
  return (
    <div className="main ad-page">
      <header className="bar">
        <h1 className="page-title">Audit</h1>
      </header>
      <MayNotRead title="The audit log is for admins" message={message} />
    </div>
  );
}

/** The log is exported without gaps, so only the days narrow it. */
function exportHref({ fromAt, toAt }: AuditLook): string {
  const query = new URLSearchParams();
  if (fromAt !== null) query.set('from', String(fromAt));
  if (toAt !== null) query.set('to', String(toAt));
  const words = query.toString();
  return words === '' ? '/api/audit/export' : `/api/audit/export?${words}`;
}

function None({ look, onLook }: Pick<AuditScreenProps, 'look' | 'onLook'>): ReactNode {
  return isWhole(look) ? (
    <NoneYet icon={FileSearch} title="Nothing is recorded yet">
      Every decision, sign-in and change of who may do what stands here from its moment on.
    </NoneYet>
  ) : (
    <NoneYet
      icon={FileSearch}
      title="No entry fits"
      actions={<Button onClick={() => onLook(wholeAudit)}>Show all</Button>}
    >
      Nothing of this kind was recorded, or it was dropped when its time was over.
    </NoneYet>
  );
}
