'use client';

import { type FormEvent, type ReactNode, useId, useState } from 'react';
import { FormButtons, Refused } from '@/components/settings/FormButtons';
import { Dialog } from '@/components/ui/Dialog';
import type { AgentRow, PersonRow } from '@/lib/domain/directory';
import type { PersonId } from '@/lib/domain/ids';
import type { Result } from '@/lib/domain/refusal';
import { OwnerField } from './OwnerField';
import { useAction } from './use-action';

export interface OwnerDialogProps {
  readonly agent: AgentRow;
  readonly people: readonly PersonRow[];
  readonly me: PersonId;
  readonly onSave: (owner: PersonId | null) => Promise<Result<unknown>>;
  readonly onClose: () => void;
}

/** Gives an agent to someone else to answer for. */
export function OwnerDialog({ agent, people, me, onSave, onClose }: OwnerDialogProps): ReactNode {
  const form = useId();
  const [owner, setOwner] = useState<PersonId | null>(agent.owner?.id ?? null);
  const { state, run } = useAction<unknown>(onClose);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (state.is !== 'busy') run(() => onSave(owner));
  };
  return (
    <Dialog
      title={`Owner of ${agent.name}`}
      onClose={onClose}
      footer={<FormButtons form={form} verb="Save owner" busy="Saving" state={state} onClose={onClose} />}
    >
      <form id={form} className="stack ad-form" onSubmit={submit}>
        <OwnerField people={people} me={me} owner={owner} onOwner={setOwner} />
      </form>
      <Refused state={state} />
    </Dialog>
  );
}
