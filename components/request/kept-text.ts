import type { DraftValue } from '@/lib/domain/form/draft';
import type { RequestDetail } from '@/lib/domain/request-detail';
import type { RequestDraft } from './draft';
import { formStateOf } from './readiness';

export interface KeptLine {
  readonly name: string;
  readonly text: string;
}

/** What a person typed, in words, for the day their answer is not the one that counts. */
export function keptLines(detail: RequestDetail, draft: RequestDraft): readonly KeptLine[] {
  const lines: KeptLine[] = [];
  if (draft.form !== null) {
    const state = formStateOf(detail.ask, draft);
    const labels = new Map(state.kind === 'fields' ? state.fields.map((field) => [field.name, field.label]) : []);
    for (const [name, value] of draft.form) lines.push({ name: labels.get(name) ?? name, text: wordsOf(value) });
  }
  if (draft.json !== null) lines.push({ name: 'Answer as JSON', text: draft.json });
  if (draft.reply.trim() !== '') lines.push({ name: 'Reply', text: draft.reply });
  if (draft.note.trim() !== '') lines.push({ name: 'Note', text: draft.note });
  if (draft.reason.trim() !== '') lines.push({ name: 'Reason', text: draft.reason });
  if (draft.because.trim() !== '') lines.push({ name: 'Reason to approve', text: draft.because });
  if (draft.comment.trim() !== '') lines.push({ name: 'Note to people', text: draft.comment });
  for (const { pointer, raw } of draft.edit?.entries ?? []) lines.push({ name: `Edited ${pointer}`, text: raw });
  return lines.filter(({ text }) => text !== '');
}

export function keptText(detail: RequestDetail, draft: RequestDraft): string {
  return keptLines(detail, draft)
    .map(({ name, text }) => `${name}: ${text}`)
    .join('\n');
}

function wordsOf(value: DraftValue): string {
  switch (value.kind) {
    case 'text':
      return value.text;
    case 'yes-no':
      return value.value === null ? '' : value.value ? 'yes' : 'no';
    case 'choice':
      return value.value ?? '';
    case 'choices':
      return value.values?.join(', ') ?? '';
  }
}
