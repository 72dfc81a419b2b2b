import { Webhook } from 'standardwebhooks';
import { type Message, type MessageLook, webhookOf } from '../content/messages';
import type { HttpPoster } from './http-post';
import type { SendOutcome } from './outcome';

export interface WebhookTarget {
  readonly url: string;
  readonly secret: string;
  readonly signal: AbortSignal;
}

/** Signed after the Standard Webhooks specification; the id stays the same over retries. */
export function sendWebhook(
  poster: HttpPoster,
  { url, secret, signal }: WebhookTarget,
  { message, look }: { readonly message: Message; readonly look: MessageLook },
): Promise<SendOutcome> {
  const body = JSON.stringify(webhookOf(message, look));
  const at = new Date(look.now);
  const headers = {
    'webhook-id': message.id,
    'webhook-timestamp': String(Math.floor(look.now / 1_000)),
    'webhook-signature': new Webhook(secret).sign(message.id, at, body),
  };
  return poster.post({ url, headers, body, signal, now: look.now });
}
