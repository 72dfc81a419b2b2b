'use client';

import { type FormEvent, type ReactNode, useId, useMemo, useState } from 'react';
import Eye from 'lucide-react/icons/eye';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import { useAction } from '@/components/admin/use-action';
import { Button } from '@/components/ui/Button';
import { Dialog } from '@/components/ui/Dialog';
import { Note } from '@/components/ui/Note';
import { Tree } from '@/components/ui/Tree';
import type { TreeChoices } from '@/components/ui/tree-model';
import { type CallBodies as Bodies, type CallBody, type RevealOrder, revealReasonMost } from '@/lib/domain/call-bodies';
import { isJsonObject, type Json } from '@/lib/domain/json';
import { masked } from '@/lib/domain/masking/masked';
import { pointerOf } from '@/lib/domain/policy/pointer';
import type { Result } from '@/lib/domain/refusal';
import { purgedWords } from '@/lib/domain/retention';

export interface CallBodiesProps {
  readonly bodies: Bodies;
  readonly onReveal: (order: RevealOrder) => Promise<Result<{ readonly value: Json }>>;
}

/** What a call was given and gave, masked; admins reveal one value at a time, with a reason. */
export function CallBodies({ bodies, onReveal }: CallBodiesProps): ReactNode {
  return (
    <div className="kp-bodies">
      {bodies.bodies.map((body) => (
        <Body key={`${body.of} ${body.requestId ?? ''}`} bodies={bodies} body={body} onReveal={onReveal} />
      ))}
    </div>
  );
}

interface BodyProps extends CallBodiesProps {
  readonly body: CallBody;
}

function Body({ bodies, body, onReveal }: BodyProps): ReactNode {
  const [choices, setChoices] = useState<TreeChoices>(new Map());
  const [asking, setAsking] = useState<'closed' | 'open'>('closed');
  const [shown, setShown] = useState<readonly { readonly path: string; readonly value: Json }[]>([]);
  const { kept } = body;
  const places = useMemo(() => (kept.is === 'kept' ? maskedPlaces(kept.value) : []), [kept]);
  return (
    <section className="kp-body" aria-label={body.title}>
      <div className="row">
        <h3 className="h grow">{body.title}</h3>
        {places.length === 0 ? null : (
          <Button
            size="sm"
            icon={Eye}
            disabled={!bodies.reveal.ok}
            title={bodies.reveal.why ?? undefined}
            onClick={() => setAsking('open')}
          >
            Reveal a masked value
          </Button>
        )}
      </div>
      {kept.is === 'kept' ? <Tree value={kept.value} choices={choices} onChoices={setChoices} /> : null}
      {kept.is === 'purged' ? <p className="t2">{purgedWords(kept)}</p> : null}
      {kept.is === 'none' ? <p className="t3">Nothing so far.</p> : null}
      {shown.map(({ path, value }) => (
        <div key={path} className="kp-shown" role="status">
          <span className="mono t3">{path === '' ? 'the whole' : path}</span>
          <span className="mono">{typeof value === 'string' ? value : JSON.stringify(value)}</span>
          <span className="meta">Shown until this is closed. The audit log has it.</span>
        </div>
      ))}
      {asking === 'closed' ? null : (
        <RevealDialog
          bodies={bodies}
          body={body}
          places={places}
          onReveal={onReveal}
          onShown={(path, value) =>
            setShown((before) => [...before.filter((one) => one.path !== path), { path, value }])
          }
          onClose={() => setAsking('closed')}
        />
      )}
    </section>
  );
}

interface RevealDialogProps extends BodyProps {
  readonly places: readonly string[];
  readonly onShown: (path: string, value: Json) => void;
  readonly onClose: () => void;
}

function RevealDialog({ bodies, body, places, onReveal, onShown, onClose }: RevealDialogProps): ReactNode {
  const id = useId();
  const [path, setPath] = useState(places[0] ?? '');
  const [reason, setReason] = useState('');
  const { state, run } = useAction<{ readonly value: Json }>(({ value }) => {
    onShown(path, value);
    onClose();
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const { of, requestId } = body;
    run(() => onReveal({ callId: bodies.callId, of, requestId, path, reason }));
  };
  const footer = (
    <>
      <span className="grow" />
      <Button size="lg" hint="Esc" onClick={onClose}>
        Keep it masked
      </Button>
      <Button size="lg" look="primary" type="submit" form={id} disabled={state.is === 'busy' || reason.trim() === ''}>
        {state.is === 'busy' ? 'Writing it down' : 'Reveal'}
      </Button>
    </>
  );
  return (
    <Dialog title="Reveal a masked value" onClose={onClose} footer={footer}>
      <form id={id} className="kp-form" onSubmit={submit}>
        <p className="t2">
          The audit log keeps that you saw it, of which call, and why; never the value. It is shown to you alone.
        </p>
        <div className="field">
          <label className="name" htmlFor={`${id}-path`}>
            Which value
          </label>
          <select
            id={`${id}-path`}
            className="input mono"
            value={path}
            onChange={(event) => setPath(event.target.value)}
          >
            {places.map((place) => (
              <option key={place} value={place}>
                {place === '' ? 'the whole' : place}
              </option>
            ))}
          </select>
        </div>
        <ReasonField reason={reason} onReason={setReason} />
        {state.is === 'refused' ? (
          <Note icon={TriangleAlert} tone="danger" live="alert">
            {state.message}
          </Note>
        ) : null}
      </form>
    </Dialog>
  );
}

interface ReasonFieldProps {
  readonly reason: string;
  readonly onReason: (reason: string) => void;
}

function ReasonField({ reason, onReason }: ReasonFieldProps): ReactNode {
  const id = useId();
  return (
    <div className="field">
      <label className="name" htmlFor={id}>
        Why you need to see it
      </label>
      <textarea
        id={id}
        className="input"
        rows={3}
        maxLength={revealReasonMost}
        value={reason}
        onChange={(event) => onReason(event.target.value)}
      />
      <p className="hint">Whoever reads the audit log reads this.</p>
    </div>
  );
}

/** Where something is masked: a whole value, or a part of a text. */
function maskedPlaces(value: Json, path: readonly string[] = []): readonly string[] {
  if (typeof value === 'string') return value.includes(masked) ? [pointerOf(path)] : [];
  if (Array.isArray(value)) return value.flatMap((item: Json, index) => maskedPlaces(item, [...path, String(index)]));
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => maskedPlaces(item, [...path, key]));
}
