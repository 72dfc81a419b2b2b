import type { Actor } from './actor';
import type { JsonObject } from './json';

/**
 * What the audit log keeps: every decision, reveal, change of who may do what, sign-in and ending. One word each,
 * `what.done`; a word that was released keeps its meaning, as exports are read elsewhere.
 */
export type AuditAct =
  | 'request.answered'
  | 'request.voted'
  | 'request.edited'
  | 'request.assigned'
  | 'request.escalated'
  | 'request.expired'
  | 'request.withdrawn'
  | 'call.allowed'
  | 'call.denied'
  | 'call.cancelled'
  | 'session.ended'
  | 'sessions.ended'
  | 'rules.saved'
  | 'choice.remembered'
  | 'choice.revoked'
  | 'server.added'
  | 'server.changed'
  | 'server.removed'
  | 'server.tool_tried'
  | 'tool.changed'
  | 'tool.accepted'
  | 'pause.set'
  | 'pause.lifted'
  | 'agent.created'
  | 'agent.owner_set'
  | 'agent.revoked'
  | 'person.signed_in'
  | 'person.sign_in_refused'
  | 'person.signed_out'
  | 'person.invited'
  | 'person.joined'
  | 'person.invitation_withdrawn'
  | 'person.role_set'
  | 'person.disabled'
  | 'person.enabled'
  | 'person.reset_link'
  | 'person.away_set'
  | 'token.created'
  | 'token.revoked'
  | 'team.created'
  | 'team.renamed'
  | 'team.members_set'
  | 'team.removed'
  | 'place.added'
  | 'place.removed'
  | 'value.revealed'
  | 'raw.copied'
  | 'report.exported'
  | 'masking.saved'
  | 'retention.saved'
  | 'retention.purged'
  | 'audit.exported';

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
