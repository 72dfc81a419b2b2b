/** Ids: one branded type per entity, minted here and nowhere else. */

declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

export type SessionId = Branded<'session'>;
export type ConnectionId = Branded<'connection'>;
export type CallId = Branded<'call'>;
export type RequestId = Branded<'request'>;
export type AgentId = Branded<'agent'>;
export type PersonId = Branded<'person'>;
/** Chosen by a browser for one attempt to answer; the same id is the same answer (I1). */
export type OperationId = Branded<'operation'>;
/** A choice that is remembered. */
export type ChoiceId = Branded<'choice'>;
export type NoteId = Branded<'note'>;
export type PauseId = Branded<'pause'>;
/** One order to end many sessions. */
export type EndingId = Branded<'ending'>;
/** A short name such as `payments`, chosen once: rules and files name teams by it. */
export type TeamId = Branded<'team'>;

const prefixes = {
  session: 'ses',
  connection: 'con',
  call: 'call',
  request: 'req',
  agent: 'agt',
  person: 'per',
  operation: 'op',
  choice: 'chc',
  note: 'note',
  pause: 'pse',
  ending: 'end',
} as const;

export type IdKind = keyof typeof prefixes;

export interface IdOf {
  session: SessionId;
  connection: ConnectionId;
  call: CallId;
  request: RequestId;
  agent: AgentId;
  person: PersonId;
  operation: OperationId;
  choice: ChoiceId;
  note: NoteId;
  pause: PauseId;
  ending: EndingId;
}

/** Crockford's base 32: no I, L, O, U, so an id can be read aloud. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const idLength = 12;
const idBody = /^[0-9A-HJKMNP-TV-Z]{12}$/;
/** People's and agents' ids are made by the sign-in library. */
const foreignIdBody = /^[A-Za-z0-9_-]{1,64}$/;

export type RandomBytes = (count: number) => Uint8Array;

/** Mints an id such as `req_7QF4M2K9XT0B`: 60 random bits from `random`. */
export function mintId<K extends IdKind>(kind: K, random: RandomBytes): IdOf[K] {
  let body = '';
  for (const byte of random(idLength)) body += alphabet[byte & 31];
  return `${prefixes[kind]}_${body}` as IdOf[K];
}

/** Reads an id that came from outside; null when it is not of this kind. */
export function readId<K extends IdKind>(kind: K, text: unknown): IdOf[K] | null {
  if (typeof text !== 'string') return null;
  const prefix = `${prefixes[kind]}_`;
  if (!text.startsWith(prefix)) return null;
  const body = text.slice(prefix.length);
  if (kind === 'person' || kind === 'agent') return foreignIdBody.test(body) ? (text as IdOf[K]) : null;
  return idBody.test(body) ? (text as IdOf[K]) : null;
}

/** A team's short name: lower-case letters, digits and dashes, 1 to 40; null for anything else. */
export function readTeamId(text: unknown): TeamId | null {
  return typeof text === 'string' && /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/.test(text) ? (text as TeamId) : null;
}
