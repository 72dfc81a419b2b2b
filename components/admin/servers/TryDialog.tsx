'use client';

import Link from 'next/link';
import { type ReactNode, useEffect, useId, useMemo, useState } from 'react';
import Play from 'lucide-react/icons/play';
import Square from 'lucide-react/icons/square';
import { AnswerForm } from '@/components/form/answer-form';
import { JsonAnswer } from '@/components/form/json-answer';
import { Refused } from '@/components/settings/FormButtons';
import { Button } from '@/components/ui/Button';
import { Dialog } from '@/components/ui/Dialog';
import { draftOf, type FormDraft } from '@/lib/domain/form/draft';
import { emptyJsonAnswer, readJsonAnswer } from '@/lib/domain/form/json-answer';
import { parseForm } from '@/lib/domain/form/parse-form';
import { readDraft } from '@/lib/domain/form/read-draft';
import { guardSchema } from '@/lib/domain/form/schema-guard';
import { isJsonObject, type JsonObject } from '@/lib/domain/json';
import type { Tried } from '@/lib/domain/server';
import { type ActionState, useAction } from '../use-action';
import type { ServersDesk } from './server-props';
import { TriedView } from './TriedView';

export interface TryDialogProps {
  readonly server: string;
  readonly tool: string;
  readonly definition: JsonObject;
  readonly desk: ServersDesk;
  readonly onClose: () => void;
}

/** Calls a tool as a person, on the way of any agent's call: rules, approvals and questions apply. */
export function TryDialog({ server, tool, definition, desk, onClose }: TryDialogProps): ReactNode {
  const formId = useId();
  const [tried, setTried] = useTried(desk);
  const [attempt, setAttempt] = useState<'none' | 'made'>('none');
  const given = useGiven(definition);
  const starting = useAction<Tried>(setTried);
  const cancelling = useAction<Tried>(setTried);
  const isRunning = tried !== null && tried.outcome === null;
  const run = (): void => {
    setAttempt('made');
    if (given.value !== null) starting.run(() => desk.try(server, tool, given.value ?? {}));
  };
  return (
    <Dialog
      title={`Try ${tool}`}
      size="lg"
      onClose={onClose}
      footer={
        <>
          {tried === null ? null : (
            <Link className="btn lg" href={`/sessions/${tried.sessionId}`}>
              See its session
            </Link>
          )}
          <span className="grow" />
          <Button size="lg" hint="Esc" onClick={onClose}>
            {isRunning ? 'Leave it running' : 'Back'}
          </Button>
          {isRunning ? (
            <Button
              size="lg"
              look="danger"
              icon={Square}
              disabled={cancelling.state.is === 'busy'}
              onClick={() => cancelling.run(() => desk.cancelTry(tried.callId))}
            >
              Cancel the call
            </Button>
          ) : (
            <RunButton {...{ formId, run, tried }} state={starting.state} />
          )}
        </>
      }
    >
      <p className="t2 ad-lead">
        It runs as you, by hand: what rules hold waits for a person, a rule that keeps owners from approving keeps you
        from it, and it is on record.
      </p>
      <Given formId={formId} given={given} attempt={attempt} closed={isRunning ? 'The call is under way.' : null} />
      <Refused state={starting.state} />
      <Refused state={cancelling.state} />
      {tried === null ? null : <TriedView tried={tried} />}
    </Dialog>
  );
}

interface RunButtonProps {
  readonly formId: string;
  readonly run: () => void;
  readonly tried: Tried | null;
  readonly state: ActionState;
}

/** Of the form, so that Enter in its fields presses it. */
function RunButton({ formId, run, tried, state }: RunButtonProps): ReactNode {
  const isBusy = state.is === 'busy';
  return (
    <Button size="lg" look="primary" icon={Play} type="submit" form={formId} disabled={isBusy} onClick={run}>
      {tried === null ? 'Run' : 'Run again'}
    </Button>
  );
}

const anyObject = { type: 'object' };

/** The call as it stands, told as it changes. */
function useTried(desk: ServersDesk): readonly [Tried | null, (tried: Tried) => void] {
  const [tried, setTried] = useState<Tried | null>(null);
  const callId = tried?.callId ?? null;
  useEffect(() => {
    if (callId === null) return undefined;
    const stop = desk.onTried((next) => {
      if (next.callId === callId) setTried(next);
    });
    // What was told before this listened.
    desk.tried(callId).then(
      (read) => (read.ok ? setTried((now) => (now?.outcome === null ? read.value : now)) : undefined),
      () => undefined,
    );
    return stop;
  }, [desk, callId]);
  return [tried, setTried];
}

type GivenState =
  | {
      readonly kind: 'fields';
      readonly form: Extract<ReturnType<typeof parseForm>, { readonly kind: 'form' }>;
      readonly draft: FormDraft;
      readonly onDraft: (draft: FormDraft) => void;
      readonly value: JsonObject | null;
    }
  | {
      readonly kind: 'json';
      readonly schema: unknown;
      /** What the text is checked against. */
      readonly checked: unknown;
      readonly reason: string;
      readonly text: string;
      readonly onText: (text: string) => void;
      readonly value: JsonObject | null;
    };

/** The arguments as they are typed: a form where the schema can be drawn, else JSON checked against it. */
function useGiven(definition: JsonObject): GivenState {
  const schema = definition['inputSchema'] ?? anyObject;
  const parsed = useMemo(() => parseForm(schema), [schema]);
  const [draft, setDraft] = useState<FormDraft | null>(null);
  const [text, setText] = useState(emptyJsonAnswer);
  if (parsed.kind === 'form') {
    const shown = draft ?? draftOf(parsed.fields);
    const read = readDraft(parsed.fields, shown);
    return { kind: 'fields', form: parsed, draft: shown, onDraft: setDraft, value: read.ok ? read.content : null };
  }
  // One that cannot be checked here is the server's to check.
  const checked = guardSchema(schema).kind === 'refused' ? anyObject : schema;
  const read = readJsonAnswer(checked, text);
  const value = read.ok && isJsonObject(read.content) ? read.content : null;
  return { kind: 'json', schema, checked, reason: parsed.reason, text, onText: setText, value };
}

function Given({
  formId,
  given,
  attempt,
  closed,
}: {
  readonly formId: string;
  readonly given: GivenState;
  readonly attempt: 'none' | 'made';
  readonly closed: string | null;
}): ReactNode {
  if (given.kind === 'fields') {
    const read = readDraft(given.form.fields, given.draft);
    return (
      <AnswerForm
        formId={formId}
        fields={given.form.fields}
        draft={given.draft}
        errors={read.ok ? new Map() : read.errors}
        attempt={attempt}
        onChange={given.onDraft}
        disabledReason={closed}
      />
    );
  }
  const read = readJsonAnswer(given.checked, given.text);
  return (
    <JsonAnswer
      formId={formId}
      requestedSchema={given.schema}
      reason={given.reason}
      check="possible"
      text={given.text}
      errors={read.ok ? [] : read.errors}
      attempt={attempt}
      onChange={given.onText}
      disabledReason={closed}
    />
  );
}
