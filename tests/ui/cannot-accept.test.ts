import { expect, test } from 'vitest';
import { cannotAccept } from '@/components/request/cannot-accept';
import type { RequestKind } from '@/lib/domain/event';
import type { JsonObject } from '@/lib/domain/json';
import { detailWith, openForm } from './request-samples';

const schemaOf = (note: JsonObject): JsonObject => ({
  message: 'Who owns this?',
  requestedSchema: { type: 'object', properties: { note } },
});
const elsewhere = schemaOf({ $ref: 'https://example.com/schema.json' });

interface Asked {
  readonly what: string;
  readonly kind: RequestKind;
  readonly ask: JsonObject;
  readonly instead?: string;
}

const address = 'Not possible: the address cannot be opened.';
const cases: readonly Asked[] = [
  { what: 'a form that is drawn', kind: 'form', ask: schemaOf({ type: 'string' }) },
  { what: 'a form for the JSON editor', kind: 'form', ask: schemaOf({ type: 'array', items: { type: 'array' } }) },
  {
    what: 'a form with a schema outside itself',
    kind: 'form',
    ask: elsewhere,
    instead: 'Not possible: no answer can be checked.',
  },
  { what: 'a page', kind: 'url', ask: { message: 'Sign in', url: 'https://example.com/' } },
  { what: 'a page whose address is a program', kind: 'url', ask: { url: 'data:text/html,x' }, instead: address },
  { what: 'a page without an address', kind: 'url', ask: { message: 'Sign in' }, instead: address },
  { what: 'an approval', kind: 'approval', ask: elsewhere },
];

test.each(cases)('$what can be accepted, or says why not', ({ kind, ask, instead }) => {
  const request = { ...openForm('req_000000000001'), kind };
  expect(cannotAccept(detailWith(request, { ask }))?.instead).toBe(instead);
});
