import { actBy } from '@/lib/domain/act-by';
import type { AuditAct, AuditDraft, AuditSubject } from '@/lib/domain/audit';
import type { JsonObject } from '@/lib/domain/json';
import type { Person } from '@/lib/domain/permission';

/** What someone did here, before it has its time. */
export interface Deed {
  readonly by: Person;
  readonly act: AuditAct;
  readonly about: AuditSubject;
  readonly facts?: JsonObject;
}

export function actOf({ by, act, about, facts = {} }: Deed, at: number): AuditDraft {
  return actBy(by, { act, at, about, why: null, facts });
}

export function aboutPerson(person: { readonly id: string; readonly name: string | null }): AuditSubject {
  return { kind: 'person', id: person.id, name: person.name };
}
