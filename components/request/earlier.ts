import { type DraftValue, draftOf, type FormDraft } from '@/lib/domain/form/draft';
import type { FormField } from '@/lib/domain/form/field';
import { parseForm } from '@/lib/domain/form/parse-form';
import { isJsonObject, type Json, type JsonObject } from '@/lib/domain/json';
import type { RequestDetail } from '@/lib/domain/request-detail';
import { readElicitation } from './ask';
import type { RequestDraft } from './draft';

/** The answer of an earlier run as it stands in this form. */
export interface EarlierOffer {
  readonly by: string;
  readonly savedAt: number;
  /** `offered`: it fills the form. `own`: the person's own text does. `cleared`: nothing does. */
  readonly use: 'offered' | 'own' | 'cleared';
  /** Values of it that this form has no place for, by name. */
  readonly left: readonly string[];
  /** Values of it that a rule masks, by name: they are not offered. */
  readonly masked: readonly string[];
}

/** What an earlier run's answer would fill in; null when there is none, or nothing of it can be filled in. */
function fillingOf(
  detail: RequestDetail,
): { readonly draft: Partial<RequestDraft>; readonly left: readonly string[] } | null {
  const content = detail.earlier?.content ?? null;
  if (!isJsonObject(content)) return null;
  if (detail.request.kind === 'sampling') {
    return typeof content.text === 'string' ? { draft: { reply: content.text }, left: [] } : null;
  }
  if (detail.request.kind !== 'form') return null;
  const parsed = parseForm(readElicitation(detail.ask).requestedSchema);
  if (parsed.kind === 'unrenderable') return { draft: { json: JSON.stringify(content, null, 2) }, left: [] };
  const { form, left } = formFilledWith(parsed.fields, content);
  return { draft: { form: [...form] }, left };
}

/** The start of a form with an answer's values in it, and the names of those that do not fit. */
export function formFilledWith(
  fields: readonly FormField[],
  content: JsonObject,
): { readonly form: FormDraft; readonly left: readonly string[] } {
  const form = new Map(draftOf(fields));
  const left = new Set(Object.keys(content));
  for (const field of fields) {
    if (!Object.hasOwn(content, field.name) || content[field.name] === null) {
      // It was left empty then, or is masked: a default of the schema is not what was answered.
      form.set(field.name, emptyValue(field));
      continue;
    }
    const value = draftValueOf(field, content[field.name] ?? null);
    if (value === null) continue;
    form.set(field.name, value);
    left.delete(field.name);
  }
  return { form, left: [...left] };
}

function emptyValue(field: FormField): DraftValue {
  switch (field.kind) {
    case 'text':
    case 'date':
    case 'date-time':
    case 'number':
      return { kind: 'text', text: '' };
    case 'yes-no':
      return { kind: 'yes-no', value: null };
    case 'choice':
      return { kind: 'choice', value: null };
    case 'choices':
      return { kind: 'choices', values: null };
  }
}

/** Null when the value is of another kind than the field, or no longer among its options. */
function draftValueOf(field: FormField, value: Json): DraftValue | null {
  switch (field.kind) {
    case 'text':
    case 'date':
    case 'date-time':
      return typeof value === 'string' ? { kind: 'text', text: value } : null;
    case 'number':
      return typeof value === 'number' ? { kind: 'text', text: String(value) } : null;
    case 'yes-no':
      return typeof value === 'boolean' ? { kind: 'yes-no', value } : null;
    case 'choice':
      return typeof value === 'string' && field.options.some((option) => option.value === value)
        ? { kind: 'choice', value }
        : null;
    case 'choices': {
      if (!isList(value)) return null;
      const values = value.filter((item) => typeof item === 'string');
      const isKnown = (item: string): boolean => field.options.some((option) => option.value === item);
      return values.length === value.length && values.every(isKnown) ? { kind: 'choices', values } : null;
    }
  }
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/** What the form shows: a person's own draft wins; untouched, the earlier answer is filled in (I4). */
export function shownDraft(detail: RequestDetail, draft: RequestDraft): RequestDraft {
  if (draft.earlier === 'aside' || hasOwn(draft)) return draft;
  const filling = fillingOf(detail);
  return filling === null ? draft : { ...draft, ...filling.draft };
}

/** The line above a form that an earlier answer was given to; null when there is none to speak of. */
export function earlierOffer(detail: RequestDetail, draft: RequestDraft): EarlierOffer | null {
  const { earlier } = detail;
  const filling = fillingOf(detail);
  if (earlier === null || filling === null || detail.request.state !== 'open') return null;
  const { by, savedAt } = earlier;
  const use = hasOwn(draft) ? 'own' : draft.earlier === 'offered' ? 'offered' : 'cleared';
  const masked = maskedIn(earlier.content);
  const left = filling.left.filter((name) => !masked.includes(name));
  return { by, savedAt, use, ...(use === 'offered' ? { left, masked } : { left: [], masked: [] }) };
}

/** A form's answer holds no null of its own. */
function maskedIn(content: Json | null): readonly string[] {
  return isJsonObject(content) ? Object.keys(content).filter((name) => content[name] === null) : [];
}

function hasOwn({ form, json, reply }: RequestDraft): boolean {
  return form !== null || json !== null || reply !== '';
}

/** The form as it was before anything was filled in. */
export function withoutEarlier(draft: RequestDraft): RequestDraft {
  return { ...draft, form: null, json: null, reply: '', earlier: 'aside' };
}

/** Fills it in again. */
export function withEarlier(draft: RequestDraft): RequestDraft {
  return { ...draft, form: null, json: null, reply: '', earlier: 'offered' };
}

/** A draft after a person's own hand: an emptied reply stays empty. */
export function byHand(detail: RequestDetail, draft: RequestDraft): RequestDraft {
  return detail.earlier === null ? draft : { ...draft, earlier: 'aside' };
}
