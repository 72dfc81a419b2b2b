import type { Actor } from './actor';
import { canonicalJson, type JsonObject } from './json';

/**
 * What the audit log keeps: every decision, reveal, change of who may do what, sign-in and ending. One word each,
 * `what.done`; a word that was released keeps its meaning, as exports are read elsewhere.
 */
export const auditActs = [
  'request.answered',
  'request.voted',
  'request.edited',
  'request.assigned',
  'request.escalated',
  'request.expired',
  'request.withdrawn',
  'call.allowed',
  'call.denied',
  'call.cancelled',
  'session.ended',
  'session.forced',
  'sessions.ended',
  'sessions.stopped',
  'rules.saved',
  'choice.remembered',
  'choice.revoked',
  'server.added',
  'server.changed',
  'server.removed',
  'server.tool_tried',
  'tool.changed',
  'tool.accepted',
  'pause.set',
  'pause.lifted',
  'agent.created',
  'agent.key_set',
  'agent.owner_set',
  'agent.revoked',
  'person.signed_in',
  'person.sign_in_refused',
  'person.signed_out',
  'person.invited',
  'person.joined',
  'person.invitation_withdrawn',
  'person.role_set',
  'person.disabled',
  'person.enabled',
  'person.reset_link',
  'person.password_set',
  'person.away_set',
  'token.created',
  'token.revoked',
  'team.created',
  'team.renamed',
  'team.members_set',
  'team.removed',
  'place.added',
  'place.enabled',
  'place.removed',
  'value.revealed',
  'raw.copied',
  'report.exported',
  'masking.saved',
  'retention.saved',
  'retention.purged',
  'audit.exported',
  'database.restored',
  /** Entries older than their retention went; the rest verifies from the checkpoint they left. */
  'audit.dropped',
  /** The seal of the head could not be checked, and was made anew: what was cut off before cannot be told. */
  'audit.sealed_anew',
] as const;
export type AuditAct = (typeof auditActs)[number];

/** From where a person did something. */
export interface Origin {
  /** The client's network address, as trusted proxies report it; null when it is not known. */
  readonly address: string | null;
  readonly by: 'browser' | 'token' | 'agent' | 'command';
  /** The `User-Agent`, cut; null when none was sent. */
  readonly client: string | null;
}

/** What an act is about. Ids and names only: never arguments, answers or secrets (I14). */
export interface AuditSubject {
  readonly kind:
    | 'request'
    | 'call'
    | 'session'
    | 'server'
    | 'tool'
    | 'agent'
    | 'person'
    | 'team'
    | 'rules'
    | 'choice'
    | 'token'
    | 'place'
    | 'pause'
    | 'keeping'
    | 'everything';
  readonly id: string;
  readonly name: string | null;
}

/** An act as it is handed over to be kept. */
export interface AuditDraft {
  readonly act: AuditAct;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly actor: Actor;
  readonly from: Origin | null;
  readonly about: AuditSubject;
  /** The reason a person gave, or the rule that decided; null when there is none. */
  readonly why: string | null;
  /** Facts of this kind of act: digests, counts, what it was before. No payloads (I14). */
  readonly facts: JsonObject;
}

/** An act in its place in the chain. */
export interface AuditEntry extends AuditDraft {
  /** From 1, without gaps. */
  readonly seq: number;
  /** The hash of the entry before; 64 zeros for the first. */
  readonly prev: string;
  /** SHA-256, hex, of `auditText` in UTF-8. */
  readonly hash: string;
}

/** A place between two entries: the last one before it. */
export interface AuditPlace {
  readonly seq: number;
  readonly hash: string;
}

/** Before the first entry. */
export const auditStart: AuditPlace = { seq: 0, hash: '0'.repeat(64) };

/**
 * What is hashed of an entry: all of it but the hash, as RFC 8785 writes JSON. Docs/audit.md tells it to who verifies
 * outside, so it is not changed.
 */
export function auditText(entry: Omit<AuditEntry, 'hash'>): string {
  const { seq, prev, at, act, actor, from, about, why, facts } = entry;
  return canonicalJson({ seq, prev, at, act, actor, from, about, why, facts } as unknown as JsonObject);
}
