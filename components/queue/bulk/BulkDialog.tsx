'use client';

import { type ReactNode, useId, useMemo, useRef, useState } from 'react';
import Lock from 'lucide-react/icons/lock';
import { AnswerForm } from '@/components/form/answer-form';

import { readElicitation } from '@/components/request/ask';
import { fewOf } from '@/components/request/masked-values';
import { useSendKey } from '@/components/request/use-send-key';
import { Button } from '@/components/ui/Button';
import { Dialog } from '@/components/ui/Dialog';
import { Icon } from '@/components/ui/Icon';
import { Bone, Skeleton } from '@/components/ui/Skeleton';
import { draftOf, type FormDraft } from '@/lib/domain/form/draft';
import { parseForm } from '@/lib/domain/form/parse-form';
import { readDraft } from '@/lib/domain/form/read-draft';
import type { JsonObject } from '@/lib/domain/json';
import type { RequestDetail } from '@/lib/domain/request-detail';
import { BulkCompared } from './BulkCompared';
import { BulkLeftOut, BulkResults } from './BulkLists';
import type { BulkDialogProps } from './bulk-props';
import { compare, maskedIn } from './shape';
import { type Sorted, sortOut } from './sort-out';
import { togetherWords } from './together-words';

/** Answers several requests of one shape by one decision, each for itself: what differs is shown first. */
export function BulkDialog(props: BulkDialogProps): ReactNode {
  const { reads, results, onClose } = props;
  const sorted = useMemo(() => (reads === null ? null : sortOut(reads)), [reads]);
  if (sorted === null) {
    return (
      <Dialog title="Answer together" size="lg" onClose={onClose}>
        <Skeleton label="Reading the selected requests">
          <Bone width="60%" />
          <Bone width="100%" height="120px" />
        </Skeleton>
      </Dialog>
    );
  }
  if (results !== null) return <BulkResults sorted={sorted} results={results} onClose={onClose} />;
  if (sorted.details.length === 0) {
    return (
      <Dialog title="Answer together" size="lg" onClose={onClose} footer={<Button onClick={onClose}>Close</Button>}>
        <p>None of the selected requests can be answered together.</p>
        <BulkLeftOut sorted={sorted} />
      </Dialog>
    );
  }
  return <Deciding {...props} sorted={sorted} />;
}

function Deciding({ sorted, onSend, onClose }: BulkDialogProps & { readonly sorted: Sorted }): ReactNode {
  const { details, name, kind } = sorted;
  const id = useId();
  const [reason, setReason] = useState('');
  const [typedCount, setTypedCount] = useState('');
  const [attempt, setAttempt] = useState<'none' | 'made'>('none');
  const form = useSharedForm(details, kind);
  const compared = useMemo(() => compare(details), [details]);
  const { may, isDangerous, needsReason } = judged(sorted);
  const count = may.length;
  const isCounted = !isDangerous || typedCount.trim() === String(count);
  const why = acceptWhyNot({ count, isCounted, form, needsReason, reason });
  const send = (action: 'accept' | 'decline'): void => {
    setAttempt('made');
    if (action === 'accept' && why !== null) return;
    if (action === 'decline' && reason.trim() === '') return;
    const text = reason.trim() === '' ? null : reason.trim();
    if (action === 'accept') onSend(may, { action, reason: text, content: form.content });
    else onSend(details, { action, reason: text, content: null });
  };
  return (
    <Dialog
      title={togetherWords(details.length)}
      size="lg"
      onClose={onClose}
      ask={
        <Asked
          id={id}
          form={form}
          unseen={fewOf(maskedIn(compared))}
          attempt={attempt}
          reason={{ text: reason, onText: setReason, isNeeded: needsReason }}
          count={isDangerous ? { of: count, typed: typedCount, onTyped: setTypedCount } : null}
          onSend={() => send('accept')}
        />
      }
      footer={
        <>
          <Button look="danger" disabled={reason.trim() === ''} onClick={() => send('decline')}>
            Decline {details.length}
          </Button>
          <span className="grow meta" role="status">
            {why ?? <span className="wide">Ctrl Enter accepts</span>}
          </span>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" disabled={why !== null} onClick={() => send('accept')}>
            Accept {count}
          </Button>
        </>
      }
    >
      <p className="t2">
        {kind === 'approval' ? 'Calls of' : 'Questions of'} <b className="medium">{name}</b>. Each is answered for
        itself; one that changed or was answered meanwhile is left as it is.
      </p>
      <BulkCompared details={details} compared={compared} />
      <BulkLeftOut sorted={sorted} />
    </Dialog>
  );
}

