import type { DraftValue, FormDraft } from '@/lib/domain/form/draft';
import { type RecoveryChoice, recoveryChoices } from './recovery-choice';

/** What a person has typed for one request and not yet sent. Plain data, so that it survives a reload. */
export interface RequestDraft {
  /** Null until a field was touched. */
  readonly form: readonly (readonly [string, DraftValue])[] | null;
  /** The JSON editor's text, null until touched. */
  readonly json: string | null;
  /** The model reply. */
  readonly reply: string;
  /** The reason of a decline. */
  readonly reason: string;
  readonly link: 'unopened' | 'opened';
  /** What to do with a call whose outcome is not known. */
  readonly choice: RecoveryChoice | null;
  /** What the agent reads about what was done by hand. */
  readonly note: string;
  /** The answer given on an earlier run: `offered` fills in what was not touched, `aside` no longer does. */
  readonly earlier: 'offered' | 'aside';
}

export const emptyDraft: RequestDraft = {
  form: null,
  json: null,
  reply: '',
  reason: '',
  link: 'unopened',
  choice: null,
  note: '',
  earlier: 'offered',
};

/** Whether nothing would be lost by forgetting it. */
export function isUntouched(draft: RequestDraft): boolean {
  return isBlank(draft) && draft.choice === null && draft.earlier === 'offered';
}

/** Whether nothing is typed in it. */
export function isBlank({ form, json, reply, reason, note }: RequestDraft): boolean {
  return form === null && json === null && [reply, reason, note].every((text) => text.trim() === '');
}

export function formDraftOf(draft: Pick<RequestDraft, 'form'>, start: FormDraft): FormDraft {
  return draft.form === null ? start : new Map([...start, ...draft.form.filter(([name]) => start.has(name))]);
}

export function withFormDraft(draft: RequestDraft, form: FormDraft): RequestDraft {
  return { ...draft, form: [...form] };
}

export function draftToText(draft: RequestDraft): string {
  return JSON.stringify(draft);
}

/** Reads what `draftToText` wrote. Anything else, also from an older page, is no draft. */
export function draftFromText(text: string | null): RequestDraft {
  if (text === null) return emptyDraft;
  try {
    return readDraftValue(JSON.parse(text));
  } catch {
    // Storage can hold anything; a draft that cannot be read is none.
    return emptyDraft;
  }
}

function readDraftValue(value: unknown): RequestDraft {
  if (!isRecord(value)) return emptyDraft;
  return {
    form: Array.isArray(value.form) ? value.form.filter(isEntry) : null,
    json: typeof value.json === 'string' ? value.json : null,
    reply: typeof value.reply === 'string' ? value.reply : '',
    reason: typeof value.reason === 'string' ? value.reason : '',
    link: value.link === 'opened' ? 'opened' : 'unopened',
    choice: recoveryChoices.find((choice) => choice === value.choice) ?? null,
    note: typeof value.note === 'string' ? value.note : '',
    earlier: value.earlier === 'aside' ? 'aside' : 'offered',
  };
}

function isRecord(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isEntry(entry: unknown): entry is readonly [string, DraftValue] {
  return Array.isArray(entry) && entry.length === 2 && typeof entry[0] === 'string' && isDraftValue(entry[1]);
}

function isDraftValue(value: unknown): value is DraftValue {
  if (!isRecord(value)) return false;
  switch (value.kind) {
    case 'text':
      return typeof value.text === 'string';
    case 'yes-no':
      return value.value === null || typeof value.value === 'boolean';
    case 'choice':
      return value.value === null || typeof value.value === 'string';
    case 'choices':
      return (
        value.values === null || (Array.isArray(value.values) && value.values.every((item) => typeof item === 'string'))
      );
    default:
      return false;
  }
}
