import type { FormField } from '@/lib/domain/form/field';

/** By place, not by name: a name may hold anything. */
export const fieldId = (formId: string, index: number): string => `${formId}-field-${index}`;

/** Where a field is filled in; null when it is not on the page. */
export function fieldOnPage(formId: string, fields: readonly FormField[], name: string): HTMLElement | null {
  const index = fields.findIndex((field) => field.name === name);
  const element = index === -1 ? null : document.getElementById(fieldId(formId, index));
  return element?.matches('input, textarea') === true
    ? element
    : (element?.querySelector<HTMLElement>('input') ?? null);
}