function judged({ details, kind }: Sorted): {
  readonly may: readonly RequestDetail[];
  readonly isDangerous: boolean;
  readonly needsReason: boolean;
} {
  return {
    may: details.filter(({ allowed }) => kind !== 'approval' || allowed.approve.ok),
    isDangerous: details.some(({ request }) => request.risk === 'destructive'),
    needsReason: details.some(({ request }) => request.approval?.reasonRequired === true),
  };
}

interface AskedProps {
  readonly id: string;
  readonly form: SharedForm;
  /** Values that are masked, by name; null when none is. */
  readonly unseen: string | null;
  readonly attempt: 'none' | 'made';
  readonly reason: { readonly text: string; readonly onText: (text: string) => void; readonly isNeeded: boolean };
  /** What has to be typed where calls may destroy something. */
  readonly count: { readonly of: number; readonly typed: string; readonly onTyped: (text: string) => void } | null;
  readonly onSend: () => void;
}

function Asked({ id, form, unseen, attempt, reason, count, onSend }: AskedProps): ReactNode {
  const box = useRef<HTMLDivElement>(null);
  useSendKey(box, onSend);
  return (
    <div ref={box} className="stack">
      {unseen === null ? null : (
        <p className="st person bulk-unseen">
          <Icon of={Lock} size="sm" />
          Masked, and not seen by you: {unseen}. To see it, open one of them and reveal it.
        </p>
      )}
      {form.view === 'fields' ? (
        <AnswerForm
          formId={id}
          fields={form.fields}
          draft={form.draft}
          errors={form.errors}
          attempt={attempt}
          onChange={form.onDraft}
          disabledReason={null}
        />
      ) : null}
      <div>
        <label className="label" htmlFor={`${id}-reason`}>
          Reason <span className="t3">{reason.isNeeded ? 'required' : 'required to decline'}; each gets it</span>
        </label>
        <textarea
          id={`${id}-reason`}
          className="input"
          rows={2}
          maxLength={2_000}
          value={reason.text}
          onChange={(event) => reason.onText(event.target.value)}
        />
      </div>
      {count === null ? null : (
        <div className="row wrap">
          <label className="label" htmlFor={`${id}-count`}>
            {count.of} {count.of === 1 ? 'call' : 'calls'} may destroy something. Type {count.of} to accept.
          </label>
          <input
            id={`${id}-count`}
            className="input bulk-count"
            inputMode="numeric"
            autoComplete="off"
            value={count.typed}
            onChange={(event) => count.onTyped(event.target.value)}
          />
        </div>
      )}
    </div>
  );
}

interface WhyNot {
  readonly count: number;
  readonly isCounted: boolean;
  readonly form: SharedForm;
  readonly needsReason: boolean;
  readonly reason: string;
}

function acceptWhyNot({ count, isCounted, form, needsReason, reason }: WhyNot): string | null {
  if (count === 0) return 'You may decline these, but not accept them.';
  if (form.view === 'unrenderable') return 'This form is answered one by one.';
  if (form.view === 'fields' && form.content === null) return 'Some fields are missing.';
  if (needsReason && reason.trim() === '') return 'A reason is required.';
  return isCounted ? null : `Type ${count} to accept.`;
}

interface SharedForm {
  readonly view: 'none' | 'fields' | 'unrenderable';
  readonly fields: Parameters<typeof readDraft>[0];
  readonly draft: FormDraft;
  readonly errors: ReadonlyMap<string, string>;
  readonly content: JsonObject | null;
  readonly onDraft: (draft: FormDraft) => void;
}

/** One form for all: they have the same one. */
function useSharedForm(details: readonly RequestDetail[], kind: Sorted['kind']): SharedForm {
  const [first] = details;
  const parsed = useMemo(
    () => (kind === 'form' && first !== undefined ? parseForm(readElicitation(first.ask).requestedSchema) : null),
    [kind, first],
  );
  const fields = parsed === null || parsed.kind === 'unrenderable' ? noFields : parsed.fields;
  const [draft, setDraft] = useState<FormDraft>(() => draftOf(fields));
  const reading = useMemo(() => readDraft(fields, draft), [fields, draft]);
  return {
    view: parsed === null ? 'none' : parsed.kind === 'unrenderable' ? 'unrenderable' : 'fields',
    fields,
    draft,
    errors: reading.ok ? noErrors : reading.errors,
    content: parsed !== null && reading.ok ? (reading.content as JsonObject) : null,
    onDraft: setDraft,
  };
}

const noFields: SharedForm['fields'] = [];
const noErrors: SharedForm['errors'] = new Map();
