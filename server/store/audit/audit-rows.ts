import type { Actor } from '@/lib/domain/actor';
import { type AuditDraft, type AuditPlace, auditText } from '@/lib/domain/audit';
import { cleanDraft } from '@/lib/domain/clean-audit';
import type { AuditRow } from '../schema';
import { entryHash } from './audit-hash';

const longestSearch = 2_000;

/** The rows of acts in the order they were handed over, each chained to the one before. */
export function chained(drafts: readonly AuditDraft[], last: AuditPlace): readonly AuditRow[] {
  let before = last;
  return drafts.map((draft) => {
    const entry = { ...cleanDraft(draft), seq: before.seq + 1, prev: before.hash };
    const body = auditText(entry);
    const row = auditRow(entry, { body, hash: entryHash(body) });
    before = { seq: row.seq, hash: row.hash };
    return row;
  });
}

/** All of a row but its body and hash follows from the entry: verification compares it. */
export function auditRow(
  entry: AuditDraft & { readonly seq: number },
  kept: { readonly body: string; readonly hash: string },
): AuditRow {
  const { seq, at, act, actor, from, about, why, facts } = entry;
  const words = [act, actorWords(actor), about.id, about.name ?? '', why ?? '', from?.address ?? ''];
  const session = facts['session'];
  return {
    seq,
    at,
    act,
    actor_id: actorId(actor),
    about_id: about.id,
    session_id: about.kind === 'session' ? about.id : typeof session === 'string' ? session : null,
    search: words
      .join(' ')
      .toLowerCase()
      .slice(0, longestSearch)
      .replace(/\p{Surrogate}$/u, ''),
    ...kept,
  };
}

function actorId(actor: Actor): string | null {
  switch (actor.kind) {
    case 'agent':
    case 'person':
      return actor.id;
    case 'server':
    case 'model':
      return actor.name;
    case 'holdpoint':
      return null;
  }
}

function actorWords(actor: Actor): string {
  return actor.kind === 'holdpoint' ? 'holdpoint' : actor.name;
}
