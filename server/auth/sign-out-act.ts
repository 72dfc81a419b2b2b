import type { GenericEndpointContext } from 'better-auth';
import type { AuditAct, AuditDraft } from '@/lib/domain/audit';
import { readId } from '@/lib/domain/ids';
import type { JsonObject } from '@/lib/domain/json';
import type { Clock } from '@/server/engine/ports/clock';
import { clientAddressHeader } from './client-address';
import { originsBehind } from './origin';
import type { AuthDatabase } from './tables';

interface Parts {
  readonly database: AuthDatabase;
  readonly clock: Clock;
}

/**
 * Ends the sign-in of a request together with what the audit log keeps of it. Better-auth would say that someone is
 * signed out also when their sign-in could not be removed; from here that is refused.
 */
export async function endSignIn({ database, clock }: Parts, ctx: GenericEndpointContext): Promise<void> {
  const { db, audit } = database;
  const token = await ctx.getSignedCookie(ctx.context.authCookies.sessionToken.name, ctx.context.secret);
  if (typeof token !== 'string' || token === '') return;
  await db.transaction().execute(async (trx) => {
    const found = await trx
      .selectFrom('auth_session')
      .innerJoin('auth_user', 'auth_user.id', 'auth_session.userId')
      .select(['auth_session.id as signInId', 'auth_user.id', 'auth_user.name'])
      .where('auth_session.token', '=', token)
      .executeTakeFirst();
    if (found === undefined) return;
    await trx.deleteFrom('auth_session').where('id', '=', found.signInId).execute();
    const act = actOf(ctx, found, { act: 'person.signed_out', at: clock.now(), facts: {} });
    if (audit !== null && act !== null) await trx.insertInto('hp_audit_due').values(audit.row(act)).execute();
  });
  await audit?.settle();
}

/** A new password has no transaction that is ours: it is on record before it is set, or it is not set. */
export async function recordPassword(
  { database, clock }: Parts,
  account: { readonly password?: unknown },
  ctx: GenericEndpointContext | null,
): Promise<void> {
  const user = ctx?.context.session?.user;
  if (ctx === null || user === undefined || account.password === undefined) return;
  const act = actOf(ctx, user, { act: 'person.password_set', at: clock.now(), facts: { by: 'self' } });
  if (act !== null) await database.audit?.record(act);
}

function actOf(
  { headers }: GenericEndpointContext,
  who: { readonly id: string; readonly name: string },
  what: { readonly act: AuditAct; readonly at: number; readonly facts: JsonObject },
): AuditDraft | null {
  const id = readId('person', who.id);
  if (id === null) return null;
  const person = { kind: 'person', id, name: who.name } as const;
  // Of every request the address is put there by us.
  const socketAddress = headers?.get(clientAddressHeader) ?? null;
  const userAgent = headers?.get('user-agent') ?? null;
  const from = originsBehind(0)({ socketAddress, forwardedFor: null, userAgent }, 'browser');
  return { ...what, actor: person, from, about: person, why: null };
}
