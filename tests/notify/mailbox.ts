import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import type { MailSettings } from '@/server/notify/mail-settings';
import type { Certificate } from './certificate';

export interface Letter {
  readonly to: readonly string[];
  readonly from: string;
  /** As it came over the wire. */
  readonly raw: string;
  readonly secure: boolean;
  readonly user: unknown;
}

export interface MailboxOptions {
  readonly certificate?: Certificate;
  /** `wire`: TLS from the first byte; else by STARTTLS, where there is a certificate. */
  readonly tls?: 'wire' | 'start';
  readonly login?: { readonly user: string; readonly password: string };
}

/** A real SMTP server that keeps what it is given. */
export class Mailbox {
  readonly letters: Letter[] = [];
  /** In place of taking a recipient. */
  refuse: { readonly code: number; readonly words: string } | null = null;

  private constructor(
    private readonly server: SMTPServer,
    private readonly options: MailboxOptions,
  ) {}

  static async open(options: MailboxOptions = {}): Promise<Mailbox> {
    let mailbox: Mailbox | null = null;
    const server = new SMTPServer({ ...serverOptions(options), ...handlers(() => mailbox, options) });
    // A client that goes away during TLS is the test's own doing.
    server.on('error', () => undefined);
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    mailbox = new Mailbox(server, options);
    return mailbox;
  }

  settings(change: Partial<MailSettings> = {}): MailSettings {
    const { certificate, tls, login } = this.options;
    return {
      host: 'localhost',
      port: (this.server.server.address() as AddressInfo).port,
      tls: certificate === undefined ? 'offered' : tls === 'wire' ? 'always' : 'start',
      auth: login ?? null,
      from: { name: 'Holdpoint', address: 'holdpoint@example.com' },
      ca: certificate?.cert ?? null,
      ...change,
    };
  }

  /** Waits until so many came; the test's own time limit ends it. */
  async until(count: number): Promise<readonly Letter[]> {
    while (this.letters.length < count) await new Promise((resolve) => setTimeout(resolve, 5));
    return this.letters;
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}

function serverOptions({ certificate, tls, login }: MailboxOptions): SMTPServerOptions {
  return {
    logger: false,
    disableReverseLookup: true,
    closeTimeout: 100,
    authOptional: login === undefined,
    secure: tls === 'wire',
    ...(certificate === undefined ? { disabledCommands: ['STARTTLS'], allowInsecureAuth: true } : certificate),
  };
}

function handlers(mailbox: () => Mailbox | null, { login }: MailboxOptions): SMTPServerOptions {
  return {
    onAuth: (auth, _session, callback) => {
      const isRight = auth.username === login?.user && auth.password === login?.password;
      callback(isRight ? null : new Error(`no: ${auth.password}`), isRight ? { user: auth.username } : undefined);
    },
    onRcptTo: (_address, _session, callback) => {
      const refuse = mailbox()?.refuse ?? null;
      callback(refuse === null ? null : Object.assign(new Error(refuse.words), { responseCode: refuse.code }));
    },
    onData: (stream, session, callback) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        mailbox()?.letters.push({
          to: rcptTo.map(({ address }) => address),
          from: mailFrom === false ? '' : mailFrom.address,
          raw: Buffer.concat(chunks).toString('utf8'),
          secure: session.secure,
          user: session.user,
        });
        callback();
      });
    },
  };
}
