import { isJsonObject, type Json } from '@/lib/domain/json';
import type { RememberFor, RememberOrder } from '@/lib/domain/policy/choice';
import { pointerOf, valueAt } from '@/lib/domain/policy/pointer';
import { placeWords } from './diff-lines';
import { plainLine } from '@/lib/domain/form/plain-text';

export const rememberNames: { readonly [F in RememberFor]: string } = {
  '15min': '15 minutes',
  session: 'This session',
  revoked: 'Until revoked',
};

const forWords: { readonly [F in RememberFor]: string } = {
  '15min': 'for 15 minutes',
  session: 'for the rest of this session',
  revoked: 'until someone revokes it',
};

/** What a decline may be remembered for. */
export interface DeclineAgain {
  readonly tool: string;
  readonly fields: readonly string[];
}

const fieldsMost = 20;
/** More values than this are counted in the sentence; they stand above it. */
const namedMost = 3;
const longestValue = 60;

/** The single values of the arguments that a choice may be bound to. */
export function fieldsOf(value: Json | null): readonly string[] {
  return value === null ? [] : leavesOf(value, []).slice(0, fieldsMost);
}

function leavesOf(value: Json, path: readonly string[]): readonly string[] {
  if (Array.isArray(value) && value.length > 0)
    return value.flatMap((item: Json, index) => leavesOf(item, [...path, String(index)]));
  if (isJsonObject(value) && Object.keys(value).length > 0)
    return Object.entries(value).flatMap(([key, item]) => leavesOf(item, [...path, key]));
  return path.length === 0 ? [] : [pointerOf(path)];
}

/** "path = /tmp/x": a long value is said to be cut. */
export function fieldWords(pointer: string, value: Json | null): string {
  const at = value === null ? undefined : valueAt(value, pointer);
  const text = at === undefined ? 'nothing' : typeof at === 'string' ? plainLine(at) : JSON.stringify(at);
  const shown = text.length > longestValue ? `${text.slice(0, longestValue)}… (${text.length} characters)` : text;
  return `${placeWords(pointer)} = ${shown}`;
}

/** "Approve delete_file for research-bot with path = /tmp/x for 15 minutes". */
export function rememberWords(
  order: RememberOrder,
  call: { readonly tool: string; readonly agent: string; readonly arguments: Json | null },
): string {
  const withWhat =
    order.fields.length === 0
      ? 'with any arguments'
      : order.fields.length > namedMost
        ? `with the same ${order.fields.length} values as here`
        : `with ${order.fields.map((pointer) => fieldWords(pointer, call.arguments)).join(' and ')}`;
  return `Approve ${call.tool} for ${call.agent} ${withWhat} ${forWords[order.for]}`;
}

/** The ways to have later calls declined, in words. Too many values to bind it to all: only any call is offered. */
export function declineOrders({
  tool,
  fields,
}: DeclineAgain): readonly { readonly words: string; readonly order: RememberOrder }[] {
  const whole = fields.length > 0 && fields.length < fieldsMost;
  const reaches = [
    ...(whole ? [{ what: 'the same call', fields }] : []),
    { what: `any call of ${tool}`, fields: [] as readonly string[] },
  ];
  return reaches.flatMap((reach) =>
    (['15min', 'session'] as const).map((span) => ({
      words: `decline ${reach.what} ${forWords[span]}`,
      order: { for: span, fields: reach.fields },
    })),
  );
}
