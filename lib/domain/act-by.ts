import type { AuditDraft } from './audit';
import type { Person } from './permission';

/** What a person did, for the audit log. */
export function actBy(
  person: Pick<Person, 'id' | 'name' | 'from'>,
  act: Omit<AuditDraft, 'actor' | 'from'>,
): AuditDraft {
  return { ...act, actor: { kind: 'person', id: person.id, name: person.name }, from: person.from ?? null };
}
