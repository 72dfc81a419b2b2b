import { Writable } from 'node:stream';
import pino from 'pino';
import { describe, expect, it } from 'vitest';
import { errorFacts } from '@/server/telemetry/error-facts';

function logged(fields: object): string {
  const lines: string[] = [];
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString('utf8'));
      done();
    },
  });
  pino({ serializers: { err: errorFacts, error: errorFacts } }, sink).error(fields, 'it failed');
  return lines.join('');
}

describe('an error in the log', () => {
  it('says what happened and where, under either name', () => {
    for (const name of ['err', 'error']) {
      const line = logged({ [name]: Object.assign(new Error('no such thing'), { code: 'ENOENT' }) });
      expect(line).toContain('no such thing');
      expect(line).toContain('ENOENT');
      expect(line).toContain('error-facts.test.ts');
    }
  });

  it('I14 leaves out what drivers hang on it, and masks credentials in its words', () => {
    const error = Object.assign(new Error('refused: Bearer abcdefghijklmnop'), {
      detail: 'Failing row contains (hunter2)',
      parameters: ['hunter2'],
      request: { headers: { authorization: 'Bearer qrstuvwxyzabcdef' } },
      cause: Object.assign(new Error('below'), { where: 'hunter2' }),
    });
    const line = logged({ error });
    expect(line).toContain('below');
    expect(line).not.toMatch(/hunter2|abcdefghijklmnop|qrstuvwxyz/);
  });

  it('names what a gathered error gathered', () => {
    const gathered = new AggregateError([Object.assign(new Error('connect refused'), { code: 'ECONNREFUSED' })], '');
    expect(errorFacts(gathered)).toMatchObject({ cause: { code: 'ECONNREFUSED' } });
  });

  it('takes what is no error at all', () => {
    expect(errorFacts('sk-1234567890abcdefghij')).toEqual({ type: 'string', message: '[masked]' });
    expect(errorFacts({ password: 'x' })).toEqual({ type: 'object', message: '' });
  });
});
