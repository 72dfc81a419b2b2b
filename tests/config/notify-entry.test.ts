import { describe, expect, it } from 'vitest';
import { ConfigSource, problemText } from '@/server/config/config-source';
import { type MailEntry, readMail } from '@/server/config/notify-entry';

const variables = { PASS: 'p@ss:w/ord %41?#', HOST: 'mail.internal', LINES: 'a\r\nb', EMPTY: '' };
const from = 'Holdpoint <holdpoint@example.com>';

function read(text: string): { readonly mail: MailEntry | null; readonly problems: readonly string[] } {
  const source = new ConfigSource('mcp.json', text);
  const root = source.root();
  const fields = root === null ? null : source.record(root, { known: ['mail'], expected: 'an object' });
  const mail = readMail({ source, variables }, fields?.get('mail'));
  return { mail, problems: source.problems.map(problemText) };
}

const mailOf = (smtp: string, sender = from): MailEntry | null => {
  const { mail, problems } = read(JSON.stringify({ mail: { smtp, from: sender } }));
  expect(problems).toEqual([]);
  return mail;
};

describe('mail', () => {
  it('is none where nothing is said', () => {
    expect(read('{}')).toEqual({ mail: null, problems: [] });
  });

  it('is a server, a way in and a sender', () => {
    expect(mailOf('smtps://robot:${PASS}@mail.example.com')).toEqual({
      host: 'mail.example.com',
      port: 465,
      tls: 'always',
      auth: { user: 'robot', password: variables.PASS },
      from: { name: 'Holdpoint', address: 'holdpoint@example.com' },
      ca: null,
    });
  });

  it.each<[string, string, Partial<MailEntry>]>([
    ['a port of its own', 'smtps://mail.example.com:2465', { port: 2465, tls: 'always', auth: null }],
    ['STARTTLS where a password goes out', 'smtp://u:p@mail.example.com', { port: 587, tls: 'start' }],
    ['plain to this machine', 'smtp://u:p@127.0.0.1:1025', { port: 1025, tls: 'offered' }],
    ['plain without a password', 'smtp://relay.internal:25', { port: 25, tls: 'offered', auth: null }],
    ['IPv6', 'smtp://[::1]:25', { host: '::1' }],
    ['a host from a variable', 'smtps://${HOST}', { host: 'mail.internal' }],
    ['an encoded name', 'smtps://me%40example.com:p%3Aq@h', { auth: { user: 'me@example.com', password: 'p:q' } }],
    ['a default', 'smtps://u:${NOTHING:-secret}@h', { auth: { user: 'u', password: 'secret' } }],
  ])('can have %s', (_name, smtp, expected) => {
    expect(mailOf(smtp)).toMatchObject(expected);
  });

  it.each([
    ['holdpoint@example.com', '', 'holdpoint@example.com'],
    ['"Hold, point" <h@example.com>', 'Hold, point', 'h@example.com'],
    [' Ops  <h@example.com> ', 'Ops', 'h@example.com'],
  ])('can be from %s', (sender, name, address) => {
    expect(mailOf('smtps://h', sender)?.from).toEqual({ name, address });
  });
});

describe('is refused, with its place and without its value', () => {
  const withSmtp = (smtp: string): string => JSON.stringify({ mail: { smtp, from } });
  const withFrom = (sender: string): string => JSON.stringify({ mail: { smtp: 'smtps://h', from: sender } });
  it.each<[string, string, string]>([
    ['a text', '{"mail": "smtps://h"}', 'mcp.json:1:10: mail: expected an object with smtp, from, found text.'],
    ['no server', `{"mail": {"from": "${from}"}}`, 'mcp.json:1:10: mail: expected "smtp", an address such as'],
    ['no sender', '{"mail": {"smtp": "smtps://h"}}', 'mcp.json:1:10: mail: expected "from", a sender such as'],
    [
      'a mistyped key',
      `{"mail": {"smpt": 1}}`,
      'mcp.json:1:11: mail.smpt: this key is not known. Did you mean "smtp"?',
    ],
    ['a number', '{"mail": {"smtp": 25}}', 'mcp.json:1:19: mail.smtp: expected an address such as'],
    ['another kind of address', withSmtp('https://h'), 'mail.smtp: expected an address that begins with smtps://'],
    ['no address', withSmtp('mail.example.com'), 'mail.smtp: expected an address such as'],
    ['a path', withSmtp('smtps://h/inbox'), 'mail.smtp: expected a host and a port alone'],
    ['options', withSmtp('smtps://h?tls.rejectUnauthorized=false'), 'mail.smtp: expected a host and a port alone'],
    ['a name alone', withSmtp('smtps://user@h'), 'mail.smtp: expected both a name and a password'],
    ['a password of two lines', withSmtp('smtps://u:${LINES}@h'), 'mail.smtp: expected both a name and a password'],
    ['a password that is not encoded', withSmtp('smtps://u:100%@h'), 'mail.smtp: the name or the password before'],
    [
      'a variable that is not set',
      withSmtp('smtps://u:${NOPE}@h'),
      'mail.smtp: the environment variable NOPE is not set',
    ],
    ['a sender without an address', withFrom('Holdpoint'), 'mail.from: expected a sender such as'],
    ['two senders', withFrom('a@example.com, b@example.com'), 'mail.from: expected a sender such as'],
    ['a sender with a header of its own', withFrom('H\r\nBcc: x@example.com <h@example.com>'), 'mail.from: expected a'],
  ])('%s', (_name, text, expected) => {
    const { mail, problems } = read(text);
    expect(mail).toBeNull();
    expect(problems.join('\n')).toContain(expected);
    expect(problems.join('\n')).not.toContain(variables.PASS);
  });

  it('never says a password', () => {
    const { problems } = read(withSmtp('ftp://u:hunter2@h'));
    expect(problems).toHaveLength(1);
    expect(problems.join()).not.toContain('hunter2');
  });
});
