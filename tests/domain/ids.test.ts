import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type IdKind, mintId, readId } from '@/lib/domain/ids';

const prefixes: { readonly [K in IdKind]: string } = {
  session: 'ses',
  connection: 'con',
  call: 'call',
  request: 'req',
  agent: 'agt',
  person: 'per',
  operation: 'op',
  choice: 'chc',
  note: 'note',
  pause: 'pse',
  ending: 'end',
};
const kinds = Object.keys(prefixes) as readonly IdKind[];
const bytes = fc.uint8Array({ minLength: 12, maxLength: 12 });

describe('ids', () => {
  it.each(kinds)('a minted %s id is read as its own kind and no other', (kind) => {
    fc.assert(
      fc.property(bytes, (random) => {
        const id = mintId(kind, () => random);
        expect(id).toMatch(new RegExp(`^${prefixes[kind]}_[0-9A-HJKMNP-TV-Z]{12}$`));
        for (const other of kinds) expect(readId(other, id)).toBe(other === kind ? id : null);
      }),
    );
  });

  it('uses every random bit it keeps: all 32 letters, each for 8 of 256 bytes', () => {
    const seen = new Map<string, number>();
    for (let byte = 0; byte < 256; byte += 1) {
      const letter = mintId('call', () => new Uint8Array(12).fill(byte)).at(-1) ?? '';
      seen.set(letter, (seen.get(letter) ?? 0) + 1);
    }
    expect(seen.size).toBe(32);
    expect(new Set(seen.values())).toEqual(new Set([8]));
  });

  it('asks for as many bytes as it needs', () => {
    const asked: number[] = [];
    mintId('session', (count) => {
      asked.push(count);
      return new Uint8Array(count);
    });
    expect(asked).toEqual([12]);
  });

  const bad: readonly unknown[] = [
    null,
    undefined,
    7,
    {},
    [],
    '',
    'req_',
    'req_short',
    'req_00000000000O',
    'req_00000000000i',
    'req_0000000000000',
    'REQ_000000000000',
    ' req_000000000000',
    'req_000000000000\n',
    'req_000000000000\u0000',
    'call_000000000000',
    'req-000000000000',
    ['req_000000000000'],
  ];
  it.each(bad.map((value) => [value]))('refuses %j as a request', (value) => {
    expect(readId('request', value)).toBeNull();
  });

  it.each(['person', 'agent'] as const)(
    'reads the sign-in library’s ids of a %s, and only plain characters',
    (kind) => {
      const prefix = prefixes[kind];
      expect(readId(kind, `${prefix}_aZ09-_x`)).toBe(`${prefix}_aZ09-_x`);
      expect(readId(kind, `${prefix}_${'a'.repeat(64)}`)).not.toBeNull();
      for (const body of ['', 'a'.repeat(65), 'a b', 'a/../b', 'a\u0000', 'a\n', "a'b", '\u00e9', 'a:b']) {
        expect(readId(kind, `${prefix}_${body}`)).toBeNull();
      }
    },
  );
});
