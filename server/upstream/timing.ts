/** The waits of this adapter. None of them runs on a tool call or on a person. */
export interface UpstreamTiming {
  /** For the whole opening of a connection. */
  readonly handshakeMs: number;
  /** For the TCP and TLS handshake of one HTTP request. */
  readonly connectMs: number;
  /** For a server to take an answer, a notification or a cancel: 2xx headers, or the pipe's write. */
  readonly takeMs: number;
  /** How long `open` waits for the standalone stream before it goes on without. */
  readonly attachMs: number;
  /** First wait before a broken stream is asked for again; doubles up to `resumeMaxMs`. */
  readonly resumeFirstMs: number;
  readonly resumeMaxMs: number;
  /**
   * Some servers never write to a stream that was resumed before the answer came. So a resumed stream that stays
   * quiet is asked for again after `repollFirstMs`, then less often, up to `repollMaxMs`; of a server seen to write to
   * resumed streams after `repollKnownMs`.
   */
  readonly repollFirstMs: number;
  readonly repollMaxMs: number;
  readonly repollKnownMs: number;
  /** A server that refuses for this long to resume a call's stream has lost it. */
  readonly refusedMs: number;
  /** One that says the stream is still open elsewhere: its own network gives a dead path up after about 15 minutes. */
  readonly conflictMs: number;
  /** A server that cannot be reached for this long is lost. */
  readonly unreachableMs: number;
  /** How long a stream may stay open after its outcome, and a cancelled call's outcome may still come. */
  readonly lingerMs: number;
}

export const defaultTiming: UpstreamTiming = {
  handshakeMs: 30_000,
  connectMs: 10_000,
  takeMs: 30_000,
  attachMs: 1_500,
  resumeFirstMs: 200,
  resumeMaxMs: 1_500,
  repollFirstMs: 1_500,
  repollMaxMs: 30_000,
  repollKnownMs: 600_000,
  refusedMs: 60_000,
  conflictMs: 1_200_000,
  unreachableMs: 300_000,
  lingerMs: 2_000,
};
