'use client';

import type { ReactNode } from 'react';
import { PickField, type PickOption } from '@/components/settings/PickField';
import type { PersonRow } from '@/lib/domain/directory';
import { type PersonId, readId } from '@/lib/domain/ids';
import { roleWords } from './role-words';

const nobody = 'nobody';

export interface OwnerFieldProps {
  readonly people: readonly PersonRow[];
  readonly me: PersonId;
  /** Null for nobody. */
  readonly owner: PersonId | null;
  readonly onOwner: (owner: PersonId | null) => void;
}

/** Who answers for an agent, and what that is for. */
export function OwnerField({ people, me, owner, onOwner }: OwnerFieldProps): ReactNode {
  return (
    <PickField
      label="Owner"
      options={ownerOptions(people, me)}
      picked={owner ?? nobody}
      hint="Who answers for it. When a server asks its user to open a link, that is the owner’s to do. A rule can keep the owner from approving the agent’s own calls, so that two people always agree."
      onPick={(value) => onOwner(readId('person', value))}
    />
  );
}

function ownerOptions(people: readonly PersonRow[], me: PersonId): readonly PickOption[] {
  const here = people
    .filter(({ disabledAt }) => disabledAt === null)
    .toSorted((a, b) => Number(b.id === me) - Number(a.id === me) || a.name.localeCompare(b.name, 'en'));
  return [
    ...here.map(({ id, name, email, role }) => ({
      value: id,
      label: id === me ? `${name} (you)` : name,
      description: `${email}, ${roleWords[role].name.toLowerCase()}`,
    })),
    { value: nobody, label: 'Nobody', description: 'Links are for whoever may answer; no rule can keep an owner out' },
  ];
}
