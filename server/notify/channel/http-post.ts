import { isIP } from 'node:net';
import { Agent, type Dispatcher, request } from 'undici';
import { RefusedAddress } from '@/server/net/address-guard';
import { type LocalAddresses, mayConnect, publicLookup } from './local-addresses';
import { codeOf, failed, type SendOutcome } from './outcome';

const connectMs = 5_000;
/** A place that answers more than this is not read on. */
const mostAnswerBytes = 16_384;
const longestRetryAfterMs = 24 * 3_600_000;

export interface Post {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly signal: AbortSignal;
  /** To read a date in Retry-After. */
  readonly now: number;
}

/** Posts to places that admins named: only public addresses, no redirects, nothing of the answer kept. */
export class HttpPoster {
  private readonly agent: Agent;

  constructor(private readonly local: LocalAddresses) {
    const lookup = publicLookup(local);
    this.agent = new Agent({
      connect: { timeout: connectMs, lookup },
      // Bounded by who calls: places at one host, as Slack's all are, must not wait for each other.
      connections: null,
      pipelining: 1,
      keepAliveTimeout: 5_000,
      maxResponseSize: mostAnswerBytes,
    });
  }

  async post(post: Post): Promise<SendOutcome> {
    const host = new URL(post.url).hostname.replace(/^\[|\]$/g, '');
    // A literal address is not looked up.
    if (isIP(host) !== 0 && !mayConnect(host, this.local)) return refusedAddress;
    let answer: Dispatcher.ResponseData;
    try {
      answer = await request(post.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'user-agent': 'Holdpoint', ...post.headers },
        body: post.body,
        signal: post.signal,
        dispatcher: this.agent,
      });
    } catch (error) {
      return failureOf(error, post.signal);
    }
    // The status is the answer; a body that breaks off changes nothing.
    await answer.body.dump({ limit: mostAnswerBytes }).catch(() => undefined);
    return outcomeOf(answer, post.now);
  }

  close(): Promise<void> {
    return this.agent.destroy();
  }
}

const refusedAddress: SendOutcome = {
  outcome: 'refused',
  words: 'Its address is not on the public internet, so nothing was posted.',
  status: null,
};

function failureOf(error: unknown, signal: AbortSignal): SendOutcome {
  if (isRefused(error)) return refusedAddress;
  if (signal.aborted) return failed('It did not answer in time.');
  const code = codeOf(error);
  return failed(`It could not be reached${code === null ? '' : ` (${code})`}.`);
}

function isRefused(error: unknown): boolean {
  if (error instanceof RefusedAddress) return true;
  if (error instanceof AggregateError && error.errors.some(isRefused)) return true;
  return error instanceof Error && error.cause !== undefined && isRefused(error.cause);
}

function outcomeOf({ statusCode: status, headers }: Dispatcher.ResponseData, now: number): SendOutcome {
  if (status >= 200 && status < 300) return { outcome: 'sent', status };
  if (status === 410) return { outcome: 'gone', words: 'It answered 410: the place is gone.', status };
  if (status >= 300 && status < 400)
    return failed(`It answered ${status}, a redirect, which is not followed. Give the final address.`, status);
  const wait = status === 429 || status === 503 ? retryAfterMs(headers['retry-after'], now) : null;
  return failed(`It answered ${status}.`, status, wait);
}

export function retryAfterMs(header: string | readonly string[] | undefined, now: number): number | null {
  const text = typeof header === 'string' ? header.trim() : header?.[0]?.trim();
  if (text === undefined || text === '') return null;
  const dateAt = /^[A-Z][a-z]{2}, \d{2} /.test(text) ? Date.parse(text) : Number.NaN;
  const waitMs = /^\d{1,9}$/.test(text) ? Number(text) * 1_000 : dateAt - now;
  return Number.isFinite(waitMs) && waitMs > 0 ? Math.min(waitMs, longestRetryAfterMs) : null;
}
