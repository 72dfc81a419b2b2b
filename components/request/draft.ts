import type { DraftValue, FormDraft } from '@/lib/domain/form/draft';
import { isJsonObject, type JsonObject } from '@/lib/domain/json';
import type { ModelUsage } from '@/lib/domain/model-usage';
import { type RememberOrder, rememberFors } from '@/lib/domain/policy/choice';
import type { ModelDraft } from './request-props';
import { type RecoveryChoice, recoveryChoices } from './recovery-choice';

/** What a person changed at one place of the arguments, as they typed it. */
export interface ArgumentEdit {
  readonly pointer: string;
  /** `text`: the characters of a string. `json`: JSON text. `removed`: no value any more. */
  readonly how: 'text' | 'json' | 'removed';
  readonly raw: string;
}

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
  /** Why it is approved, where a reason is given. */
  readonly because: string;
  /** Other arguments, and the revision they were begun at; null while none are edited. */
  readonly edit: { readonly revision: number; readonly entries: readonly ArgumentEdit[] } | null;
  readonly remember: RememberOrder | null;
  /** A note about the request that is not yet written down. */
  readonly comment: string;
  /** The prompt of a sampling request as the person left it; null where they did not change it. */
  readonly prompt: PromptEdits | null;
  /** The last draft a model wrote. */
  readonly drafted: ModelDraft | null;
}

export interface PromptEdits {
  readonly systemPrompt: string | null;
  readonly messages: readonly { readonly index: number; readonly text: string }[];
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
  because: '',
  edit: null,
  remember: null,
  comment: '',
  prompt: null,
  drafted: null,
};

/** Whether nothing would be lost by forgetting it. */
export function isUntouched(draft: RequestDraft): boolean {
  return isBlank(draft) && draft.choice === null && draft.earlier === 'offered' && draft.remember === null;
}

/** Whether nothing is typed in it. */
export function isBlank(draft: RequestDraft): boolean {
  const { form, json, edit, prompt, drafted, reply, reason, note, because, comment } = draft;
  const untouched = form === null && json === null && edit === null && prompt === null && drafted === null;
  return untouched && [reply, reason, note, because, comment].every((text) => text.trim() === '');
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
    because: typeof value.because === 'string' ? value.because : '',
    edit: readEdit(value.edit),
    remember: readRemember(value.remember),
    comment: typeof value.comment === 'string' ? value.comment : '',
    prompt: readPrompt(value.prompt),
    drafted: readDrafted(value.drafted),
  };
}

function readEdit(value: unknown): RequestDraft['edit'] {
  if (!isRecord(value) || typeof value.revision !== 'number' || !Array.isArray(value.entries)) return null;
  return { revision: value.revision, entries: value.entries.filter(isArgumentEdit) };
}

function isArgumentEdit(entry: unknown): entry is ArgumentEdit {
  if (!isRecord(entry) || typeof entry.pointer !== 'string' || typeof entry.raw !== 'string') return false;
  return entry.how === 'text' || entry.how === 'json' || entry.how === 'removed';
}

function readRemember(value: unknown): RememberOrder | null {
  if (!isRecord(value) || !Array.isArray(value.fields)) return null;
  const remembered = rememberFors.find((name) => name === value.for);
  const fields = value.fields.filter((field) => typeof field === 'string');
  return remembered === undefined ? null : { for: remembered, fields };
}

function readPrompt(value: unknown): PromptEdits | null {
  if (!isRecord(value) || !Array.isArray(value.messages)) return null;
  const { systemPrompt, messages } = value;
  return {
    systemPrompt: typeof systemPrompt === 'string' ? systemPrompt : null,
    messages: messages.flatMap((message: unknown) =>
      isRecord(message) && typeof message.index === 'number' && typeof message.text === 'string'
        ? [{ index: message.index, text: message.text }]
        : [],
    ),
  };
}

function readDrafted(value: unknown): ModelDraft | null {
  if (!isRecord(value) || !isJsonObject(value.result) || !isRecord(value.usage)) return null;
  const result: JsonObject = value.result;
  return { result, text: typeof value.text === 'string' ? value.text : null, usage: readUsage(value.usage) };
}

function readUsage(value: { readonly [key: string]: unknown }): ModelUsage {
  const count = (name: string): number | null => {
    const item = value[name];
    return typeof item === 'number' ? item : null;
  };
  return {
    model: typeof value.model === 'string' ? value.model : '',
    inputTokens: count('inputTokens'),
    outputTokens: count('outputTokens'),
    costUsd: count('costUsd'),
    tookMs: count('tookMs') ?? 0,
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
