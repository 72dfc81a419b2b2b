'use client';

import dynamic from 'next/dynamic';
import { type ReactNode, useEffect, useMemo, useState } from 'react';
import ArrowDown from 'lucide-react/icons/arrow-down';
import { Button } from '@/components/ui/Button';
import type { KeyBinding } from '@/components/ui/key-match';
import { useKeys } from '@/components/ui/use-keys';
import { KeysHeld } from '@/components/ui/KeysHeld';
import { lazily } from '@/components/ui/lazily';
import { useNow } from '@/components/ui/use-now';
import type { RequestDetail } from '@/lib/domain/request-detail';
import { isPageFirst } from '@/lib/domain/permit';
import { isParked } from '@/lib/domain/queue';
import { claimAt } from '@/lib/domain/claim';
import { Aside } from './Aside';
import { AwayNote } from './AwayNote';
import { DeadlineStrip } from './DeadlineStrip';
import { EarlierNote } from './EarlierNote';
import { shownDraft } from './earlier';
import { focusNote } from './focus-note';
import { HistorySection } from './HistorySection';
import { OverPanel } from './OverPanel';
import { PendingUndo } from './PendingUndo';
import { othersAt } from './presence-words';
import { RequestBar } from './RequestBar';
import { RequestHead } from './RequestHead';
import type { RequestScreenProps } from './request-props';
import { SamplingBody } from './SamplingBody';
import { NotRun } from './NotRun';
import { ResultLost } from './ResultLost';
import { useAnswering } from './use-answering';
import { useFieldKeys } from './use-field-keys';
import { titleWords } from './words';
import { requestKeys } from './request-keys';

const Notes = dynamic(() => import('./Notes').then((file) => file.Notes), { ssr: false });
const loadAssign = () => import('./AssignDialog').then((file) => file.AssignDialog);
const AssignDialog = lazily(loadAssign, <KeysHeld />);
const assignAheadMs = 2_000;

/**
 * One request: what is asked, in whose words, by when and why, the form or arguments, who asks, what happens, and
 * the answer bar. Nothing of one request's state is left when another takes its place.
 */
export function RequestScreen(props: RequestScreenProps): ReactNode {
  return <OneRequest key={props.detail.request.requestId} {...props} />;
}

function OneRequest(props: RequestScreenProps): ReactNode {
  const { detail, me, clockOffsetMs, presence, draft, layout, backHref } = props;
  const { request, summary } = detail;
  const [assigning, setAssigning] = useAssigning();
  const now = useNow(clockOffsetMs);
  const claim = claimAt(request, now);
  const people = othersAt(presence, claim, me.id);
  const held = claim === null ? 'free' : claim.by.id === me.id ? 'mine' : 'theirs';
  const sessionHref = `/sessions/${summary.session.sessionId}`;
  const open = request.state === 'open';
  const dismissable = open && held !== 'theirs' && detail.allowed.answer.ok && isQuestion(request);
  const onAssign = open && detail.allowed.assign.ok ? () => setAssigning('open') : null;
  useKeys(
    [...claimKeys(props, open && detail.allowed.claim.ok ? held : 'theirs'), ...talkKeys(detail, onAssign)],
    request.requestId,
  );
  const shown = useMemo(() => shownDraft(detail, draft), [detail, draft]);
  const over = open ? null : <OverPanel {...{ detail, draft, now, sessionHref }} meId={me.id} />;
  const answering = useAnswering(props, {
    claim: held === 'theirs' ? claim : null,
    rival: people.find((person) => person.doing === 'answering')?.name ?? null,
  });
  return (
    <article className={`rq ${layout}`} data-kind={request.kind} aria-label={titleWords(request)}>
      <RequestBar
        detail={detail}
        people={people}
        claim={held}
        backHref={backHref}
        sessionHref={sessionHref}
        onClaim={props.onClaim}
        onRelease={props.onRelease}
        onAssign={onAssign}
        onDismiss={
          dismissable ? () => props.onAnswer({ action: 'cancel', reason: null, content: null, remember: null }) : null
        }
      />
      <div className="scroll r-scroll" tabIndex={-1}>
        <Head {...props} sessionHref={sessionHref} />
        {request.kind === 'sampling' ? (
          <SamplingBody {...props} shown={shown} lead={<EarlierNote {...props} />} instead={over} />
        ) : null}
        <div className="d-cols">
          {request.kind === 'sampling' ? null : (
            <div className="r-main">
              {over ?? answering.body}
              {over === null ? null : answering.after}
              <Talk {...props} sessionHref={sessionHref} />
            </div>
          )}
          <Aside detail={detail} sessionHref={sessionHref} now={now} me={me} people={people} />
          {request.kind === 'sampling' ? <Talk {...props} sessionHref={sessionHref} /> : null}
        </div>
      </div>
      {assigning === 'open' ? <AssignDialog {...props} onClose={() => setAssigning('closed')} /> : null}
      <PendingUndo pending={props.pending} lastUnsent={props.lastUnsent} onUnqueue={props.onUnqueue} />
      {open ? answering.bar : <NextBar onNext={props.onNext} subject={request.requestId} />}
    </article>
  );
}

