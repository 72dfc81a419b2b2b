import { describe, expect, it } from 'vitest';
import { oneLine, readAsk } from '@/server/engine/ask';

describe('a server’s question', () => {
  it('is read by its mode', () => {
    const schema = { type: 'object', properties: {} };
    expect(readAsk('elicitation/create', { message: 'Which one?', requestedSchema: schema })).toMatchObject({
      ok: true,
      value: { kind: 'form', title: 'Which one?' },
    });
    expect(
      readAsk('elicitation/create', { mode: 'url', message: 'Sign in', url: 'https://a.example', elicitationId: 'e1' }),
    ).toMatchObject({
      ok: true,
      value: { kind: 'url', elicitationId: 'e1' },
    });
  });

  it.each([
    ['no message', 'elicitation/create', { requestedSchema: {} }],
    ['no schema', 'elicitation/create', { message: 'x' }],
    ['an unknown mode', 'elicitation/create', { message: 'x', mode: 'telepathy' }],
    ['a url without an id', 'elicitation/create', { mode: 'url', message: 'x', url: 'https://a.example' }],
    ['no messages', 'sampling/createMessage', { messages: [], maxTokens: 1 }],
    ['no limit', 'sampling/createMessage', { messages: [{ role: 'user', content: { type: 'text', text: 'x' } }] }],
  ])('is refused with words: %s', (_name, method, params) => {
    expect(readAsk(method, params)).toMatchObject({ ok: false, code: 'bad_input' });
  });

  it('of a model is titled by what its prompt ends with', () => {
    const params = {
      messages: [{ role: 'user', content: { type: 'text', text: 'Facts:\n- one\nWrite the summary.\n' } }],
      maxTokens: 10,
    };
    expect(readAsk('sampling/createMessage', params)).toMatchObject({
      ok: true,
      value: { title: 'Model reply: Write the summary.' },
    });
  });

  it('I14 has no credentials in its title', () => {
    const params = { message: 'Use Bearer abcdefgh12345678 please', requestedSchema: {} };
    expect(readAsk('elicitation/create', params)).toMatchObject({ ok: true, value: { title: 'Use [masked] please' } });
  });

  it('is one line without characters that hide or reorder text', () => {
    expect(oneLine('a\u202e\u0000b\n\nc\u200bd')).toBe('a b c d');
    expect(oneLine('x'.repeat(5_000))).toHaveLength(120);
  });
});
