import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, test } from 'vitest';
import { BulkResults } from '@/components/queue/bulk/BulkLists';
import { compare, maskedIn } from '@/components/queue/bulk/shape';
import { sortOut } from '@/components/queue/bulk/sort-out';
import type { BulkRead } from '@/components/queue/bulk/bulk-props';
import type { RequestId } from '@/lib/domain/ids';
import type { Json } from '@/lib/domain/json';
import { masked } from '@/lib/domain/mask';
import type { OpenRequest } from '@/lib/domain/request';
import type { RequestDetail } from '@/lib/domain/request-detail';
import { commitsOf, detailOf, sessionLog } from '@/tests/live/samples';

const opened = commitsOf(sessionLog(1)).find(({ event }) => event.type === 'request.opened');
if (opened === undefined) throw new Error('The sample asks something.');
const base = detailOf(opened);

function asked(id: string, facts: Partial<OpenRequest>, rest: Partial<RequestDetail> = {}): RequestDetail {
  const request = { ...base.request, requestId: id as RequestId, ...facts } as OpenRequest;
  return { ...base, request, ...rest };
}

const call = (id: string, args: Json, tool = 'issue_refund'): RequestDetail =>
  asked(id, { kind: 'approval', tool, title: 'Refund' }, { arguments: args });
const read = (detail: RequestDetail): BulkRead => ({ id: detail.request.requestId, ok: true, detail });

describe('what became of each', () => {
  const drawn = (...details: readonly RequestDetail[]): string => {
    const sorted = sortOut(details.map(read));
    const results = new Map(
      details.map(({ request }) => [request.requestId, { is: 'saved', words: 'saved' } as const]),
    );
    return renderToStaticMarkup(createElement(BulkResults, { sorted, results, onClose: () => undefined }));
  };

  test('I14 requests whose differences are masked are told apart by their ids, and only those', () => {
    const alike = drawn(call('req_AAAAAAAAAAAA', { key: masked }), call('req_BBBBBBBBBBBB', { key: masked }));
    expect(alike).toContain('req_AAAAAA');
    expect(alike).toContain('req_BBBBBB');
    const other = asked(
      'req_CCCCCCCCCCCC',
      { kind: 'approval', tool: 'issue_refund', title: 'Refund 4711' },
      { arguments: { key: masked } },
    );
    expect(drawn(call('req_AAAAAAAAAAAA', { key: masked }), other)).not.toContain('req_');
  });
});

describe('requests that can be answered together', () => {
  test('I14 name the fields that are masked from who answers, in all or in some', () => {
    const compared = compare([
      call('a', { key: masked, amount: 1, note: 'plain' }),
      call('b', { key: masked, amount: 2, note: `Bearer ${masked}` }),
    ]);
    expect(maskedIn(compared)).toEqual(['key', 'note']);
    expect(maskedIn(compare([call('a', { amount: 1 }), call('b', { amount: 2 })]))).toEqual([]);
  });

  test('are of one tool; the others are named with the reason', () => {
    const sorted = sortOut([
      read(call('a', { amount: 1 })),
      read(call('other', {}, 'delete_account')),
      read(call('b', { amount: 2 })),
      read(asked('link', { kind: 'url' })),
      { id: 'gone' as RequestId, ok: false, why: 'Nothing here, or not yours to see.' },
    ]);
    expect(sorted.details.map(({ request }) => request.requestId)).toEqual(['a', 'b']);
    expect(sorted.leftOut.map(({ id }) => id)).toEqual(['link', 'gone', 'other']);
    expect(sorted.leftOut.every(({ why }) => why !== '')).toBe(true);
  });

  test('are of one form, in whatever order its schema was written', () => {
    const form = (id: string, requestedSchema: Json): RequestDetail =>
      asked(id, {}, { ask: { message: 'Which?', requestedSchema } });
    const one = { type: 'object', properties: { a: { type: 'string' } } };
    const same = { properties: { a: { type: 'string' } }, type: 'object' };
    const other = { type: 'object', properties: { a: { type: 'number' } } };
    const sorted = sortOut([read(form('x', one)), read(form('y', same)), read(form('z', other))]);
    expect(sorted).toMatchObject({ kind: 'form', leftOut: [{ id: 'z' }] });
    expect(sorted.details).toHaveLength(2);
  });

  test('what cannot be shown, is over, or may not be answered is not among them', () => {
    const no = { ok: false, why: 'Only approvers and admins can.' };
    const sorted = sortOut([
      read(call('a', { amount: 1 })),
      read(call('b', { amount: 1 })),
      read({ ...call('hidden', null) }),
      read({ ...call('forbidden', {}), allowed: { ...base.allowed, answer: no } }),
      read({ ...call('over', {}), request: { ...call('over', {}).request, state: 'expired', endedAt: 1 } as never }),
    ]);
    expect(sorted.details).toHaveLength(2);
    expect(new Map(sorted.leftOut.map(({ id, why }) => [id, why]))).toMatchObject({ size: 3 });
    expect(sorted.leftOut.find(({ id }) => id === ('forbidden' as RequestId))?.why).toBe(no.why);
  });

  test('one alone is no group, unless it was picked alone', () => {
    const pair = [read(call('a', {})), read(call('b', {}, 'delete_account'))];
    expect(sortOut(pair)).toMatchObject({ details: [], leftOut: [{ id: 'a' }, { id: 'b' }] });
    expect(sortOut(pair.slice(0, 1)).details).toHaveLength(1);
  });
});

describe('what differs', () => {
  test('is every field that is not the same in all, and nothing is left out', () => {
    const { common, differing } = compare([
      call('a', { order: { id: 1, lines: ['x'] }, currency: 'EUR', token: masked }),
      call('b', { order: { id: 2, lines: ['x', 'y'] }, currency: 'EUR', token: masked, note: '' }),
    ]);
    expect(common.map(({ field }) => field)).toEqual(['asks for', 'the agent', 'order.lines[1]', 'currency', 'token']);
    expect(differing).toEqual([
      { field: 'order.id', values: ['1', '2'] },
      { field: 'order.lines[2]', values: [null, 'y'] },
      { field: 'note', values: [null, ''] },
    ]);
  });

  test('two fields are never shown as one, whatever they are called', () => {
    const { differing } = compare([call('a', { 'x.y': 1 }), call('b', { x: { y: 1 } })]);
    expect(differing.map(({ field }) => field)).toEqual(['"x.y"', 'x.y']);
  });

  test('no argument stands in the place of the title or of the agent', () => {
    const given = { 'asks for': masked, 'the agent': 'x', agent: 'y' };
    const compared = compare([call('a', given), call('b', given)]);
    const fields = ['asks for', 'the agent', '"asks for"', '"the agent"', 'agent'];
    expect(compared.common.map(({ field }) => field)).toEqual(fields);
    expect(maskedIn(compared)).toEqual(['"asks for"']);
  });

  test('a masked title is not named: what it is made of stands there itself', () => {
    const one = (id: string): RequestDetail => ({
      ...call(id, { note: 'shown' }),
      request: { ...call(id, {}).request, title: `write: ${masked}` },
    });
    expect(maskedIn(compare([one('a'), one('b')]))).toEqual([]);
  });

  test('I6 what people edited is what is compared', () => {
    const edited = { ...call('b', { amount: 1 }), edited: { amount: 900 } };
    expect(compare([call('a', { amount: 1 }), edited]).differing).toEqual([{ field: 'amount', values: ['1', '900'] }]);
  });
});
