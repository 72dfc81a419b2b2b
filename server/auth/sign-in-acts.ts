import type { AuditDraft, Origin } from '@/lib/domain/audit';
import type { PersonId } from '@/lib/domain/ids';
import { readId } from '@/lib/domain/ids';
import { isJsonObject } from '@/lib/domain/json';
import type { Auth } from './auth';
import { isEmail } from './entry-form';

/** What better-auth answered to a sign-in. */
export interface SignInAct {
  readonly from: Origin;
  /** What was sent, and what was answered. */
  readonly sent: unknown;
  readonly said: unknown;
  readonly status: number;
}

/**
 * Resolved when it is on disk. Until then nobody is signed in: the cookie has not left, and does not when this throws.
 */
export async function recordSignIn(auth: Auth, what: SignInAct): Promise<void> {
  const draft = draftOf(what, auth.now());
  if (draft !== null) await auth.audit?.record(draft);
}

function draftOf({ from, sent, said, status }: SignInAct, at: number): AuditDraft | null {
  if (status >= 200 && status < 300) {
    const who = userIn(said);
    if (who === null) return null;
    const person = { kind: 'person', ...who } as const;
    return { act: 'person.signed_in', at, actor: person, from, about: person, why: null, facts: {} };
  }
  // Too many tries are refused before anything is looked at; recording them would let anyone fill the log.
  if (status === 429 || status >= 500) return null;
  const email = isJsonObject(sent) ? sent['email'] : null;
  // A password typed into the wrong field is no address, and is not kept.
  const name = typeof email === 'string' && isEmail(email.trim()) ? email.trim().toLowerCase() : null;
  const about = { kind: 'person', id: name ?? 'unknown', name } as const;
  const why = status === 403 ? 'Not allowed to sign in.' : 'The address or the password was not right.';
  return { act: 'person.sign_in_refused', at, actor: { kind: 'holdpoint' }, from, about, why, facts: {} };
}

function userIn(said: unknown): { readonly id: PersonId; readonly name: string } | null {
  const user = isJsonObject(said) ? said['user'] : null;
  if (!isJsonObject(user) || typeof user['id'] !== 'string' || typeof user['name'] !== 'string') return null;
  const id = readId('person', user['id']);
  return id === null ? null : { id, name: user['name'] };
}
