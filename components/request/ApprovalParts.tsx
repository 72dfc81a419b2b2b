'use client';

import dynamic from 'next/dynamic';
import { type ReactNode, useState } from 'react';
import Bookmark from 'lucide-react/icons/bookmark';
import { Button } from '@/components/ui/Button';
import type { KeyBinding } from '@/components/ui/key-match';
import { becauseId } from './approval-answering';
import { termsOf } from './quorum';
import { closedBecause, isGiven } from './readiness';
import type { RequestScreenProps } from './request-props';
import { requestKeys } from './request-keys';

const EditArguments = dynamic(() => import('./EditArguments').then((file) => file.EditArguments), { ssr: false });
const EditedCard = dynamic(() => import('./EditedCard').then((file) => file.EditedCard), { ssr: false });
const ToolChanged = dynamic(() => import('./ToolChanged').then((file) => file.ToolChanged), { ssr: false });
const RememberBox = dynamic(() => import('./RememberBox').then((file) => file.RememberBox), { ssr: false });

/** `asked`: opened just now, by the person; it takes the focus then and at no other time. */
export type Opened = 'open' | 'asked' | 'closed';

/** What of an approval can be opened beside the arguments. */
export interface ApprovalControls {
  readonly editing: Opened;
  readonly remembering: Opened;
  /** Null where nothing may be edited. */
  readonly onEdit: (() => void) | null;
  readonly onEdited: () => void;
  readonly onRemember: (() => void) | null;
  readonly onForget: () => void;
  readonly keys: readonly KeyBinding[];
}

const nothing = (): void => undefined;

export function useApprovalParts({ detail, draft, sending }: RequestScreenProps): ApprovalControls {
  const { request, allowed } = detail;
  const [editing, setEditing] = useState<Opened>(draft.edit === null ? 'closed' : 'open');
  const [remembering, setRemembering] = useState<Opened>(draft.remember === null ? 'closed' : 'open');
  const isOpen = request.kind === 'approval' && request.state === 'open';
  const calm = sending.state === 'idle' || sending.state === 'refused';
  const mayEdit = isOpen && calm && allowed.edit.ok;
  const mayRemember = isOpen && calm && allowed.remember.ok && allowed.approve.ok;
  const onEdit = mayEdit ? (): void => setEditing('asked') : null;
  const onRemember = mayRemember ? (): void => setRemembering('asked') : null;
  const edit: KeyBinding = { ...requestKeys.editArguments, guard: 'guarded', run: onEdit ?? nothing };
  const remember: KeyBinding = {
    ...requestKeys.remember,
    guard: 'guarded',
    run: () => {
      if (remembering === 'closed') onRemember?.();
      else void import('./RememberBox').then((file) => file.focusRemember());
    },
  };
  return {
    editing: mayEdit ? editing : 'closed',
    remembering: mayRemember ? remembering : 'closed',
    onEdit,
    onEdited: () => {
      setEditing('closed');
      requestAnimationFrame(() => document.getElementById('edit-arguments')?.focus());
    },
    onRemember,
    onForget: () => setRemembering('closed'),
    keys: [...(onEdit === null ? [] : [edit]), ...(onRemember === null ? [] : [remember])],
  };
}

export interface ApprovalPartsProps extends RequestScreenProps {
  /** Null once it is over. */
  readonly parts: ApprovalControls | null;
  readonly card: ReactNode;
  readonly attempt: 'none' | 'made';
}

/** What its server made of the tool, the arguments, what was edited of them, the reason, and how long the choice stands. */
export function ApprovalParts(props: ApprovalPartsProps): ReactNode {
  const { detail, parts, card, draft, onDraft } = props;
  const edited = (
    <>
      {detail.toolChange === null ? null : <ToolChanged change={detail.toolChange} />}
      {detail.edited === null ? null : <EditedCard {...props} />}
    </>
  );
  if (parts === null)
    return (
      <>
        {edited}
        {card}
      </>
    );
  if (parts.editing !== 'closed')
    return (
      <>
        {edited}
        <EditArguments {...props} focus={parts.editing === 'asked' ? 'taken' : 'left'} onClose={parts.onEdited} />
      </>
    );
  return (
    <>
      {edited}
      {card}
      {termsOf(detail.request).reasonRequired && detail.allowed.approve.ok ? <Because {...props} /> : null}
      {parts.remembering !== 'closed' ? (
        <RememberBox
          {...{ detail, draft, onDraft, me: props.me }}
          focus={parts.remembering === 'asked' ? 'taken' : 'left'}
          onClose={parts.onForget}
        />
      ) : parts.onRemember === null ? null : (
        <p>
          <Button look="ghost" size="sm" icon={Bookmark} hint="M" onClick={parts.onRemember}>
            Remember my choice
          </Button>
        </p>
      )}
    </>
  );
}

const longest = 2_000;

function Because({ detail, draft, sending, onDraft, attempt }: ApprovalPartsProps): ReactNode {
  const missing = attempt === 'made' && draft.because.trim() === '';
  return (
    <div className="field">
      <label className="name" htmlFor={becauseId}>
        Why do you approve? <span className="opt">required by the rule, kept with your approval</span>
      </label>
      <textarea
        id={becauseId}
        className="input"
        rows={2}
        maxLength={longest}
        value={draft.because}
        disabled={closedBecause(detail) !== null || isGiven(sending)}
        onChange={(event) => onDraft({ ...draft, because: event.target.value })}
        aria-required="true"
        aria-invalid={missing}
      />
      {missing ? <p className="err">A reason is required.</p> : null}
    </div>
  );
}
