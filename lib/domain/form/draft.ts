import type { FormField } from '@/lib/domain/form/field';

/** What a person has put into one field so far. Text is kept as typed; `null` is “not touched”. */
export type DraftValue =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'yes-no'; readonly value: boolean | null }
  | { readonly kind: 'choice'; readonly value: string | null }
  | { readonly kind: 'choices'; readonly values: readonly string[] | null };

/** By field name. A Map, since a field may be called `__proto__`. */
export type FormDraft = ReadonlyMap<string, DraftValue>;

/** The start: declared defaults that are valid answers, and nothing else. */
export function draftOf(fields: readonly FormField[]): FormDraft {
  return new Map(fields.map((field) => [field.name, initialValue(field)]));
}

export function setDraftValue(draft: FormDraft, name: string, value: DraftValue): FormDraft {
  return new Map(draft).set(name, value);
}

function initialValue(field: FormField): DraftValue {
  switch (field.kind) {
    case 'text':
    case 'date':
    case 'date-time':
      return { kind: 'text', text: field.initial ?? '' };
    case 'number':
      return { kind: 'text', text: field.initial === null ? '' : String(field.initial) };
    case 'yes-no':
      return { kind: 'yes-no', value: field.initial };
    case 'choice':
      return { kind: 'choice', value: field.initial };
    case 'choices':
      return { kind: 'choices', values: field.initial };
  }
}

export function draftText(draft: FormDraft, name: string): string {
  const value = draft.get(name);
  return value?.kind === 'text' ? value.text : '';
}

export function draftYesNo(draft: FormDraft, name: string): boolean | null {
  const value = draft.get(name);
  return value?.kind === 'yes-no' ? value.value : null;
}

export function draftChoice(draft: FormDraft, name: string): string | null {
  const value = draft.get(name);
  return value?.kind === 'choice' ? value.value : null;
}

export function draftChoices(draft: FormDraft, name: string): readonly string[] | null {
  const value = draft.get(name);
  return value?.kind === 'choices' ? value.values : null;
}
