import type { FormField } from '@/lib/domain/form/field';

/** By place, not by name: a name may hold anything. */
export const fieldId = (formId: string, index: number): string => `${formId}-field-${index}`;

/** Takes a person to a field, from “1 field to fix”. */
export function focusField(formId: string, fields: readonly FormField[], name: string): void {
  const index = fields.findIndex((field) => field.name === name);
  const element = index === -1 ? null : document.getElementById(fieldId(formId, index));
  const target = element?.matches('input, textarea') === true ? element : element?.querySelector<HTMLElement>('input');
  target?.focus();
}
