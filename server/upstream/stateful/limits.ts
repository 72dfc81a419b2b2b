/** Bounds on what a server can make us hold. Sizes are in characters of text, near enough to bytes. */
export const limits = {
  /** One JSON-RPC message, in either direction of a stream or a pipe. */
  messageSize: 32 * 1024 * 1024,
  messageDepth: 256,
  /** Requests of the server that wait for an answer, per connection. */
  serverRequests: 1_000,
  /** Body of a refusal, as read. */
  refusalBody: 64 * 1024,
  /** Words of a server inside a message of ours. */
  words: 300,
  eventId: 4_096,
  /** Events remembered to recognise a replay. */
  seenEvents: 5_000,
  stderrLines: 100,
  stderrLine: 2_000,
} as const;

export const messageTooLarge = `The server sent a message larger than ${limits.messageSize / 1024 / 1024} MB, which is refused.`;

/** A server's words, short enough to stand in a message of ours, on one line. */
export function shortened(words: string, most: number = limits.words): string {
  const line = words.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim();
  return line.length > most ? `${line.slice(0, most)}…` : line;
}
