import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ConnectionId, SessionId } from '@/lib/domain/ids';
import type { Json } from '@/lib/domain/json';
import type { RawMessage } from '@/lib/domain/raw';
import { curlOf, curlRefusal } from '@/lib/domain/raw-view/curl';
import { Pairer } from '@/lib/domain/raw-view/pairing';
import { isShown, noRawFilter, type RawFilter } from '@/lib/domain/raw-view/raw-filter';
import { rawMatches } from '@/lib/domain/raw-view/raw-matches';

let seq = 0;

function raw(message: Json, more: Partial<RawMessage> = {}): RawMessage {
  seq += 1;
  return {
    sessionId: 'ses_1' as SessionId,
    seq,
    at: 1_000 + seq * 10,
    side: 'server',
    direction: 'out',
    server: 'bank',
    connectionId: 'con_1' as ConnectionId,
    stream: 'post',
    message,
    ...more,
  };
}

const call = (id: string | number): Json => ({ jsonrpc: '2.0', id, method: 'tools/call', params: { name: 'x' } });
const result = (id: string | number, body: Json = {}): Json => ({ jsonrpc: '2.0', id, result: body });

describe('pairing', () => {
  it('links a request with its answer, both ways, and says how long it took', () => {
    const [asked, other, answer] = [raw(call(1)), raw(call(2)), raw(result(1), { direction: 'in' })];
    const pairer = new Pairer();
    pairer.add([asked, other, answer]);
    expect(pairer.pairs.get(asked.seq)).toEqual({ seq: answer.seq, tookMs: 20, method: 'tools/call' });
    expect(pairer.pairs.get(answer.seq)).toEqual({ seq: asked.seq, tookMs: 20, method: 'tools/call' });
    expect([...pairer.unpaired]).toEqual([other.seq]);
  });

  it.each([
    ['another type of id', raw(result('1'), { direction: 'in' })],
    ['the same direction', raw(result(1))],
    ['another connection', raw(result(1), { direction: 'in', connectionId: 'con_2' as ConnectionId })],
    ['the other side', raw(result(1), { direction: 'in', side: 'agent', connectionId: null })],
  ])('does not link with %s', (_name, answer) => {
    const pairer = new Pairer();
    pairer.add([raw(call(1)), answer]);
    expect(pairer.pairs.size).toBe(0);
    expect(pairer.unpaired.size).toBe(2);
  });

  it('takes an id that is used again for a new request, and an answer that is sent twice for the same', () => {
    const pairer = new Pairer();
    const first = raw(call(1));
    const answers = [raw(result(1), { direction: 'in' }), raw(result(1), { direction: 'in' })];
    const second = raw(call(1));
    const last = raw(result(1), { direction: 'in' });
    pairer.add([first, ...answers, second, last]);
    expect(pairer.pairs.get(first.seq)?.seq).toBe(answers[0]?.seq);
    expect(pairer.pairs.get(answers[1]?.seq ?? 0)?.seq).toBe(first.seq);
    expect(pairer.pairs.get(second.seq)?.seq).toBe(last.seq);
  });

  it('sees into a batch', () => {
    const pairer = new Pairer();
    const batch = raw([call(1), call(2)]);
    pairer.add([batch, raw([result(2), result(1)], { direction: 'in' })]);
    expect(pairer.unpaired.size).toBe(0);
  });
});

