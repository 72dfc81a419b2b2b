import type { JsonObject } from '@/lib/domain/json';
import type { RequestDetail } from '@/lib/domain/request-detail';
import type { RequestDraft } from './draft';
import type { Readiness } from './readiness';
import type { ModelDraft } from './request-props';

/** Whose words stand in the reply: a person's, a model's as it wrote them, or a model's that a person changed. */
export type ReplyFrom = 'person' | 'model' | 'edited';

export function replyFrom({ reply, drafted }: Pick<RequestDraft, 'reply' | 'drafted'>): ReplyFrom {
  if (drafted === null) return 'person';
  if (drafted.text === null) return reply.trim() === '' ? 'model' : 'person';
  if (reply === drafted.text) return 'model';
  return reply.trim() === '' ? 'person' : 'edited';
}

/** The model's reply as it wrote it goes out whole; a person's words go as text. */
export function samplingReadiness(draft: Pick<RequestDraft, 'reply' | 'drafted'>): Readiness {
  const { reply, drafted } = draft;
  if (drafted !== null && replyFrom(draft) === 'model') {
    const content: JsonObject = { result: drafted.result };
    return { kind: 'ready', content };
  }
  const text = reply.trim();
  return text === ''
    ? { kind: 'blocked', words: 'Write the reply first', problems: 0 }
    : { kind: 'ready', content: { text } };
}

/** Whether a new draft would take the place of something a person typed. */
export function wouldOverwrite({ reply, drafted }: Pick<RequestDraft, 'reply' | 'drafted'>): boolean {
  return reply.trim() !== '' && reply !== drafted?.text;
}

export function withModelDraft(draft: RequestDraft, drafted: ModelDraft): RequestDraft {
  return { ...draft, drafted, reply: drafted.text ?? '', earlier: 'aside' };
}

/** Why no model can be asked; null when one can. */
export function noDraftBecause({ allowed, models }: RequestDetail): string | null {
  if (models.length === 0) return 'No model is configured: a person writes the reply.';
  return allowed.draft.ok ? null : (allowed.draft.why ?? 'You cannot ask the model here.');
}
