import { type FormDraft, draftOf } from '@/lib/domain/form/draft';
import type { FormField } from '@/lib/domain/form/field';
import { emptyJsonAnswer, type LineError, readJsonAnswer } from '@/lib/domain/form/json-answer';
import { parseForm } from '@/lib/domain/form/parse-form';
import { type FieldErrors, readDraft } from '@/lib/domain/form/read-draft';
import { guardSchema } from '@/lib/domain/form/schema-guard';
import type { Json, JsonObject } from '@/lib/domain/json';
import type { RequestDetail } from '@/lib/domain/request-detail';
import { readElicitation } from './ask';
import { formDraftOf, type RequestDraft } from './draft';
import type { Sending } from './request-props';

/** A form request as it stands: what to draw, and what is wrong with the draft. */
export type FormState =
  | {
      readonly kind: 'fields';
      readonly fields: readonly FormField[];
      readonly draft: FormDraft;
      readonly errors: FieldErrors;
    }
  | {
      readonly kind: 'json';
      readonly schema: Json | null;
      readonly reason: string;
      /** Whether an answer can be checked against the schema at all. */
      readonly check: 'possible' | 'none';
      readonly text: string;
      readonly errors: readonly LineError[];
    };

/** Whether Accept would be taken, and with what. */
export type Readiness =
  | { readonly kind: 'ready'; readonly content: JsonObject | null }
  | { readonly kind: 'blocked'; readonly words: string; readonly problems: number };

export function formStateOf(ask: RequestDetail['ask'], draft: Pick<RequestDraft, 'form' | 'json'>): FormState {
  const schema = readElicitation(ask).requestedSchema;
  const parsed = parseForm(schema);
  if (parsed.kind === 'unrenderable') {
    const text = draft.json ?? emptyJsonAnswer;
    const reading = readJsonAnswer(schema, text);
    return {
      kind: 'json',
      schema,
      reason: parsed.reason,
      check: checkOf(schema),
      text,
      errors: reading.ok ? [] : reading.errors,
    };
  }
  const values = formDraftOf(draft, draftOf(parsed.fields));
  const reading = readDraft(parsed.fields, values);
  return { kind: 'fields', fields: parsed.fields, draft: values, errors: reading.ok ? new Map() : reading.errors };
}

/** Whether an answer can be checked against it at all. */
export function checkOf(schema: Json | null): 'possible' | 'none' {
  return guardSchema(schema).kind === 'refused' ? 'none' : 'possible';
}

export function formReadiness(state: FormState): Readiness {
  if (state.errors instanceof Map && state.errors.size > 0) return toFix(state.errors.size, 'field');
  if (state.kind === 'json') {
    if (state.check === 'none') return { kind: 'blocked', words: 'It can only be declined', problems: 0 };
    const reading = readJsonAnswer(state.schema, state.text);
    return reading.ok
      ? { kind: 'ready', content: reading.content as JsonObject }
      : toFix(reading.errors.length, 'problem');
  }
  const reading = readDraft(state.fields, state.draft);
  return reading.ok ? { kind: 'ready', content: reading.content } : toFix(reading.errors.size, 'field');
}

function toFix(count: number, noun: string): Readiness {
  return { kind: 'blocked', words: `${count} ${noun}${count === 1 ? '' : 's'} to fix`, problems: count };
}

export function linkReadiness(link: RequestDraft['link']): Readiness {
  return link === 'opened'
    ? { kind: 'ready', content: null }
    : { kind: 'blocked', words: 'Open the page first', problems: 0 };
}

/** Whether an answer was given: what it says cannot change any more, unless it is taken back first. */
export function isGiven({ state }: Sending): boolean {
  return state !== 'idle' && state !== 'refused';
}

/** Why nothing can be answered now; null when it can. */
export function closedBecause(detail: RequestDetail): string | null {
  return detail.allowed.answer.ok ? null : (detail.allowed.answer.why ?? 'You cannot answer this.');
}