describe('the filter', () => {
  const pairer = new Pairer();
  const messages = [
    raw(call(7)),
    raw(result(7, { isError: true, content: [] }), { direction: 'in' }),
    raw({ jsonrpc: '2.0', method: 'notifications/progress', params: {} }, { direction: 'in' }),
    raw(call(8), { server: 'files' }),
    raw({ jsonrpc: '2.0', id: 9, error: { code: -1, message: 'no' } }, { side: 'agent', server: null }),
  ];
  pairer.add(messages);
  const places = (part: Partial<typeof noRawFilter>): readonly number[] =>
    messages.flatMap((message, at) => (isShown(message, { ...noRawFilter, ...part }, pairer) ? [at] : []));

  it.each([
    [{}, [0, 1, 2, 3, 4]],
    [{ side: 'agent' }, [4]],
    [{ direction: 'in' }, [1, 2]],
    [{ server: 'files' }, [3]],
    [{ method: 'tools/call' }, [0, 1, 3]],
    [{ only: 'errors' }, [1, 4]],
    [{ only: 'unpaired' }, [3, 4]],
    [{ text: 'PROGRESS' }, [2]],
    [{ text: 'nowhere' }, []],
    [{ only: 'errors', side: 'server' }, [1]],
  ] as const)('%j', (part, expected) => {
    expect(places(part)).toEqual(expected);
  });
});

describe('messages that match, while more come in', () => {
  const one = fc.record({
    id: fc.nat(4),
    is: fc.constantFrom('call', 'result', 'error', 'note'),
    way: fc.constantFrom('in', 'out'),
    side: fc.constantFrom('agent', 'server'),
  });
  const filters: readonly RawFilter[] = [
    noRawFilter,
    { ...noRawFilter, only: 'errors' },
    { ...noRawFilter, only: 'unpaired' },
    { ...noRawFilter, only: 'unpaired', side: 'agent' },
    { ...noRawFilter, method: 'tools/call' },
    { ...noRawFilter, text: '"id":3' },
    { ...noRawFilter, side: 'server', direction: 'in' },
  ];

  it('I12 are those that match of all, newest first, however they came', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(one, { maxLength: 6 }), { maxLength: 8 }),
        fc.constantFrom(...filters),
        (pages, filter) => {
          const pairer = new Pairer();
          let messages: readonly RawMessage[] = [];
          for (const page of pages) {
            const fresh = page.map(({ id, is, way, side }) => {
              const failed: Json = { jsonrpc: '2.0', id, error: { code: 1, message: 'no' } };
              const note: Json = { jsonrpc: '2.0', method: 'notifications/progress' };
              const message = is === 'call' ? call(id) : is === 'result' ? result(id) : is === 'error' ? failed : note;
              return raw(message, { direction: way, side });
            });
            pairer.add(fresh);
            messages = [...messages, ...fresh];
            const found = rawMatches(messages, filter, pairer);
            const wanted = messages.filter((message) => isShown(message, filter, pairer)).reverse();
            expect(Array.from({ length: found.length }, (_, at) => found.at(at))).toEqual(wanted);
            expect(wanted.map(({ seq: each }) => found.placeOf(each))).toEqual(wanted.map((_, at) => at));
            const others = messages.filter((message) => !wanted.includes(message));
            expect(others.every((message) => found.placeOf(message.seq) === -1)).toBe(true);
          }
        },
      ),
    );
  });

  it('of many only the new ones are looked at, and what was handed out stays as it was', () => {
    const pairer = new Pairer();
    const first = Array.from({ length: 2_000 }, (_, id) => raw(call(id)));
    pairer.add(first);
    const filter: RawFilter = { ...noRawFilter, text: 'tools/call' };
    const before = rawMatches(first, filter, pairer);
    let looked = 0;
    const fresh = Array.from({ length: 20 }, (_, id) => raw(call(5_000 + id)));
    const counting = [...first, ...fresh].map((message, at) =>
      at === 0
        ? message
        : {
            ...message,
            get message() {
              looked += 1;
              return message.message;
            },
          },
    );
    const after = rawMatches(counting, filter, pairer);
    expect([before.length, after.length, looked]).toEqual([2_000, 2_020, 20]);
    expect(before.at(0)).toBe(first.at(-1));
    expect(before.at(-1)).toBeUndefined();
  });
});

