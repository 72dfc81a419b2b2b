import { readElicitation } from '@/components/request/ask';
import { titleWords } from '@/components/request/words';
import { isJsonObject, type Json } from '@/lib/domain/json';
import { masked } from '@/lib/domain/masking/masked';
import type { RequestDetail } from '@/lib/domain/request-detail';

/** Requests of one shape can be answered by one decision: the same tool, or the same form of the same server. */
export type Shape =
  | { readonly ok: true; readonly key: string; readonly kind: 'approval' | 'form'; readonly name: string }
  | { readonly ok: false; readonly why: string };

const alone = {
  url: 'A link is opened by who answers it, so each is answered by itself.',
  sampling: 'A model’s reply is read one by one.',
  recovery: 'What became of a call is decided one by one.',
} as const;

export function shapeOf(detail: RequestDetail): Shape {
  const { request } = detail;
  const where = request.tool === null ? request.server : `${request.server} · ${request.tool}`;
  switch (request.kind) {
    case 'approval':
      if (shownValue(detail) === null) return { ok: false, why: 'Its arguments cannot be shown any more.' };
      return { ok: true, key: `approval ${request.server} ${request.tool ?? ''}`, kind: 'approval', name: where };
    case 'form': {
      const { requestedSchema } = readElicitation(detail.ask);
      if (requestedSchema === null) return { ok: false, why: 'Its form cannot be shown any more.' };
      const key = `form ${request.server} ${request.tool ?? ''} ${canonical(requestedSchema)}`;
      return { ok: true, key, kind: 'form', name: where };
    }
    case 'url':
    case 'sampling':
    case 'recovery':
      return { ok: false, why: alone[request.kind] };
  }
}

export interface Differing {
  /** Where the value is, as a person reads it: `account.name`. */
  readonly field: string;
  /** One for each request, in their order; null where it has none. */
  readonly values: readonly (string | null)[];
}

export interface Compared {
  readonly common: readonly { readonly field: string; readonly value: string }[];
  readonly differing: readonly Differing[];
}

/** What requests of one shape have in common, and each field in which they differ. Nothing is left out. */
export function compare(details: readonly RequestDetail[]): Compared {
  const all = details.map(fieldsOf);
  const names = [...new Set(all.flatMap((fields) => [...fields.keys()]))];
  const common: { field: string; value: string }[] = [];
  const differing: Differing[] = [];
  for (const field of names) {
    const values = all.map((fields) => fields.get(field) ?? null);
    const [first = null] = values;
    if (first !== null && values.every((value) => value === first)) common.push({ field, value: first });
    else differing.push({ field, values });
  }
  return { common, differing };
}

/** No argument reads like it: a name with a space is quoted. */
const titleField = 'asks for';

/** The fields of which some value is masked from who answers. A title is made of values that stand here themselves. */
export function maskedIn({ common, differing }: Compared): readonly string[] {
  const isMasked = (value: string | null): boolean => value?.includes(masked) === true;
  return [
    ...common.filter(({ value }) => isMasked(value)),
    ...differing.filter(({ values }) => values.some(isMasked)),
  ].flatMap(({ field }) => (field === titleField ? [] : [field]));
}

function fieldsOf(detail: RequestDetail): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  fields.set(titleField, titleWords(detail.request));
  fields.set('the agent', detail.summary.session.agent.name);
  const value = shownValue(detail);
  if (value !== null) flatten(value, detail.request.kind === 'form' ? 'question' : '', fields);
  return fields;
}

/** What is decided on: the arguments that would be sent, or the server's question. */
function shownValue({ request, arguments: asked, edited, ask }: RequestDetail): Json | null {
  return request.kind === 'form' ? readElicitation(ask).message : (edited ?? asked);
}

/** A name may hold a dot: it is then quoted, so that two fields are never one. */
function flatten(value: Json, path: string, fields: Map<string, string>): void {
  const isBranch = Array.isArray(value) ? value.length > 0 : isJsonObject(value) && Object.keys(value).length > 0;
  if (!isBranch) {
    fields.set(path === '' ? 'arguments' : path, typeof value === 'string' ? value : JSON.stringify(value));
    return;
  }
  if (Array.isArray(value)) value.forEach((item: Json, index) => flatten(item, `${path}[${index + 1}]`, fields));
  else if (isJsonObject(value))
    for (const [name, item] of Object.entries(value)) {
      const key = /^[\w$-]+$/.test(name) ? name : JSON.stringify(name);
      flatten(item, path === '' ? key : `${path}.${key}`, fields);
    }
}

/** The same text for the same value, whatever the order of its names. */
function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map((item: Json) => canonical(item)).join(',')}]`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  const names = Object.keys(value).toSorted();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name] ?? null)}`).join(',')}}`;
}
