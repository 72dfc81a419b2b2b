'use client';

import Link from 'next/link';
import type { ReactNode } from 'react';
import ChevronLeft from 'lucide-react/icons/chevron-left';
import Ellipsis from 'lucide-react/icons/ellipsis';
import Hand from 'lucide-react/icons/hand';
import LinkIcon from 'lucide-react/icons/link';
import Gantt from 'lucide-react/icons/chart-no-axes-gantt';
import UserCheck from 'lucide-react/icons/user-check';
import CircleSlash from 'lucide-react/icons/circle-slash';
import { Button } from '@/components/ui/Button';
import { Icon } from '@/components/ui/Icon';
import { Menu, type MenuEntry } from '@/components/ui/Menu';
import { usePreference, writePreference } from '@/components/ui/preference';
import { Status } from '@/components/ui/Status';
import type { RequestDetail } from '@/lib/domain/request-detail';
import { Presence } from './Presence';
import type { PresentPerson } from './request-props';
import { undoPreference } from './undo-preference';
import { kindIcons, kindNames, shortId } from './words';

export interface RequestBarProps {
  readonly detail: RequestDetail;
  readonly people: readonly PresentPerson[];
  readonly claim: 'mine' | 'free' | 'theirs';
  readonly backHref: string;
  readonly sessionHref: string;
  readonly onClaim: () => void;
  readonly onRelease: () => void;
  /** Null when it cannot be handed over. */
  readonly onAssign: (() => void) | null;
  /** Null when it cannot be dismissed. */
  readonly onDismiss: (() => void) | null;
}

export function RequestBar(props: RequestBarProps): ReactNode {
  const { detail, people, claim, backHref, onClaim, onRelease } = props;
  const { request } = detail;
  const open = request.state === 'open';
  const undo = usePreference(undoPreference) === 'off' ? 'off' : 'on';
  return (
    <header className="bar r-bar">
      <Link className="btn ghost icon sm narrow" href={backHref} aria-label="Back to the queue">
        <Icon of={ChevronLeft} />
      </Link>
      <Status icon={kindIcons[request.kind]}>
        <span className="r-kind">{kindNames[request.kind]}</span>
      </Status>
      <span className="mono t3 r-id">{shortId(request.requestId)}</span>
      <span className="grow" />
      <Presence people={people} />
      {!open || !detail.allowed.claim.ok ? null : claim === 'mine' ? (
        <Button look="ghost" size="sm" icon={Hand} hint="C" onClick={onRelease}>
          Release
        </Button>
      ) : (
        <Button
          look="ghost"
          size="sm"
          icon={Hand}
          hint="C"
          place={claim === 'theirs' ? 'claim-theirs' : ''}
          onClick={onClaim}
          disabled={claim === 'theirs'}
          title={
            claim === 'theirs' ? 'Someone else holds the claim for the moment' : 'Tell the others that you answer this'
          }
        >
          Claim
        </Button>
      )}
      <Menu label="More" align="end" entries={moreEntries(props, undo)}>
        <Icon of={Ellipsis} size="sm" />
      </Menu>
    </header>
  );
}

function moreEntries(
  { detail, sessionHref, onAssign, onDismiss }: RequestBarProps,
  undo: 'on' | 'off',
): readonly MenuEntry[] {
  const entries: MenuEntry[] = [
    { kind: 'action', label: 'Copy link to this request', icon: LinkIcon, onPick: copyAddress },
    {
      kind: 'action',
      label: 'Open the session’s timeline',
      icon: Gantt,
      onPick: () => window.location.assign(sessionHref),
    },
    { kind: 'line' },
    { kind: 'label', label: 'After accepting or declining' },
    {
      kind: 'action',
      label: 'Undo for 4 seconds',
      checked: undo === 'on',
      onPick: () => writePreference(undoPreference, 'on'),
    },
    {
      kind: 'action',
      label: 'Send at once',
      checked: undo === 'off',
      onPick: () => writePreference(undoPreference, 'off'),
    },
  ];
  if (onAssign !== null) {
    const { assignedTo } = detail.request;
    entries.unshift(
      {
        kind: 'action',
        label: 'Hand over…',
        detail: assignedTo === null ? 'To someone who may answer it' : `Now with ${assignedTo.name}`,
        icon: UserCheck,
        onPick: onAssign,
      },
      { kind: 'line' },
    );
  }
  if (onDismiss === null) return entries;
  return [
    ...entries,
    { kind: 'line' },
    {
      kind: 'action',
      label: 'Dismiss without an answer',
      detail: `${detail.request.server} hears that you chose neither`,
      icon: CircleSlash,
      onPick: onDismiss,
    },
  ];
}

function copyAddress(): void {
  navigator.clipboard.writeText(window.location.href).catch(() => undefined);
}