describe('copied as curl', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'holdpoint-curl-'));
    // Writes down what it was given, as it was given.
    writeFileSync(
      path.join(folder, 'curl'),
      '#!/bin/sh\n: > "$OUT"\nfor one in "$@"; do printf "%s\\0" "$one" >> "$OUT"; done\n[ -t 0 ] || cat > "$OUT.in"\n',
      { mode: 0o755 },
    );
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function run(shell: string, command: string): { readonly args: readonly string[]; readonly input: string } {
    const out = path.join(folder, 'out');
    const env = {
      NODE_ENV: 'test' as const,
      PATH: `${folder}:${process.env['PATH'] ?? ''}`,
      OUT: out,
      TOKEN: 'the token',
      SERVER_URL: 'http://x/mcp',
      MCP_SESSION_ID: 'the session',
    };
    const script = path.join(folder, 'script');
    writeFileSync(script, command);
    execFileSync(shell, [script], { env, cwd: folder, input: '' });
    return {
      args: readFileSync(out, 'utf8').split('\0').slice(0, -1),
      input: readFileSync(`${out}.in`, 'utf8'),
    };
  }

  const hostile: readonly string[] = [
    `'; touch pwned; echo '`,
    '$(touch pwned)',
    '`touch pwned`',
    "\\'; touch pwned #",
    `"; touch pwned; "`,
    '!! !1 !touch',
    '$TOKEN ${TOKEN} $MCP_SESSION_ID',
    'line\nbreak\r\n\ttab',
    'END_OF_MESSAGE\ntouch pwned',
    '\u001b[31m\u009b31m\u0007\u007f\u202e\u2028\ud800',
    'é 漢字 👩‍👩‍👧',
    '\\u0027 \\\\ \\n \\',
    '@/etc/passwd',
    '%s %n \0',
  ];

  it.each(['sh', 'bash'])('a message is data to %s, whatever it says', (shell) => {
    for (const text of hostile) {
      const message = { jsonrpc: '2.0', id: text, method: 'tools/call', params: { [text]: [text] } };
      const { args } = run(shell, curlOf(raw(message)));
      const data = args[args.indexOf('--data-binary') + 1] ?? '';
      expect(JSON.parse(data)).toEqual(message);
    }
    expect(readdirSync(folder)).not.toContain('pwned');
  });

  it('a message is data to a shell, for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const message = { jsonrpc: '2.0', id: 1, method: text };
        const { args } = run('sh', curlOf(raw(message)));
        expect(JSON.parse(args[args.indexOf('--data-binary') + 1] ?? '')).toEqual(message);
      }),
      { numRuns: 30 },
    );
    expect(readdirSync(folder)).not.toContain('pwned');
  });

  it('one that is too long for an argument goes through the input', () => {
    const message = {
      jsonrpc: '2.0',
      id: 1,
      method: 'x',
      params: { text: `${"'".repeat(200_000)}\nEND_OF_MESSAGE\n` },
    };
    const { args, input } = run('sh', curlOf(raw(message)));
    expect(args).toContain('@-');
    expect(JSON.parse(input)).toEqual(message);
  });

  it('holds no secret: what may open something is a variable', () => {
    const command = curlOf(raw(call(1)));
    const { args } = run('sh', command);
    expect(args).toContain('http://x/mcp');
    expect(args).toContain('Authorization: Bearer the token');
    expect(args).toContain('Mcp-Session-Id: the session');
    expect(command).toContain('$TOKEN');
    expect(command).not.toContain('con_1');
    expect(command).not.toContain('ses_1');
    expect(/[^\x20-\x7e\n]/.test(command)).toBe(false);
  });

  it.each([
    ['what a server sent', raw(result(1), { direction: 'in' }), 'http'],
    ['what was sent to an agent', raw(result(1), { side: 'agent' }), 'http'],
    ['what went to a child process', raw(call(1)), 'stdio'],
    ['what is not JSON-RPC', raw('hello'), 'http'],
    ['what is kept in part', raw(call(1), { side: 'agent', direction: 'in', isCut: true }), 'http'],
  ] as const)('%s is not copied, and that is said', (_name, message, transport) => {
    expect(curlRefusal(message, transport)).not.toBeNull();
    expect(curlRefusal(raw(call(1), { side: 'agent', direction: 'in' }), 'unknown')).toBeNull();
  });
});
