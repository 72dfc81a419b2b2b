import { createTransport, type Transporter } from 'nodemailer';
import type { MailSettings } from '../mail-settings';
import { type Message, type MessageLook, mailOf } from '../content/messages';
import { codeOf, failed, type SendOutcome } from './outcome';

const connectMs = 10_000;
const quietMs = 15_000;
/** One address and nothing else: no list, no comment, no line break. */
const oneAddress = /^[^\s@<>(),;:\\"[\]\p{C}]{1,64}@[^\s@<>(),;:\\"[\]\p{C}]{1,255}$/u;

export interface Letter {
  readonly to: string;
  readonly message: Message;
  readonly look: MessageLook;
  readonly signal: AbortSignal;
}

/** Mail by SMTP, a connection each, so that a server which hangs holds up only its own letter. */
export class Mailer {
  private readonly transport: Transporter;

  constructor(private readonly settings: MailSettings) {
    const { host, port, tls, auth } = settings;
    this.transport = createTransport({
      host,
      port,
      secure: tls === 'always',
      requireTLS: tls === 'start',
      ...(auth === null ? {} : { auth: { user: auth.user, pass: auth.password } }),
      connectionTimeout: connectMs,
      greetingTimeout: connectMs,
      socketTimeout: quietMs,
      disableFileAccess: true,
      disableUrlAccess: true,
      logger: false,
      ...(settings.ca === null ? {} : { tls: { ca: settings.ca } }),
    });
  }

  async send({ to, message, look, signal }: Letter): Promise<SendOutcome> {
    if (!oneAddress.test(to))
      return { outcome: 'refused', words: 'The address of this account cannot be used for mail.', status: null };
    const { subject, text, html } = mailOf(message, look);
    try {
      await this.transport.sendMail({
        from: this.settings.from,
        to: { name: '', address: to },
        subject,
        text,
        html,
        messageId: `<${message.id}@${this.settings.from.address.split('@').at(-1) ?? 'holdpoint'}>`,
        headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
        signal,
      });
      return { outcome: 'sent', status: null };
    } catch (error) {
      return mailFailure(error, signal);
    }
  }

  close(): void {
    this.transport.close();
  }
}

function mailFailure(error: unknown, signal: AbortSignal): SendOutcome {
  if (signal.aborted) return failed('The mail server did not answer in time.');
  const code = codeOf(error);
  const status =
    error instanceof Error && 'responseCode' in error && typeof error.responseCode === 'number'
      ? error.responseCode
      : null;
  const said = status === null ? '' : ` (${status})`;
  switch (code) {
    case 'EAUTH':
    case 'ENOAUTH':
      return failed(`The mail server did not accept the name or the password${said}.`, status);
    case 'ETLS':
      return failed('No encrypted connection to the mail server could be made.', status);
    case 'EENVELOPE':
    case 'EMESSAGE':
      if (status !== null && status >= 500)
        return { outcome: 'refused', words: `The mail server refused this message for good${said}.`, status };
      return failed(`The mail server refused this message for now${said}.`, status);
    case 'ETIMEDOUT':
      return failed('The mail server did not answer in time.', status);
    default:
      return failed(`The mail server could not be reached${code === null ? said : ` (${code})`}.`, status);
  }
}
