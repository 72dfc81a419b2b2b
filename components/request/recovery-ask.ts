import type { AnswerAction, RequestKind } from '@/lib/domain/event';
import type { RequestId } from '@/lib/domain/ids';
import { isJsonObject, type Json, type JsonObject } from '@/lib/domain/json';
import type { RecoveryAnswer, RecoveryAsk } from '@/lib/domain/recovery';

/** Null when it is not what Holdpoint writes; the decision is still offered then. */
export function readRecoveryAsk(ask: Json | null): RecoveryAsk | null {
  if (!isJsonObject(ask) || typeof ask.why !== 'string' || typeof ask.sentAt !== 'number') return null;
  return {
    why: ask.why,
    sentAt: ask.sentAt,
    runs: typeof ask.runs === 'number' ? ask.runs : 1,
    lastProgress: readProgress(ask.lastProgress),
    answers: isList(ask.answers) ? ask.answers.flatMap(readAnswer) : [],
  };
}

function readProgress(value: Json | undefined): RecoveryAsk['lastProgress'] {
  if (!isJsonObject(value) || typeof value.progress !== 'number' || typeof value.at !== 'number') return null;
  const { progress, total, message, at } = value;
  return {
    progress,
    total: typeof total === 'number' ? total : null,
    message: typeof message === 'string' ? message : null,
    at,
  };
}

function readAnswer(value: Json): readonly RecoveryAnswer[] {
  if (!isJsonObject(value) || typeof value.savedAt !== 'number') return [];
  const kind = kinds.find((name) => name === value.kind);
  const action = actions.find((name) => name === value.action);
  if (kind === undefined || action === undefined) return [];
  return [
    {
      requestId: textOf(value, 'requestId') as RequestId,
      kind,
      title: textOf(value, 'title'),
      by: textOf(value, 'by'),
      action,
      savedAt: value.savedAt,
      acceptedAt: typeof value.acceptedAt === 'number' ? value.acceptedAt : null,
    },
  ];
}

const kinds: readonly RequestKind[] = ['form', 'url', 'approval', 'sampling', 'recovery'];
const actions: readonly AnswerAction[] = ['accept', 'decline', 'cancel'];

function textOf(value: JsonObject, key: string): string {
  const text = value[key];
  return typeof text === 'string' ? text : '';
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}
