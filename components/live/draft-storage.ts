import { type PersonId, readId, type RequestId } from '@/lib/domain/ids';
import { isJsonObject, type Json } from '@/lib/domain/json';
import { type RememberOrder, rememberFors } from '@/lib/domain/policy/choice';
import type { AnswerOrder } from '@/lib/domain/request-detail';
import type { Attempt, Draft, Drafts } from './state/drafts';
import type { Surroundings } from './surroundings';

const key = 'holdpoint.drafts';
const longestKeptMs = 24 * 3_600_000;
const keptMost = 100;

/** Keeps drafts in this tab, for one person: who signs in next in the same tab finds none. */
export function keepDrafts(storage: Surroundings['storage'], person: PersonId, drafts: Drafts): void {
  const latest = [...drafts].sort(([, a], [, b]) => b.touchedAt - a.touchedAt).slice(0, keptMost);
  try {
    if (latest.length === 0) storage?.removeItem(key);
    else storage?.setItem(key, JSON.stringify({ person, drafts: latest }));
  } catch {
    // The room is used up: drafts last as long as the page.
    return;
  }
}

export function forgetDrafts(storage: Surroundings['storage']): void {
  storage?.removeItem(key);
}

/** What was kept for this person. Anything that is not a draft is left aside: storage can hold anything. */
export function keptDrafts(storage: Surroundings['storage'], person: PersonId, now: number): Drafts {
  const kept = parsed(storage?.getItem(key) ?? null);
  if (!isJsonObject(kept) || kept.person !== person || !Array.isArray(kept.drafts)) return new Map();
  const entries = (kept.drafts as readonly Json[]).flatMap(readEntry);
  return new Map(entries.filter(([, draft]) => now - draft.touchedAt < longestKeptMs));
}

function parsed(text: string | null): Json {
  try {
    return text === null ? null : (JSON.parse(text) as Json);
  } catch {
    // Written by something else.
    return null;
  }
}

function readEntry(entry: Json): readonly (readonly [RequestId, Draft])[] {
  if (!Array.isArray(entry)) return [];
  const [id, value] = entry as readonly (Json | undefined)[];
  const requestId = readId('request', id);
  if (requestId === null || !isJsonObject(value)) return [];
  const { text, attempt, undecided, touchedAt } = value;
  if (typeof touchedAt !== 'number') return [];
  const draft: Draft = {
    text: typeof text === 'string' ? text : null,
    attempt: readAttempt(attempt ?? null, requestId),
    refusal: null,
    undecided: readOrder(undecided ?? null, requestId),
    touchedAt,
  };
  return [[requestId, draft]];
}

function readAttempt(value: Json, requestId: RequestId): Attempt | null {
  if (!isJsonObject(value)) return null;
  const order = readOrder(value.order ?? null, requestId);
  // One that was held was decided, and the page that could undo it is gone: it goes out with the others.
  return order === null ? null : { order, state: value.state === 'sending' ? 'sending' : 'queued' };
}

function readOrder(value: Json, requestId: RequestId): AnswerOrder | null {
  if (!isJsonObject(value) || value.requestId !== requestId) return null;
  const operationId = readId('operation', value.operationId);
  const { revision, action, reason, content, tookMs, remember } = value;
  if (operationId === null || typeof revision !== 'number') return null;
  if (action !== 'accept' && action !== 'decline' && action !== 'cancel') return null;
  return {
    requestId,
    operationId,
    revision,
    action,
    reason: typeof reason === 'string' ? reason : null,
    content: isJsonObject(content) ? content : null,
    tookMs: typeof tookMs === 'number' ? tookMs : null,
    remember: readRemember(remember ?? null),
  };
}

function readRemember(value: Json): RememberOrder | null {
  if (!isJsonObject(value) || !Array.isArray(value.fields)) return null;
  const remembered = rememberFors.find((name) => name === value.for);
  const fields = (value.fields as readonly Json[]).filter((field): field is string => typeof field === 'string');
  return remembered === undefined ? null : { for: remembered, fields };
}
