import { createHash } from 'node:crypto';
import { z } from 'zod';
import { mintId, type OperationId, type PersonId, readId, type RequestId } from '@/lib/domain/ids';
import type { JsonObject } from '@/lib/domain/json';
import { rememberFors } from '@/lib/domain/policy/choice';
import { type QueueLook, queueOrders, queueViews, type QueuePlace } from '@/lib/domain/queue-query';
import { readTeamId, type TeamId } from '@/lib/domain/ids';
import type { AnswerOrder } from '@/lib/domain/request-detail';

const longestReason = 2_000;
const longestOperation = 200;
const longestSearch = 200;

/** The body of `POST /api/v1/requests/{id}/answer`; the meaning of each field is in docs/api.md. */
export const answerSchema = z.strictObject({
  /** Any text of the caller's, the same for the same answer (I1). */
  operationId: z.string().min(1).max(longestOperation),
  /** The revision that was shown to the person. */
  revision: z.int().min(1),
  action: z.enum(['accept', 'decline', 'cancel']),
  reason: z.string().trim().max(longestReason).nullish(),
  content: z
    .custom<JsonObject>(
      (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
      'must be an object',
    )
    .nullish(),
  tookMs: z.int().min(0).nullish(),
  remember: z.strictObject({ for: z.enum(rememberFors), fields: z.array(z.string().max(1_000)).max(20) }).nullish(),
});

/** The order of a person's answer, as the desk takes it. */
export function answerOrder(
  body: z.infer<typeof answerSchema>,
  of: { readonly requestId: RequestId; readonly personId: PersonId },
): AnswerOrder {
  const { revision, action, reason, content, tookMs, remember } = body;
  return {
    requestId: of.requestId,
    operationId: operationOf(body.operationId, of),
    revision,
    action,
    reason: reason ?? null,
    content: content ?? null,
    tookMs: tookMs ?? null,
    remember: remember ?? null,
  };
}

/** An operation id of ours as it is; any other text stands for the one that is made of it, always the same. */
function operationOf(text: string, of: { readonly requestId: RequestId; readonly personId: PersonId }): OperationId {
  const own = readId('operation', text);
  if (own !== null) return own;
  const hash = createHash('sha256').update(`${of.personId} ${of.requestId} ${text}`).digest();
  return mintId('operation', (count) => hash.subarray(0, count));
}

const listSchema = z.strictObject({
  view: z.enum(queueViews).default('open'),
  q: z.string().max(longestSearch).default(''),
  kind: z.array(z.enum(['form', 'url', 'approval', 'sampling', 'recovery'])).default([]),
  risk: z.array(z.enum(['read_only', 'writes', 'destructive'])).default([]),
  team: z.array(z.custom<TeamId>((value) => readTeamId(value) !== null, 'must be a team’s short name')).default([]),
  order: z.enum(queueOrders).default('deadline'),
  after: z
    .string()
    .regex(/^\d{1,16}_req_[0-9A-Z]{12}$/, 'must be the `next` of the page before')
    .optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

export interface ListOrder {
  readonly look: QueueLook;
  readonly after: QueuePlace | null;
  readonly limit: number;
}

/** The query of `GET /api/v1/requests`; `kind`, `risk` and `team` may be given several times. */
export function readListQuery(query: URLSearchParams): z.ZodSafeParseResult<ListOrder> {
  const several = ['kind', 'risk', 'team'];
  const given = [...new Set(query.keys())].map((name): [string, unknown] => [
    name,
    several.includes(name) ? query.getAll(name) : query.get(name),
  ]);
  return listSchema
    .transform(({ view, q, kind, risk, team, order, after, limit }): ListOrder => {
      const look: QueueLook = { view, text: q, kinds: kind, risks: risk, teams: team, order };
      return { look, after: after === undefined ? null : placeFrom(after), limit };
    })
    .safeParse(Object.fromEntries(given));
}

function placeFrom(text: string): QueuePlace | null {
  const cut = text.indexOf('_');
  const requestId = readId('request', text.slice(cut + 1));
  return requestId === null ? null : { at: Number(text.slice(0, cut)), requestId };
}
