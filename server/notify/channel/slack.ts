import { type Message, type MessageLook, slackOf } from '../content/messages';
import type { HttpPoster } from './http-post';
import type { SendOutcome } from './outcome';

/** Slack says so of a webhook that was revoked, or whose channel was archived or deleted. */
const goneStatuses = [403, 404, 410];

export async function sendSlack(
  poster: HttpPoster,
  { url, signal }: { readonly url: string; readonly signal: AbortSignal },
  { message, look }: { readonly message: Message; readonly look: MessageLook },
): Promise<SendOutcome> {
  const body = JSON.stringify(slackOf(message, look));
  const outcome = await poster.post({ url, headers: {}, body, signal, now: look.now });
  const { status } = outcome;
  if (status === null || !goneStatuses.includes(status)) return outcome;
  return { outcome: 'gone', words: `It answered ${status}: this incoming webhook is no longer there.`, status };
}
