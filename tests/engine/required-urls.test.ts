import { describe, expect, it } from 'vitest';
import type { JsonObject } from '@/lib/domain/json';
import { readRequiredUrls } from '@/server/engine/required-urls';

const page: JsonObject = {
  mode: 'url',
  message: 'Allow access to your files.',
  url: 'https://accounts.example.com/allow',
  elicitationId: 'files',
};

function read(...elicitations: readonly unknown[]): ReturnType<typeof readRequiredUrls> {
  return readRequiredUrls({ code: -32_042, message: 'Sign in first', data: { elicitations } as unknown as JsonObject });
}

const many = (count: number): readonly JsonObject[] =>
  Array.from({ length: count }, (_none, at) => ({ ...page, elicitationId: `page-${at}` }));

describe('the pages a server names before it runs a call', () => {
  it('are read as URL elicitations, and nothing else of them is kept (I14)', () => {
    const [first] = many(1);
    expect(read({ ...page, token: 'secret', _meta: { secret: 1 } }, { ...first })).toMatchObject({
      ok: true,
      value: [
        { kind: 'url', title: 'Allow access to your files.', elicitationId: 'files', body: page },
        { elicitationId: 'page-0' },
      ],
    });
    const one = read({ ...page, token: 'secret' });
    expect(one.ok && Object.keys(one.value[0]?.body ?? {}).sort()).toEqual(['elicitationId', 'message', 'mode', 'url']);
  });

  it.each([
    ['no data', undefined],
    ['data that is a text', 'elicitations'],
    ['a list that is none', { elicitations: { length: 1 } }],
    ['no list', { pages: [page] }],
  ])('%s: nobody is asked', (_name, data) => {
    const error = { code: -32_042, message: '', ...(data === undefined ? {} : { data }) };
    expect(readRequiredUrls(error)).toMatchObject({ ok: false, message: 'Its error has no list of pages.' });
  });

  it.each<readonly [string, readonly unknown[], RegExp]>([
    ['none', [], /names no page/],
    ['six', many(6), /names 6 pages, and at most 5/],
    ['ten thousand', many(10_000), /names 10,000 pages, and at most 5/],
    ['two with the same id', [page, page], /same elicitationId/],
    ['one that is no object', ['https://example.com/'], /Page 1 .*no URL elicitation/],
    ['a form among them', [page, { ...page, mode: 'form', elicitationId: 'b' }], /Page 2 .*no URL elicitation/],
    ['one without a mode', [{ ...page, mode: undefined }], /no URL elicitation/],
    ['one without an id', [{ ...page, elicitationId: undefined }], /`elicitationId`/],
    ['one with an empty id', [{ ...page, elicitationId: '' }], /elicitationId/],
    ['one with an id as long as a book', [{ ...page, elicitationId: 'x'.repeat(513) }], /at most 512/],
    ['one without words', [{ ...page, message: 7 }], /text `message`/],
    ['one with a book of words', [{ ...page, message: 'x'.repeat(10_001) }], /10,000 characters/],
    ['one without an address', [{ ...page, url: null }], /text `url`/],
    ['a script', [{ ...page, url: 'javascript:alert(1)' }], /starts with “javascript:”/],
    ['a file', [{ ...page, url: 'file:///etc/passwd' }], /starts with “file:”/],
    ['data', [{ ...page, url: 'data:text/html,<b>' }], /starts with “data:”/],
    ['an address that hides where it leads', [{ ...page, url: 'https://example.com/\u202Egpj.exe' }], /invisible/],
    ['an address that is none', [{ ...page, url: 'accounts' }], /not an address/],
    ['an endless address', [{ ...page, url: `https://example.com/${'x'.repeat(9_000)}` }], /characters/],
  ])('%s: nobody is asked of any, and why is said shortly', (_name, elicitations, why) => {
    const refused = read(...elicitations);
    expect(refused.ok).toBe(false);
    if (refused.ok) return;
    expect(refused.message).toMatch(why);
    expect(refused.message.length).toBeLessThan(300);
  });
});
