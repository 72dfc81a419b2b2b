import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { mayReadFigures } from '@/server/web/figures-door';

function from(remoteAddress: string, headers: Record<string, string> = {}): IncomingMessage {
  return { headers, socket: { remoteAddress } } as unknown as IncomingMessage;
}

const token = 'abcdefghijklmnop';

describe('who may read the figures', () => {
  it.each(['127.0.0.1', '::1', '::ffff:127.0.0.1'])('without a token a program of this machine, at %s', (address) => {
    expect(mayReadFigures(from(address), null)).toBe(true);
  });

  it.each(['10.0.0.7', '::ffff:10.0.0.7', '2001:db8::1', '127.0.0.1.evil', ''])(
    'nobody else, such as %j',
    (address) => {
      expect(mayReadFigures(from(address), null)).toBe(false);
    },
  );

  it.each(['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'])(
    'nobody through a proxy of this machine: %s',
    (name) => {
      expect(mayReadFigures(from('127.0.0.1', { [name]: '10.0.0.7' }), null)).toBe(false);
    },
  );

  it('with a token whoever has it, from anywhere, and nobody without', () => {
    expect(mayReadFigures(from('10.0.0.7', { authorization: `Bearer ${token}` }), token)).toBe(true);
    expect(mayReadFigures(from('10.0.0.7', { authorization: `Bearer ${token}x` }), token)).toBe(false);
    expect(mayReadFigures(from('127.0.0.1', { authorization: token }), token)).toBe(false);
    expect(mayReadFigures(from('127.0.0.1'), token)).toBe(false);
  });
});