/** Its box is fetched ahead: a name that is typed right after the key finds its field there. */
function useAssigning(): readonly ['open' | 'closed', (state: 'open' | 'closed') => void] {
  const [assigning, setAssigning] = useState<'open' | 'closed'>('closed');
  useEffect(() => {
    const timer = setTimeout(() => void loadAssign().catch(() => undefined), assignAheadMs);
    return () => clearTimeout(timer);
  }, []);
  return [assigning, setAssigning];
}

/** What people say about it to each other, and what happened to it. */
function Talk(props: RequestScreenProps & { readonly sessionHref: string }): ReactNode {
  return (
    <div className={props.detail.request.kind === 'sampling' ? 'r-main' : ''}>
      <div className="r-talk">
        <Notes {...props} />
        <HistorySection {...props} />
      </div>
    </div>
  );
}

function Head({
  detail,
  standstill,
  clockOffsetMs,
  sessionHref,
}: RequestScreenProps & { readonly sessionHref: string }): ReactNode {
  const { request, call } = detail;
  return (
    <div className="d-head">
      <RequestHead detail={detail} clockOffsetMs={clockOffsetMs} />
      {request.state === 'open' ? (
        <>
          <DeadlineStrip
            request={request}
            pace={isParked({ request, call }) ? 'parked' : 'live'}
            clockOffsetMs={clockOffsetMs}
            timelineHref={sessionHref}
          />
          <ResultLost detail={detail} />
          <NotRun detail={detail} />
        </>
      ) : null}
      <AwayNote detail={detail} standstill={standstill} clockOffsetMs={clockOffsetMs} />
    </div>
  );
}

/** A server's, that is: one of ours is decided or declined. */
function isQuestion(request: RequestDetail['request']): boolean {
  return request.upstream !== null || isPageFirst(request);
}

function claimKeys(props: RequestScreenProps, held: 'mine' | 'free' | 'theirs'): Parameters<typeof useKeys>[0] {
  if (held === 'theirs') return [];
  const run = held === 'mine' ? props.onRelease : props.onClaim;
  return [{ ...(held === 'mine' ? requestKeys.release : requestKeys.claim), guard: 'guarded', run }];
}

function talkKeys({ allowed }: RequestDetail, onAssign: (() => void) | null): readonly KeyBinding[] {
  const assign: KeyBinding = { ...requestKeys.handOver, guard: 'free', run: onAssign ?? (() => undefined) };
  const note: KeyBinding = { ...requestKeys.note, guard: 'free', run: focusNote };
  return [...(onAssign === null ? [] : [assign]), ...(allowed.note.ok ? [note] : [])];
}

function NextBar({ onNext, subject }: { readonly onNext: (() => void) | null; readonly subject: string }): ReactNode {
  // A note can still be written, and left.
  useFieldKeys(null);
  useKeys(onNext === null ? [] : [{ ...requestKeys.next, guard: 'free', run: onNext }], subject);
  if (onNext === null) return null;
  return (
    <footer className="answer r-answer">
      <span className="grow" />
      <Button look="primary" size="lg" icon={ArrowDown} hint="N" onClick={onNext}>
        Next request
      </Button>
    </footer>
  );
}
