import { createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { noticeKinds } from '@/lib/domain/notice';
import { selfSigned } from './certificate';
import { ana, asPerson, baseUrl, ben, Desk, payments, someone } from './desk';
import { Mailbox, type MailboxOptions } from './mailbox';

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function mailbox(options: MailboxOptions = {}): Promise<Mailbox> {
  const opened = await Mailbox.open(options);
  ends.push(() => opened.close());
  return opened;
}

async function deskWith(options: Parameters<typeof Desk.open>[0]): Promise<Desk> {
  const desk = await Desk.open({ people: [ben], ...options });
  ends.push(() => desk.close());
  for (const person of desk.roster.people) {
    const preferences = { timeZone: 'Europe/Berlin', quiet: null, digestMinutes: null };
    const kinds = { desktop: [], email: noticeKinds };
    await desk.notify.notices.savePreferences(asPerson(person), { ...preferences, kinds });
  }
  await desk.notify.run();
  return desk;
}

/** The header lines of a letter, each whole. */
const headersOf = (raw: string): readonly string[] =>
  (raw.split('\r\n\r\n')[0] ?? '').replaceAll(/\r\n[ \t]+/g, ' ').split('\r\n');
const decoded = (raw: string): string =>
  raw
    .replaceAll('=\r\n', '')
    .replaceAll(/((?:=[0-9A-F]{2})+)/g, (bytes) => Buffer.from(bytes.replaceAll('=', ''), 'hex').toString('utf8'));

describe('a mail', () => {
  it('says what waits, in text and in HTML, and links to it', async () => {
    const box = await mailbox();
    const desk = await deskWith({ mail: box.settings() });
    const { requestId } = await desk.open({ agent: 'deploy <b>bot</b> & "co"' });
    const [letter] = await box.until(1);
    expect(letter).toMatchObject({ to: ['ben@example.com'], from: 'holdpoint@example.com' });
    const raw = letter?.raw ?? '';
    const headers = headersOf(raw);
    expect(headers).toContain('From: Holdpoint <holdpoint@example.com>');
    expect(headers).toContain('To: ben@example.com');
    expect(headers).toContain('Auto-Submitted: auto-generated');
    const [row] = await desk.quiet();
    expect(headers).toContain(`Message-ID: <${row?.id}@example.com>`);
    const text = decoded(raw);
    expect(text).toContain('Content-Type: text/plain');
    expect(text).toContain(`\r\n  ${baseUrl}/queue/${requestId}`);
    expect(text).toContain('(Europe/Berlin), in 30 min');
    expect(text).toContain('<td>deploy &lt;b&gt;bot&lt;/b&gt; &amp; &quot;co&quot;</td>');
    expect(text).not.toContain('<td>deploy <b>');
    expect(text).not.toMatch(/<(?:img|script|link|iframe|style)|src=|url\(/i);
    expect([...text.matchAll(/href="([^"]*)"/g)].map(([, url]) => url)).toEqual([`${baseUrl}/queue/${requestId}`]);
    expect(row).toMatchObject({ state: 'sent', channel: 'email', attempts: 1 });
  });

  it('takes no header from what a server, a tool, an agent or a team is called', async () => {
    const box = await mailbox();
    const desk = await deskWith({
      mail: box.settings(),
      people: [ben],
      teams: [{ ...payments, members: [ben.id] }],
    });
    const evil = 'x\r\nBcc: evil@example.net\r\n\r\n<script>alert(1)</script>';
    await desk.open({
      server: `shell${evil}`,
      tool: `run\u2028Bcc: evil@example.net\u0085\u202Etxt.exe\u0000`,
      agent: `bot${evil}`,
      team: { ...payments, name: `Pay\nReply-To: evil@example.net` },
    });
    const [letter] = await box.until(1);
    expect(letter?.to).toEqual(['ben@example.com']);
    const names = headersOf(letter?.raw ?? '').map((line) => line.split(':')[0]?.toLowerCase());
    expect(names.filter((name) => name === 'subject')).toHaveLength(1);
    for (const name of ['bcc', 'cc', 'reply-to']) expect(names).not.toContain(name);
    expect(names).not.toContain('');
    const text = decoded(letter?.raw ?? '');
    expect(text.split('Content-Type: text/html')[1]).toContain('&lt;script&gt;');
    expect(text.split('Content-Type: text/html')[1]).not.toContain('<script');
    expect(text).not.toMatch(/[\u202E\u2028\u0085\u0000]/u);
  });

  it.each(['ben@example.com, evil@example.net', 'ben@example.com\r\nBcc: x@y.z', 'Ben <ben@example.com>', 'ben'])(
    'does not go to an address such as %j',
    async (email) => {
      const box = await mailbox();
      const desk = await deskWith({ mail: box.settings(), people: [someone('ben', { email })] });
      await desk.open();
      const rows = await desk.until(([row]) => row?.state === 'failed');
      expect(rows[0]?.last_error).toBe('The address of this account cannot be used for mail.');
      expect(box.letters).toEqual([]);
    },
  );

  it('is not even planned where no mail server is configured', async () => {
    const desk = await deskWith({ mail: null });
    await desk.open();
    expect(await desk.rows()).toEqual([]);
    expect(desk.notify.notices.preferences(asPerson(ben))).toMatchObject({ ok: true, value: { email: null } });
  });
});

describe('the way to a mail server', () => {
  const login = { user: 'robot', password: 'pa55: word@/' };

  it.each(['wire', 'start'] as const)('is encrypted (%s) and signed in', async (tls) => {
    const box = await mailbox({ tls, certificate: selfSigned(), login });
    const desk = await deskWith({ mail: box.settings() });
    await desk.open();
    const [letter] = await box.until(1);
    expect(letter).toMatchObject({ secure: true, user: 'robot' });
  });

  it('is not taken when the certificate is not trusted', async () => {
    const box = await mailbox({ tls: 'wire', certificate: selfSigned(), login });
    const desk = await deskWith({ mail: box.settings({ ca: selfSigned().cert }) });
    await desk.open();
    const [row] = await desk.until(([each]) => each?.attempts === 1);
    expect(row).toMatchObject({ state: 'pending', last_error: expect.stringMatching(/encrypted|reached/) });
    expect(box.letters).toEqual([]);
  });

  it('is not taken in the clear where a password would go', async () => {
    const box = await mailbox({ login });
    const desk = await deskWith({ mail: box.settings({ tls: 'start' }) });
    await desk.open();
    await desk.until(([each]) => each?.attempts === 1);
    expect(box.letters).toEqual([]);
  });

  it('is tried again when the password is refused, which is said nowhere', async () => {
    const box = await mailbox({ tls: 'wire', certificate: selfSigned(), login });
    const desk = await deskWith({ mail: box.settings({ auth: { user: 'robot', password: 'wr0ng-password' } }) });
    await desk.open();
    const [row] = await desk.until(([each]) => each?.attempts === 1);
    expect(row).toMatchObject({
      state: 'pending',
      last_status: 535,
      last_error: 'The mail server did not accept the name or the password (535).',
    });
    expect(`${desk.lines.join()}${JSON.stringify(await desk.rows())}`).not.toContain('wr0ng');
  });

  it.each([
    [550, 'failed', 'The mail server refused this message for good (550).'],
    [451, 'pending', 'The mail server refused this message for now (451).'],
  ] as const)('that answers %i', async (code, state, words) => {
    const box = await mailbox();
    box.refuse = { code, words: 'sk-0123456789abcdefghij said by the server' };
    const desk = await deskWith({ mail: box.settings() });
    await desk.open();
    const [row] = await desk.until(([each]) => each?.attempts === 1);
    expect(row).toMatchObject({ state, last_error: words, last_status: code });
    expect(`${desk.lines.join()}${JSON.stringify(await desk.rows())}`).not.toContain('sk-0123');
    if (state === 'failed') return;
    box.refuse = null;
    desk.clock.move(15_000);
    await box.until(1);
    await desk.until(([each]) => each?.state === 'sent');
  });

  it('that nobody listens at is tried again', async () => {
    const box = await Mailbox.open();
    const settings = box.settings();
    await box.close();
    const desk = await deskWith({ mail: settings });
    await desk.open();
    const [row] = await desk.until(([each]) => each?.attempts === 1);
    expect(row).toMatchObject({ state: 'pending', last_error: expect.stringContaining('could not be reached') });
  });
});

describe('a mail server that hangs', () => {
  async function hanging(): Promise<{ readonly port: number; readonly sockets: ReadonlySet<Socket> }> {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    ends.push(async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => void server.close(() => resolve()));
    });
    return { port: (server.address() as AddressInfo).port, sockets };
  }
  const settings = (port: number) => ({
    host: '127.0.0.1',
    port,
    tls: 'offered' as const,
    auth: null,
    from: { name: '', address: 'holdpoint@example.com' },
    ca: null,
  });
  const many = Array.from({ length: 10 }, (_, index) => someone(`p${index}`));

  it('holds up no desktop, and only so many letters at once', async () => {
    const { port, sockets } = await hanging();
    const desk = await deskWith({ mail: settings(port), people: [ana, ...many] });
    await desk.notify.notices.savePreferences(asPerson(ana), {
      kinds: { desktop: noticeKinds, email: [] },
      timeZone: 'UTC',
      quiet: null,
      digestMinutes: null,
    });
    await desk.open();
    await expect.poll(() => sockets.size).toBe(4);
    await desk.open();
    await desk.until((rows) => rows.filter(({ state }) => state === 'sent').length === 2);
    expect(desk.pushed).toHaveLength(2);
    expect(sockets.size).toBe(4);
  });

  it('does not hold up a stop; its letters go at the next start', async () => {
    const { port, sockets } = await hanging();
    const desk = await deskWith({ mail: settings(port), people: many });
    await desk.open();
    await expect.poll(() => sockets.size).toBe(4);
    await desk.notify.stop();
    await expect.poll(() => sockets.size).toBe(0);
    const rows = await desk.rows();
    expect(rows.map(({ state, attempts }) => `${state} ${attempts}`)).toEqual(Array(10).fill('pending 0'));
  });

  it('counts as failed after a while', async () => {
    const { port, sockets } = await hanging();
    const desk = await deskWith({ mail: settings(port), people: [ben] });
    await desk.open();
    await expect.poll(() => sockets.size).toBe(1);
    desk.clock.move(20_000);
    const [row] = await desk.until(([each]) => each?.attempts === 1);
    expect(row).toMatchObject({ state: 'pending', last_error: 'The mail server did not answer in time.' });
  });
});
