import { randomBytes } from 'node:crypto';
import type { BetterAuthOptions } from 'better-auth';
import { APIError, createAuthMiddleware } from 'better-auth/api';
import { mintId } from '@/lib/domain/ids';
import type { Clock } from '@/server/engine/ports/clock';
import type { Log } from '@/server/engine/ports/log';
import { endSignIn, recordPassword } from './sign-out-act';
import { longestPassword, shortestPassword } from './entry-form';
import { clientAddressHeader } from './client-address';
import type { AuthDatabase } from './tables';
import { TryCounter } from './try-counter';

export interface SignInParts {
  readonly database: AuthDatabase;
  readonly baseUrl: string;
  readonly trustedOrigins: readonly string[];
  readonly secret: string;
  readonly clock: Clock;
  readonly log: Log;
}

const signInSeconds = 7 * 86_400;

/**
 * better-auth as we use it. No cookie cache: it would let a disabled or demoted person go on for its
 * lifetime, and reading the sign-in takes about a millisecond.
 */
export function signInOptions(parts: SignInParts): BetterAuthOptions {
  const tries = new TryCounter(parts.clock);
  return {
    appName: 'Holdpoint',
    baseURL: parts.baseUrl,
    basePath: '/api/auth',
    secret: parts.secret,
    trustedOrigins: [...parts.trustedOrigins],
    database: { db: parts.database.db, type: parts.database.kind },
    emailAndPassword: {
      enabled: true,
      // People come in by a one-time link only (door.ts).
      disableSignUp: true,
      minPasswordLength: shortestPassword,
      maxPasswordLength: longestPassword,
    },
    user: {
      modelName: 'auth_user',
      additionalFields: {
        role: { type: 'string', required: true, defaultValue: 'observer', input: false },
        disabledAt: { type: 'number', bigint: true, required: false, input: false },
      },
    },
    account: { modelName: 'auth_account' },
    verification: { modelName: 'auth_verification' },
    session: {
      modelName: 'auth_session',
      expiresIn: signInSeconds,
      updateAge: 86_400,
      cookieCache: { enabled: false },
    },
    rateLimit: {
      enabled: true,
      window: 60,
      max: 300,
      customRules: { '/sign-in/email': { window: 60, max: 20 }, '/change-password': { window: 60, max: 5 } },
      customStorage: tries,
    },
    ...hooksOf(parts),
    advanced: {
      cookiePrefix: 'holdpoint',
      useSecureCookies: parts.baseUrl.startsWith('https:'),
      // Said outright, because better-auth turns both checks off when it finds itself in a test.
      disableOriginCheck: false,
      disableCSRFCheck: false,
      ipAddress: { ipAddressHeaders: [clientAddressHeader] },
      database: {
        generateId: ({ model }) =>
          model === 'user' ? mintId('person', randomBytes) : randomBytes(16).toString('base64url'),
      },
    },
    telemetry: { enabled: false },
    // Without this better-auth writes to the console by itself.
    onAPIError: { onError: (error) => logApiError(parts.log, error) },
    // Arguments are left out: they may hold what a client sent.
    logger: { level: 'warn', log: (level, message) => parts.log[level]({ part: 'better-auth' }, message) },
  };
}

function hooksOf(parts: SignInParts): Pick<BetterAuthOptions, 'databaseHooks' | 'hooks'> {
  return {
    databaseHooks: {
      session: { create: { before: (session) => refuseDisabled(parts.database, session.userId) } },
      account: { update: { before: (account, context) => recordPassword(parts, account, context) } },
    },
    // After the check that the request is of our own pages, before anything is done.
    hooks: {
      before: createAuthMiddleware(async (context) => {
        if (context.path === '/sign-out') await endSignIn(parts, context);
      }),
    },
  };
}

/** An expected refusal is for the client; anything else is our own trouble. */
function logApiError(log: Log, error: unknown): void {
  const isRefusal = error instanceof APIError && error.statusCode < 500;
  const message = error instanceof Error ? error.message : String(error);
  if (isRefusal) log.debug({ part: 'better-auth', error: message }, 'a sign-in request was refused');
  else log.error({ part: 'better-auth', error: message }, 'a sign-in request failed');
}

/** Runs after the password was right, so it tells nothing to someone who is guessing. */
async function refuseDisabled(database: AuthDatabase, userId: string): Promise<boolean> {
  const user = await database.db
    .selectFrom('auth_user')
    .select('disabledAt')
    .where('id', '=', userId)
    .executeTakeFirst();
  if (user === undefined) return false;
  if (user.disabledAt !== null)
    throw new APIError('FORBIDDEN', { code: 'DISABLED', message: 'Your access has ended. Ask an admin.' });
  return true;
}
