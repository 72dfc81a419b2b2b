import type { AuditAct, AuditDraft, Origin } from '@/lib/domain/audit';
import type { PersonId } from '@/lib/domain/ids';
import { readId } from '@/lib/domain/ids';
import { isJsonObject } from '@/lib/domain/json';
import type { Person } from '@/lib/domain/permission';
import type { Auth } from './auth';
import { isEmail } from './entry-form';

const acts: Readonly<Record<string, AuditAct>> = {
  '/api/auth/sign-in/email': 'person.signed_in',
  '/api/auth/sign-out': 'person.signed_out',
  '/api/auth/change-password': 'person.password_set',
};

/** What better-auth did for someone, as the audit log keeps it; null for what is not kept. */
export interface SignInAct {
  readonly path: string;
  readonly from: Origin;
  /** Whose sign-in it was before; null when there was none. */
  readonly person: Person | null;
  /** What was sent, and what was answered. */
  readonly sent: unknown;
  readonly said: unknown;
  readonly status: number;
}

/** Resolved when it is on disk: a sign-in that cannot be recorded is not said to have happened. */
export async function recordSignIn(auth: Auth, what: SignInAct): Promise<void> {
  const draft = draftOf(what, auth.now());
  if (draft !== null) await auth.audit?.record(draft);
}

function draftOf({ path, from, person, sent, said, status }: SignInAct, at: number): AuditDraft | null {
  const act = acts[path];
  if (act === undefined) return null;
  if (status >= 200 && status < 300) {
    const who = person ?? userIn(said);
    return who === null ? null : by(who, { act, at, from });
  }
  // Too many tries are refused before anything is looked at; recording them would let anyone fill the log.
  if (path !== '/api/auth/sign-in/email' || status === 429 || status >= 500) return null;
  const email = isJsonObject(sent) ? sent['email'] : null;
  // A password typed into the wrong field is no address, and is not kept.
  const name = typeof email === 'string' && isEmail(email.trim()) ? email.trim().toLowerCase() : null;
  const about = { kind: 'person', id: name ?? 'unknown', name } as const;
  const why = status === 403 ? 'Not allowed to sign in.' : 'The address or the password was not right.';
  return { act: 'person.sign_in_refused', at, actor: { kind: 'holdpoint' }, from, about, why, facts: {} };
}

function by(
  { id, name }: { readonly id: PersonId; readonly name: string },
  what: { readonly act: AuditAct; readonly at: number; readonly from: Origin },
): AuditDraft {
  return {
    ...what,
    actor: { kind: 'person', id, name },
    about: { kind: 'person', id, name },
    why: null,
    facts: {},
  };
}

function userIn(said: unknown): { readonly id: PersonId; readonly name: string } | null {
  const user = isJsonObject(said) ? said['user'] : null;
  if (!isJsonObject(user) || typeof user['id'] !== 'string' || typeof user['name'] !== 'string') return null;
  const id = readId('person', user['id']);
  return id === null ? null : { id, name: user['name'] };
}
