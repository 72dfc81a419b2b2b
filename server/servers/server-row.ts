import { isJsonObject } from '@/lib/domain/json';
import { done, type Result, refuse } from '@/lib/domain/refusal';
import type { Limits, ServerOrder, ServerSettings, ServerTarget, ServerWriting } from '@/lib/domain/server';
import type { ServerTables } from './tables';

/** Seals what may be used and never shown; `place` binds it to where it is kept. */
export interface Sealing {
  seal(text: string, place: string): string;
  /** Null when it was sealed with another secret, for another place, or was changed. */
  open(sealed: string, place: string): string | null;
}

/** What is only written: the whole address, and what the headers hold. */
export interface Secrets {
  readonly url: string | null;
  readonly headers: readonly (readonly [name: string, value: string])[];
}

type Body = Pick<ServerSettings, 'target' | 'hasQuery' | 'headers' | 'trusted' | 'repeatable' | 'limits'>;
export type ServerTableRow = ServerTables['hp_server'];

export interface Kept {
  readonly settings: ServerSettings;
  /** Null when it cannot be opened. */
  readonly secrets: Secrets | null;
}

export function rowOf(
  writing: ServerWriting,
  how: { readonly revision: number; readonly at: number; readonly by: string; readonly seal: Sealing },
): ServerTableRow {
  const { name, target, headers, trusted, repeatable, limits } = writing;
  const body: Body = { ...shownOf(target), headers: headers.map((one) => one.name), trusted, repeatable, limits };
  const secrets: Secrets = {
    url: target.kind === 'url' ? target.url : null,
    headers: headers.map((one) => [one.name, one.value]),
  };
  return {
    name,
    revision: how.revision,
    body: JSON.stringify(body),
    sealed: how.seal.seal(JSON.stringify(secrets), placeOf(name)),
    changed_at: how.at,
    changed_by: how.by,
  };
}

export function keptFrom(row: ServerTableRow, seal: Sealing): Kept {
  // What is in this column was written by `rowOf`.
  const body = JSON.parse(row.body) as Body;
  const secrets = readSecrets(seal.open(row.sealed, placeOf(row.name)));
  const unusable =
    secrets === null
      ? 'Its address and headers were sealed with another secret than the server has now. Type them anew.'
      : null;
  const { revision, changed_at: changedAt, changed_by: changedBy } = row;
  return { settings: { ...body, revision, changedAt: Number(changedAt), changedBy, unusable }, secrets };
}

/** Without what may open it. */
function shownOf(target: ServerTarget): Pick<Body, 'target' | 'hasQuery'> {
  if (target.kind === 'agentcore') return { target, hasQuery: false };
  const { origin, pathname, search } = new URL(target.url);
  return { target: { kind: 'url', url: `${origin}${pathname}` }, hasQuery: search !== '' };
}

function placeOf(name: string): string {
  return `server:${name}`;
}

function readSecrets(text: string | null): Secrets | null {
  if (text === null) return null;
  const value: unknown = JSON.parse(text);
  return isJsonObject(value) ? (value as unknown as Secrets) : null;
}

/** What is to be kept, with what stays as it is filled in. */
export function writingOf(order: ServerOrder, before: Kept | null): Result<ServerWriting> {
  const { target } = order;
  const url = target.kind === 'url' ? (target.url ?? before?.secrets?.url ?? null) : null;
  if (target.kind === 'url' && url === null) return problem('url', 'Type the address of the server.');
  const headers: { readonly name: string; readonly value: string }[] = [];
  for (const { name, value } of order.headers) {
    if (headers.some((one) => one.name.toLowerCase() === name.toLowerCase()))
      return problem(`headers.${name}`, 'This header is here twice.');
    const known = before?.secrets?.headers.find(([other]) => other.toLowerCase() === name.toLowerCase());
    const filled = value ?? known?.[1];
    if (filled === undefined) return problem(`headers.${name}`, 'Type the value of this header.');
    headers.push({ name, value: filled });
  }
  const { name, trusted, repeatable, limits } = order;
  const filled = target.kind === 'url' ? { kind: target.kind, url: url ?? '' } : target;
  return done({ name, target: filled, headers, trusted, repeatable, limits: plainLimits(limits) });
}

function plainLimits({ requestMs, idleMs, lifetimeMs, streamMs }: Limits): Limits {
  return { requestMs, idleMs, lifetimeMs, streamMs };
}

export function problem(field: string, message: string): ReturnType<typeof refuse> {
  return refuse('bad_input', message, { errors: [{ field, message }] });
}
