'use client';

import { type FormEvent, type ReactNode, useId, useState } from 'react';
import Plug from 'lucide-react/icons/plug';
import { FormButtons, Refused } from '@/components/settings/FormButtons';
import { SwitchField } from '@/components/settings/SwitchField';
import { TextField } from '@/components/settings/TextField';
import { Button } from '@/components/ui/Button';
import { Dialog } from '@/components/ui/Dialog';
import type { ServerSettings, ServerTest } from '@/lib/domain/server';
import { useAction } from '../use-action';
import { HeadersField } from './HeadersField';
import { LimitsFields } from './LimitsFields';
import { emptyForm, formOf, orderOf, problemsOf, type ServerForm } from './server-form';
import type { ServersDesk } from './server-props';
import { TargetFields } from './TargetFields';
import { TestResult } from './TestResult';

export interface ServerDialogProps {
  /** Null to add one. */
  readonly of: { readonly name: string; readonly settings: ServerSettings } | null;
  readonly desk: Pick<ServersDesk, 'add' | 'change' | 'test'>;
  readonly onSaved: (name: string) => void;
  readonly onClose: () => void;
}

/** Adds a server on the network, or changes one: what is typed can be tried before it is saved. */
export function ServerDialog({ of, desk, onSaved, onClose }: ServerDialogProps): ReactNode {
  const formId = useId();
  const { form, problems, test, saving, testing, change, runTest, submit } = useServerForm({
    of,
    desk,
    onSaved,
    onClose,
  });
  const isTesting = testing.state.is === 'busy';
  return (
    <Dialog
      title={of === null ? 'Add a server' : `Change ${of.name}`}
      size="lg"
      onClose={onClose}
      footer={
        <>
          <Button size="lg" icon={Plug} disabled={isTesting} onClick={runTest}>
            {isTesting ? 'Testing' : 'Test'}
          </Button>
          <FormButtons
            form={formId}
            verb={of === null ? 'Add server' : 'Save'}
            busy="Saving"
            state={saving.state}
            onClose={onClose}
          />
        </>
      }
    >
      <form id={formId} className="stack ad-form" onSubmit={submit} noValidate>
        {of === null ? (
          <TextField
            label="Name"
            value={form.name}
            maxLength={64}
            placeholder="github"
            hint="Stands before the names of its tools. It cannot be changed later."
            problem={problems.get('name') ?? null}
            onValue={(name) => change({ name })}
          />
        ) : null}
        <TargetFields form={form} problems={problems} hasQuery={of?.settings.hasQuery ?? false} onChange={change} />
        <HeadersField headers={form.headers} onHeaders={(headers) => change({ headers })} />
        <SwitchField
          label="Believe what it says of its tools"
          hint="Then tools it calls read-only run without asking, where no rule says otherwise."
          is={form.trusted}
          onIs={(trusted) => change({ trusted })}
        />
        <LimitsFields form={form} problems={problems} onChange={change} />
      </form>
      <Refused state={saving.state} />
      <Refused state={testing.state} />
      {test === null ? null : <Tested test={test} />}
    </Dialog>
  );
}

/** It stands below the form, which may be longer than the window. */
function Tested({ test }: { readonly test: ServerTest }): ReactNode {
  return (
    <div ref={intoView} className="sv-tested">
      <TestResult test={test} />
    </div>
  );
}

function intoView(result: HTMLElement | null): void {
  result?.scrollIntoView({ block: 'nearest' });
}

/** What is typed, what is wrong with it, and what came of testing and saving it. */
function useServerForm({ of, desk, onSaved, onClose }: ServerDialogProps): {
  readonly form: ServerForm;
  readonly problems: ReadonlyMap<string, string>;
  readonly test: ServerTest | null;
  readonly saving: ReturnType<typeof useAction<ServerSettings>>;
  readonly testing: ReturnType<typeof useAction<ServerTest>>;
  readonly change: (next: Partial<ServerForm>) => void;
  readonly runTest: () => void;
  readonly submit: (event: FormEvent) => void;
} {
  const [form, setForm] = useState<ServerForm>(() => (of === null ? emptyForm : formOf(of.name, of.settings)));
  const [tried, setTried] = useState<'fresh' | 'tried'>('fresh');
  const [test, setTest] = useState<ServerTest | null>(null);
  const saving = useAction<ServerSettings>(() => {
    onClose();
    onSaved(form.name.trim());
  });
  const testing = useAction<ServerTest>(setTest);
  const problems = tried === 'tried' ? problemsOf(form) : new Map<string, string>();
  const change = (next: Partial<ServerForm>): void => {
    setForm({ ...form, ...next });
    setTest(null);
  };
  const ifComplete = (run: () => void): void => {
    setTried('tried');
    if (problemsOf(form).size === 0) run();
  };
  const order = (): ReturnType<typeof orderOf> => orderOf(form, of?.settings ?? null);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (saving.state.is === 'busy') return;
    ifComplete(() => saving.run(() => (of === null ? desk.add(order()) : desk.change(order(), of.settings.revision))));
  };
  const runTest = (): void =>
    ifComplete(() => {
      setTest(null);
      testing.run(() => desk.test({ order: order() }));
    });
  return { form, problems, test, saving, testing, change, runTest, submit };
}
