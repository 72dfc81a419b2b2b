import type { AuditDraft } from '@/lib/domain/audit';
import { isJsonObject } from '@/lib/domain/json';
import { jsonText } from '../json-text';
import type { AuditSeal } from './audit-hash';

const markDigits = 64;
const noMark = '0'.repeat(markDigits);

/** An act as it waits for the chain: its text, after a mark that who writes to the database cannot make. */
export function dueText(draft: AuditDraft, seal: AuditSeal | null): string {
  const text = jsonText(draft);
  return `${seal?.dueMark(text) ?? noMark} ${text}`;
}

/**
 * Null for what is no act. One whose mark does not fit is kept, and says so: another secret made it, or somebody else
 * wrote it.
 */
export function readDue(body: string, seal: AuditSeal | null): AuditDraft | null {
  const [mark, text] = [body.slice(0, markDigits), body.slice(markDigits + 1)];
  const draft = draftIn(text);
  if (draft === null || seal === null || seal.opensDue(mark, text)) return draft;
  return { ...draft, facts: { unproven: true, said: draft.facts } };
}

/** Null for what is no act, whatever somebody wrote there. */
export function draftIn(text: string): AuditDraft | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isJsonObject(value)) return null;
  const { act, at, actor, about, facts, from, why } = value;
  const isNamed = isJsonObject(actor) && (actor['kind'] === 'holdpoint' || typeof actor['name'] === 'string');
  const isAbout = isJsonObject(about) && typeof about['id'] === 'string' && typeof about['kind'] === 'string';
  const isSaid = typeof act === 'string' && isInstant(at) && isJsonObject(facts);
  const isFrom = from === null || (isJsonObject(from) && isText(from['address']) && isText(from['client']));
  if (!isNamed || !isAbout || !isSaid || !isFrom || !isText(why) || !isText(about['name'])) return null;
  // Looked at as far as it is read.
  return value as unknown as AuditDraft;
}

/** One that a date can be made of. */
function isInstant(value: unknown): boolean {
  return Number.isSafeInteger(value) && Math.abs(Number(value)) <= 8.64e15;
}

function isText(value: unknown): boolean {
  return value === null || typeof value === 'string';
}
